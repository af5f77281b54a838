"""Errors outside of any view: JSON for programs, pages below the staff site for people."""

from __future__ import annotations

import sys

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.api.exception_handler import answer_error, internal_error, translate
from artifacts.exceptions import (
    AnswerTooLarge,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    PermissionMissing,
    RegistryError,
)

_PAGES = ("/", "/docs", "/admin")
_PAGES_BELOW = "/admin/"
_MALFORMED = "The request is malformed."
_OTHER_NAME = (
    "This registry does not answer to the host name of the request. Use one of its own; an "
    "operator can add one with DJANGO_ALLOWED_HOSTS."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself refuses."""
    reason = _OTHER_NAME if isinstance(exception, DisallowedHost) else _MALFORMED
    if _is_page(request):
        return render(request, "400.html", {"reason": reason}, status=400)
    return answer_error(InvalidRequest(reason))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a request that may not be made."""
    if _is_page(request):
        return render(request, "403.html", status=403)
    return answer_error(PermissionMissing("administrator"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a path that is not there."""
    if _is_page(request):
        return render(request, "404.html", status=404)
    return answer_error(NotFound("There is nothing at this path. The API is described at /docs."))


def not_allowed(request: HttpRequest, error: MethodNotAllowed) -> HttpResponse:
    """Answer a method that a path does not have."""
    return _shown(request, error, "405.html")


def too_large(request: HttpRequest, error: AnswerTooLarge) -> HttpResponse:
    """Answer a question whose answer no door lets through."""
    return _shown(request, error, "unable.html")


def _shown(request: HttpRequest, error: RegistryError, page: str) -> HttpResponse:
    """Return an error as JSON, or as a page where a person is looking."""
    answer = answer_error(error)
    if not _is_page(request):
        return answer
    shown = render(request, page, {"reason": error.message}, status=answer.status_code)
    for name in ("Allow", "Retry-After"):
        if name in answer:
            shown[name] = answer[name]
    return shown


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something went wrong that nobody expected."""
    # Django calls this while it handles the error; a lost database is worth its own word.
    error = sys.exc_info()[1]
    translated = translate(error) if isinstance(error, Exception) else None
    if translated is None:
        return _shown(request, internal_error(), "500.html")
    return _shown(request, translated, "unable.html")


def _is_page(request: HttpRequest) -> bool:
    """Whether a person is looking."""
    return request.path_info in _PAGES or request.path_info.startswith(_PAGES_BELOW)
