"""Refusals as pages: what happened, what it means, what to do."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.exceptions import PermissionMissing, RegistryError
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


def show_error(request: HttpRequest, error: RegistryError, status: int) -> HttpResponse:
    """Show an error of the registry.

    Args:
        status: what the table of errors gives it.
    """
    context = {
        "title": _TITLES.get(status, "That did not work"),
        "reason": error.message,
        # Whoever lacks a permission wants to know whom to ask.
        "administrators": list_administrators() if isinstance(error, PermissionMissing) else (),
        "request_id": current_request_id(),
    }
    return render(request, "web/error.html", context, status=status)
