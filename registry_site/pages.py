"""Who may see a page, and what a page says when something is refused.

Viewsets of the API check the table of routes themselves; pages are plain functions, so this checks
the table for them, and turns the registry's errors into a page with the status of the one table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from artifacts.api.exception_handler import answer_error, translate
from artifacts.api.permissions import demand
from artifacts.api.routes import LINK, OPEN, SEARCH, find_operation, is_page
from artifacts.exceptions import PermissionMissing, RegistryError

SIGN_IN = "sign-in"


class PageMiddleware:
    """Checks the permission that the table demands for a page, and shows its refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; its route is not known yet."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _given: Any
    ) -> HttpResponse | None:
        """Send strangers to the sign-in page, and tell others what they lack."""
        if not is_page(request.resolver_match):
            return None
        permission = find_operation(request).permission
        if permission in (OPEN, LINK):
            return None
        user = request.user
        if user.is_authenticated:
            try:
                demand(user, permission)
            except PermissionMissing as error:
                return show_refusal(request, error)
            return None
        if permission == SEARCH and settings.REGISTRY_PUBLIC_PAGES == "on":
            return None
        return ask_to_sign_in(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show an error of the registry as a page; all others go to Django's handler."""
        if not is_page(request.resolver_match):
            return None
        known = translate(error)
        return show_refusal(request, known) if known is not None else None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to the sign-in page, which leads back.

    What was sent with a form is lost, so the way leads back to the form's page only if that has the
    same address.
    """
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse(SIGN_IN)}?{query}")


def show_refusal(request: HttpRequest, error: RegistryError) -> HttpResponse:
    """Show a refusal as a page with its status."""
    # Imported here: a start that serves the API alone needs no pages.
    from artifacts.web.errors import show_error

    answer = answer_error(error)
    shown = show_error(request, error, answer.status_code)
    if "Retry-After" in answer:
        shown["Retry-After"] = answer["Retry-After"]
    return shown
