"""Which methods each route has. What is not there is 405 before anybody looks who calls.

A session, a token or the lack of one must not change that answer: the staff site would send to its
sign-in page, and Django's check of forms would speak of CSRF, where there is nothing to be had.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from artifacts.api.handlers import not_allowed
from artifacts.exceptions import MethodNotAllowed

_READ = ("GET",)
_FORM = ("GET", "POST")
# Routes outside of the JSON API, by name.
_PAGES: dict[str, tuple[str, ...]] = {
    "home": _READ,
    "docs": _READ,
    "content": _READ,
    "upload-content": ("PUT",),
    "upload-part-content": ("PUT",),
}
# Staff pages that are no forms, by the end of their name; Django's last pattern has none.
_STAFF_READ = (
    "index", "app_list", "history", "download", "jsi18n", "autocomplete", "view_on_site",
    "password_change", "password_change_done", "",
)  # fmt: skip
_STAFF_WRITE = ("logout", "token")


def methods_of(request: HttpRequest) -> tuple[str, ...]:
    """Return the methods of the route that a request fits, without HEAD and OPTIONS."""
    match = request.resolver_match
    name = str(match.url_name or "") if match else ""
    if match is None or (name in _PAGES and not match.namespaces):
        return _PAGES.get(name, _READ)
    if not match.namespaces and name:
        # With the table comes the REST framework, which pages can do without.
        from artifacts.api.permissions import RULES

        return tuple(RULES[name])
    # Names of staff pages that belong to a model begin with its name, without underscores.
    page = name.split("_", 2)[-1] if name.startswith("artifacts_") else name
    if page in _STAFF_WRITE:
        return ("POST",)
    return _READ if page in _STAFF_READ else _FORM


def allowed(methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return methods with those that go with them."""
    return (*methods, *(("HEAD",) if "GET" in methods else ()), "OPTIONS")


class MethodMiddleware:
    """Refuses methods that a route does not have, and answers OPTIONS with those that it has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request pass; what it asks for is known once its route is."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _given: Any
    ) -> HttpResponse | None:
        """Look at the method before any other middleware looks at the request."""
        found = allowed(methods_of(request))
        method = request.method or ""
        if method not in found:
            return not_allowed(request, MethodNotAllowed(method[:20], found))
        if method == "OPTIONS":
            return HttpResponse(headers={"Allow": ", ".join(found)}, content_type="text/plain")
        return None
