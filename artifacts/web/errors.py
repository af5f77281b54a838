"""Refusals as pages: what happened, what it means, what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.exceptions import (
    AuthenticationFailed,
    PermissionMissing,
    RegistryError,
    SessionEnded,
)
from artifacts.request_id import current_request_id
from artifacts.selectors.access.users import list_administrators

_TITLES: Final[dict[int, str]] = {
    400: "That did not work",
    403: "You may not do this",
    404: "There is nothing here",
    409: "Something stands in the way",
    413: "That is too much at once",
    424: "The gate refused it",
    429: "Please wait a moment",
    502: "The source did not answer as it should",
    503: "Not now",
    507: "There is no space left",
}

# They are about who asks, not about what was asked for.
_ABOUT_THE_PERSON = (AuthenticationFailed, PermissionMissing, SessionEnded)
_FORM = "show_refused_form"


def show_beside(request: HttpRequest, draw: Callable[[RegistryError], HttpResponse]) -> None:
    """Have a form show the refusals of its request, beside its fields, with what was entered.

    The status and the log stay those of every refusal.
    """
    vars(request)[_FORM] = draw


def show_error(request: HttpRequest, error: RegistryError, status: int) -> HttpResponse:
    """Show an error of the registry.

    Args:
        status: what the table of errors gives it.
    """
    draw = vars(request).get(_FORM)
    if draw is not None and not isinstance(error, _ABOUT_THE_PERSON):
        shown: HttpResponse = draw(error)
        shown.status_code = status
        return shown
    context = {
        "title": _TITLES.get(status, "That did not work"),
        "reason": error.message,
        # Whoever lacks a permission wants to know whom to ask.
        "administrators": list_administrators() if isinstance(error, PermissionMissing) else (),
        "request_id": current_request_id(),
    }
    return render(request, "web/error.html", context, status=status)
