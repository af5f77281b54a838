"""Answers to errors outside any view: JSON for programs, pages of the staff site for people."""

from __future__ import annotations

import sys

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.api.exception_handler import answer_error, internal_error, note_crash, translate
from artifacts.exceptions import (
    AnswerTooLarge,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    NotOpen,
    PermissionMissing,
    RegistryError,
    SessionEnded,
)

_PAGES = ("/", "/docs", "/admin")
_PAGES_BELOW = "/admin/"
_MALFORMED = "The request is malformed."
_OTHER_NAME = (
    "This registry does not answer to the host name of the request. Use one of its own; an "
    "operator can add one with DJANGO_ALLOWED_HOSTS."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself rejects."""
    if isinstance(exception, SessionInterrupted):
        return _shown(request, SessionEnded(), "403.html")
    reason = _OTHER_NAME if isinstance(exception, DisallowedHost) else _MALFORMED
    if _is_page(request):
        return render(request, "400.html", {"reason": reason}, status=400)
    return answer_error(InvalidRequest(reason))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a forbidden request."""
    if _is_page(request):
        return render(request, "403.html", status=403)
    return answer_error(PermissionMissing("administrator"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a path that does not exist."""
    if _is_page(request):
        return render(request, "404.html", status=404)
    return answer_error(NotFound("There is nothing at this path. The API is described at /docs."))


def not_allowed(request: HttpRequest, error: MethodNotAllowed) -> HttpResponse:
    """Answer a method that a path lacks."""
    return _shown(request, error, "405.html")


def too_large(request: HttpRequest, error: AnswerTooLarge) -> HttpResponse:
    """Answer a request whose answer is too large to send."""
    return _shown(request, error, "unable.html")


def not_open(request: HttpRequest, error: NotOpen) -> HttpResponse:
    """Answer a request that is refused while an operator restores or moves the registry."""
    return _shown(request, error, "unable.html")


def _shown(request: HttpRequest, error: RegistryError, page: str) -> HttpResponse:
    """Return an error as JSON, or as a page for a person."""
    answer = answer_error(error)
    if not _is_page(request):
        return answer
    shown = render(request, page, {"reason": error.message}, status=answer.status_code)
    for name in ("Allow", "Retry-After"):
        if name in answer:
            shown[name] = answer[name]
    return shown


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that raised an unexpected error."""
    # Django calls this while it handles the error; a lost database gets its own answer.
    error = sys.exc_info()[1]
    translated = translate(error) if isinstance(error, Exception) else None
    if translated is None:
        note_crash(error)
        return _shown(request, internal_error(), "500.html")
    return _shown(request, translated, "unable.html")


def _is_page(request: HttpRequest) -> bool:
    """Whether the request is for a page of the staff site, so that a person reads the answer."""
    return request.path_info in _PAGES or request.path_info.startswith(_PAGES_BELOW)
