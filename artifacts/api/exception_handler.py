"""The one table that gives each error its HTTP status, and the one form of an error's answer."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions as drf

from artifacts import exceptions as errors
from artifacts.limits import COMPONENT_RETRY_AFTER_S
from artifacts.request_id import current_request_id
from artifacts.services import activity

logger = logging.getLogger(__name__)

# Looked up along the class's ancestors: a family has its status here once.
STATUSES: dict[type[errors.RegistryError], int] = {
    errors.RegistryError: 500,
    errors.InvalidRequest: 400,
    errors.TooManyQueries: 413,
    errors.TooManyDependencies: 413,
    errors.ContentTooLarge: 413,
    errors.HeadersTooLarge: 431,
    errors.RequestTooSlow: 408,
    errors.AuthenticationFailed: 403,
    errors.CredentialsRefused: 401,
    errors.PermissionMissing: 403,
    # The contract answers 401 here, and 403 for a missing token.
    errors.ResetForbidden: 401,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.ArtifactExists: 409,
    errors.UserExists: 409,
    errors.LastAdministrator: 409,
    errors.UploadIncomplete: 409,
    errors.ContentPending: 503,
    errors.GateFailed: 424,
    errors.SourceRefused: 400,
    errors.SourceError: 502,
    errors.StorageUnavailable: 503,
    errors.StorageFull: 507,
    errors.DatabaseUnavailable: 503,
    errors.FunctionUnavailable: 503,
}


_UNAVAILABLE = 503
_AWAY = "The database does not answer. Try again later."
# PostgreSQL, "Error Codes": read_only_sql_transaction. Django has no class of its own for it.
_READ_ONLY_SQLSTATE = "25006"
_READ_ONLY = "The database takes no changes at the moment. Try again later."
# SQLite, "Result Codes", and their extended forms: somebody else writes, or keeps the file locked.
_BUSY_CODES = ("SQLITE_BUSY", "SQLITE_LOCKED")
_BUSY = "The database is busy: something else has been writing for too long. Try again later."
# What others raise, in the registry's words; the first that fits decides.
TRANSLATIONS: tuple[tuple[type[Exception], type[errors.RegistryError], str], ...] = (
    (RequestDataTooBig, errors.ContentTooLarge, "The body is too large. Send files by /uploads."),
    (SuspiciousOperation, errors.InvalidRequest, "The request is malformed."),
    (UnreadablePostError, errors.InvalidRequest, "The body broke off. Send the request again."),
    (Http404, errors.NotFound, "There is nothing at this path. The API is described at /docs."),
)  # fmt: skip


def status_of(error: errors.RegistryError) -> int:
    """Return the HTTP status of an error."""
    return next(STATUSES[each] for each in type(error).__mro__ if each in STATUSES)


def answer_error(error: errors.RegistryError) -> HttpResponse:
    """Return the answer for an error (contract/decisions: error body)."""
    status = status_of(error)
    body = {
        "error": {
            "code": error.code,
            "message": error.message,
            "request_id": current_request_id(),
        }
    }
    answer = JsonResponse(body, status=status)
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is None and status == _UNAVAILABLE:
        retry_after_s = COMPONENT_RETRY_AFTER_S
    if retry_after_s is not None:
        answer["Retry-After"] = str(math.ceil(retry_after_s))
    if isinstance(error, errors.MethodNotAllowed):
        answer["Allow"] = ", ".join(error.allowed)
    if status >= 500:  # noqa: PLR2004  (our side's faults are for operators too)
        logger.warning("request.failed", extra={"code": error.code, "reason": error.message})
    return answer


def handle_exception(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Answer any error of an API view; called by Django REST framework."""
    translated = translate(error)
    if translated is None:
        logger.error(
            "request.crashed", exc_info=error, extra={"view": str(context.get("view"))[:200]}
        )
        translated = internal_error()
    return answer_error(translated)


def translate(error: Exception) -> errors.RegistryError | None:
    """Return an error in the registry's words, None for one that nobody expected."""
    if isinstance(error, errors.RegistryError):
        return error
    if how := _how_lost(error):
        logger.error("database.failed", exc_info=error)
        activity.hold()
        return errors.DatabaseUnavailable(how)
    for theirs, ours, message in TRANSLATIONS:
        if isinstance(error, theirs):
            return ours(message)
    if isinstance(error, drf.MethodNotAllowed):
        return errors.MethodNotAllowed(str(error.detail), ())
    if isinstance(error, drf.APIException):
        return errors.InvalidRequest(str(error.detail))
    return None


def _how_lost(error: Exception) -> str:
    """Return a sentence when an error says that the database is lost, "" when it does not."""
    if isinstance(error, (OperationalError, InterfaceError)):
        name = str(getattr(error.__cause__, "sqlite_errorname", ""))
        return _BUSY if name.startswith(_BUSY_CODES) else _AWAY
    if isinstance(error, DatabaseError):
        sqlstate = getattr(error.__cause__, "sqlstate", None)
        return _READ_ONLY if sqlstate == _READ_ONLY_SQLSTATE else ""
    return ""


def internal_error() -> errors.RegistryError:
    """Return what is answered when nobody expected the error: its details are in the log only."""
    return errors.InternalError(
        "The registry made a mistake. Try again; if it stays, give its operator the request id."
    )
