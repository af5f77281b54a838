"""Refuses methods that a route lacks: 405 before the caller is authenticated.

A session, a token or the lack of one must not change that answer: otherwise the staff site would
redirect to its sign-in page, and Django's form check would report CSRF, both misleading here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import MethodNotAllowed
from artifacts.routes import find_route

# Django provides the staff site's pages and checks their permissions. By the ends of their names:
# pages without a form (Django's last pattern has no name), and pages that only act; all others
# have forms.
_STAFF_READ = (
    "export",
    "index", "app_list", "history", "download", "jsi18n", "autocomplete", "view_on_site",
    "password_change", "password_change_done", "",
)  # fmt: skip
_STAFF_ACT = ("logout", "token", "clear", "quarantine")


def list_methods(match: ResolverMatch | None) -> tuple[str, ...]:
    """Return the methods of the route that matches a request, without HEAD and OPTIONS."""
    route = find_route(match)
    if route is not None:
        return tuple(route.methods)
    # Names of a model's staff pages begin with its name, without underscores.
    name = (match.url_name or "") if match is not None else ""
    page = name.split("_", 2)[-1] if name.startswith("artifacts_") else name
    if page in _STAFF_ACT:
        return ("POST",)
    return ("GET",) if page in _STAFF_READ else ("GET", "POST")


def allowed(methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return methods together with the implied HEAD and OPTIONS."""
    return (*methods, *(("HEAD",) if "GET" in methods else ()), "OPTIONS")


class MethodMiddleware:
    """Refuses methods that a route lacks, and answers OPTIONS with those that it has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; its route is not known yet."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _given: Any
    ) -> HttpResponse | None:
        """Check the method before any other middleware sees the view."""
        found = allowed(list_methods(request.resolver_match))
        method = request.method or ""
        if method not in found:
            return answer_error(MethodNotAllowed(method[:20], found))
        if method == "OPTIONS":
            return HttpResponse(headers={"Allow": ", ".join(found)}, content_type="text/plain")
        return None
