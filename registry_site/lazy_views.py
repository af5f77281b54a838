"""Views that are imported when they are first called.

A function on Lambda starts for one request. Importing every view, with the services and sources
behind it, for a request that needs one of them would double what the start takes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

# Django asks every view of every route for these when it first makes an address.
_ASKED_OF_ALL = ("view_class",)


class LazyView:
    """Stands in a route for the view that a dotted path names: a function or a class."""

    def __init__(self, path: str) -> None:
        """Import nothing yet."""
        self._path = path
        self.__name__ = self.__qualname__ = path.rpartition(".")[2]

    @cached_property
    def _view(self) -> Any:
        """The view itself."""
        found = import_string(self._path)
        return found.as_view() if hasattr(found, "as_view") else found

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer as the view does."""
        answer: HttpResponse = self._view(request, *args, **kwargs)
        return answer

    def __getattr__(self, name: str) -> Any:
        """Show what the view shows: that it is exempt from CSRF checks, its class, and so on."""
        if name in _ASKED_OF_ALL:
            raise AttributeError(name)
        return getattr(self._view, name)
