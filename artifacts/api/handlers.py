"""Answers to errors outside any view; `registry_site/pages.py` shows them to people as pages."""

from __future__ import annotations

import sys

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from artifacts.api.exception_handler import answer_error, internal_error, note_crash, translate
from artifacts.exceptions import (
    FormRefused,
    InvalidRequest,
    NotFound,
    PermissionMissing,
    SessionEnded,
)

_MALFORMED = "The request is malformed."
_OTHER_NAME = (
    "This registry does not answer to the host name of the request. Use one of its own; an "
    "operator can add one with DJANGO_ALLOWED_HOSTS."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a request that Django itself rejects."""
    if isinstance(exception, SessionInterrupted):
        return answer_error(SessionEnded())
    is_elsewhere = isinstance(exception, DisallowedHost)
    return answer_error(InvalidRequest(_OTHER_NAME if is_elsewhere else _MALFORMED))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a forbidden request."""
    return answer_error(PermissionMissing("administrator"))


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a form that does not prove to come from the registry's own page."""
    return answer_error(FormRefused())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a path that does not exist."""
    return answer_error(NotFound("There is nothing at this path. The API is described at /docs."))


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer a request that raised an unexpected error."""
    # Django calls this while it handles the error; a lost database gets its own answer.
    error = sys.exc_info()[1]
    translated = translate(error) if isinstance(error, Exception) else None
    if translated is None:
        note_crash(error)
        translated = internal_error()
    return answer_error(translated)
