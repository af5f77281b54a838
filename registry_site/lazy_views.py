"""Views that are imported when they are first called.

A function on Lambda starts for one request, which needs one view. Importing all of them, with the
services and sources behind them, would double the time of the start.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, get_resolver
from django.utils.module_loading import import_string

# Django reads these attributes of every view when it first reverses a URL.
_ASKED_OF_ALL = ("view_class",)


class LazyView:
    """Stands in a route for the function, class or viewset that a dotted path names.

    Args:
        path: the dotted path.
        actions: for a viewset, the action that answers each method.
    """

    def __init__(self, path: str, actions: dict[str, str] | None = None) -> None:
        """Keep the path; import nothing yet."""
        self._path = path
        self._actions = actions
        self.__name__ = self.__qualname__ = path.rpartition(".")[2]

    def load(self) -> None:
        """Import the view now."""
        _ = self._view

    @cached_property
    def _view(self) -> Any:
        """The imported view."""
        found = import_string(self._path)
        if not hasattr(found, "as_view"):
            return found
        return found.as_view(self._actions) if self._actions else found.as_view()

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer as the view does."""
        answer: HttpResponse = self._view(request, *args, **kwargs)
        return answer

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the view, such as its class or its exemption from CSRF checks."""
        if name in _ASKED_OF_ALL:
            raise AttributeError(name)
        return getattr(self._view, name)


def import_views() -> None:
    """Import every view of the site, so that no first request waits for it.

    It is meant for servers whose processes live long and share their memory.
    """
    waiting = list(get_resolver().url_patterns)
    while waiting:
        each = waiting.pop()
        if isinstance(each, URLResolver):
            waiting.extend(each.url_patterns)
        elif isinstance(each.callback, LazyView):
            each.callback.load()
