"""Which requests each mode accepts, before the caller is authenticated or any work is done.

Read-only mode refuses every method that sounds like a change, unless the table of routes says that
it continues, so that a new route that writes cannot be forgotten. The services refuse what a GET
would write (`database/modes.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from artifacts.api.exception_handler import answer_error
from artifacts.enums import RegistryMode
from artifacts.exceptions import RegistryClosed, RegistryReadOnly
from artifacts.limits import MODE_RETRY_AFTER_S
from artifacts.routes import ROUTES

_SAFE = ("GET", "HEAD", "OPTIONS")
# Forms of the staff site that continue in read-only mode.
_STAFF_GOING_ON = (("admin:login", "POST"), ("admin:logout", "POST"))
# What sounds like a change but is none, or continues because reading needs it: name and method.
GOING_ON = frozenset(
    (route.name, method)
    for route in ROUTES
    for method, operation in route.methods.items()
    if operation.goes_on
).union(_STAFF_GOING_ON)
# What a closed registry still answers: probes and operators have to see its state.
_ALWAYS = ("/health", "/health/components")


class ModeMiddleware:
    """Answers 503 with a sentence to requests that the mode refuses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse every path while the registry is closed."""
        if settings.REGISTRY_MODE == RegistryMode.CLOSED and request.path_info not in _ALWAYS:
            return answer_error(RegistryClosed(MODE_RETRY_AFTER_S))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _given: Any
    ) -> HttpResponse | None:
        """Refuse changes while the registry is read-only."""
        if settings.REGISTRY_MODE != RegistryMode.READ_ONLY or request.method in _SAFE:
            return None
        match = request.resolver_match
        if match is not None and (match.view_name, request.method) in GOING_ON:
            return None
        return answer_error(RegistryReadOnly(MODE_RETRY_AFTER_S))
