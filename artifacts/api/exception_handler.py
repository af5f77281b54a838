"""The only table that gives each error its HTTP status, and the only form of an error's answer."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions as drf

from artifacts import exceptions as errors
from artifacts.database import outages
from artifacts.database.errors import Fault, find_fault, make_registry_error
from artifacts.limits import COMPONENT_RETRY_AFTER_S
from artifacts.request_id import Failure, current_request_id, note_failure
from artifacts.services.upkeep import activity

# Looked up through the class's ancestors: a family of errors has one entry.
STATUSES: dict[type[errors.RegistryError], int] = {
    errors.RegistryError: 500,
    errors.InvalidRequest: 400,
    errors.AnswerTooLarge: 413,
    errors.PreconditionFailed: 412,
    errors.RangeNotSatisfiable: 416,
    errors.TooManyQueries: 413,
    errors.TooManyDependencies: 413,
    errors.ContentTooLarge: 413,
    errors.HeadersTooLarge: 431,
    errors.RequestTooSlow: 408,
    errors.AuthenticationFailed: 403,
    errors.SessionEnded: 403,
    errors.FormRefused: 403,
    errors.CredentialsRefused: 401,
    errors.SignInDelayed: 429,
    errors.PasswordsBusy: 429,
    errors.TokenRateExceeded: 429,
    errors.TooManyPulls: 429,
    errors.PermissionMissing: 403,
    errors.OwnerForeign: 403,
    # The contract demands 401 here, and 403 for a missing token.
    errors.ResetForbidden: 401,
    # The token is valid, but this registry must not be reset.
    errors.ResetOff: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.ArtifactExists: 409,
    errors.UserExists: 409,
    errors.TooManyTokens: 409,
    errors.RepositoryExists: 409,
    errors.CommitOutdated: 412,
    errors.LastAdministrator: 409,
    errors.ChangedMeanwhile: 409,
    errors.UploadIncomplete: 409,
    errors.ContentPending: 503,
    errors.GateFailed: 424,
    errors.DownloadRefused: 403,
    errors.PullRefused: 403,
    errors.MonitorRefused: 403,
    errors.MonitorUnavailable: 503,
    errors.MonitorsBusy: 503,
    errors.TooManyMonitorChanges: 409,
    errors.SourceRefused: 400,
    errors.SourceError: 502,
    errors.StorageUnavailable: 503,
    errors.StorageFull: 507,
    errors.DatabaseUnavailable: 503,
    errors.DatabaseFull: 507,
    errors.FunctionUnavailable: 503,
    errors.FunctionBusy: 503,
    errors.NotJoined: 503,
    errors.NotOpen: 503,
}
_UNAVAILABLE = 503
# Foreign exceptions and the registry's errors for them; the first match counts.
TRANSLATIONS: tuple[tuple[type[Exception], type[errors.RegistryError], str], ...] = (
    (RequestDataTooBig, errors.ContentTooLarge, "The body is too large. Send files by /uploads."),
    (SuspiciousOperation, errors.InvalidRequest, "The request is malformed."),
    (UnreadablePostError, errors.InvalidRequest, "The body broke off. Send the request again."),
    (Http404, errors.NotFound, "There is nothing at this path. The API is described at /docs."),
)  # fmt: skip


class ErrorAnswer(JsonResponse):
    """An error's answer, which keeps the error for whoever shows it otherwise."""

    def __init__(self, error: errors.RegistryError, status: int) -> None:
        """Write the one form of an error (contract/decisions: error body)."""
        self.error = error
        body = {
            "error": {
                "code": error.code,
                "message": error.message,
                "request_id": current_request_id(),
            }
        }
        super().__init__(body, status=status)


def find_status(error: errors.RegistryError) -> int:
    """Return the HTTP status of an error."""
    return find_status_of(type(error))


def find_status_of(kind: type[errors.RegistryError]) -> int:
    """Return the HTTP status of a class of errors."""
    return next(STATUSES[each] for each in kind.__mro__ if each in STATUSES)


def answer_error(error: errors.RegistryError) -> ErrorAnswer:
    """Return the answer for an error (contract/decisions: error body)."""
    status = find_status(error)
    outages.note(error)
    answer = ErrorAnswer(error, status)
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is None and status == _UNAVAILABLE:
        retry_after_s = COMPONENT_RETRY_AFTER_S
    if retry_after_s is not None:
        answer["Retry-After"] = str(math.ceil(retry_after_s))
    for name, value in headers_of(error).items():
        answer[name] = value
    if status >= 500:  # noqa: PLR2004  (our side's faults are for operators too)
        fields = {"code": error.code, "reason": error.message}
        note_failure(Failure("request.failed", logging.WARNING, fields=fields))
    return answer


def headers_of(error: errors.RegistryError) -> dict[str, str]:
    """Return the headers of an error's answer that say more than its status, but `Retry-After`.

    Clients of the Hugging Face Hub read how long to wait from `RateLimit` (huggingface_hub,
    `parse_ratelimit_headers`; IETF draft-ietf-httpapi-ratelimit-headers).
    """
    if isinstance(error, errors.MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, errors.TokenRateExceeded):
        return {
            "RateLimit": f'"api";r=0;t={error.retry_after_s}',
            "RateLimit-Policy": f'"api";q={error.calls_per_minute};w=60',
        }
    return {}


def handle_exception(error: Exception, context: dict[str, Any]) -> HttpResponse:  # noqa: ARG001  (the interface's)
    """Answer any error of an API view; Django REST framework calls it."""
    translated = translate(error)
    if translated is None:
        note_crash(error)
        translated = internal_error()
    return answer_error(translated)


def note_crash(error: BaseException | None) -> None:
    """Keep an unexpected error, with its traceback, for the request's log line."""
    note_failure(Failure("request.crashed", logging.ERROR, error))


def translate(error: Exception) -> errors.RegistryError | None:
    """Return an error as one of the registry's, None for an unexpected one."""
    if isinstance(error, errors.RegistryError):
        return error
    fault = find_fault(error)
    if fault is not None:
        return _of_database(error, fault)
    for theirs, ours, message in TRANSLATIONS:
        if isinstance(error, theirs):
            return ours(message)
    # For instance for a format that the schema does not have.
    if isinstance(error, drf.APIException):
        return errors.InvalidRequest(str(error.detail))
    return None


def _of_database(error: Exception, fault: Fault) -> errors.RegistryError | None:
    """Return an error of the database as one of the registry's, None for a mistake of ours."""
    translated = make_registry_error(error)
    if translated is not None:
        # Always with its traceback, since no service expected it.
        fields = {"fault": fault.name.lower()}
        note_failure(Failure("database.failed", logging.ERROR, error, fields))
    if isinstance(translated, errors.DatabaseUnavailable):
        activity.hold()
    return translated


def internal_error() -> errors.RegistryError:
    """Return the answer to an unexpected error, whose details only the log has."""
    return errors.InternalError(
        "The registry made a mistake. Try again; if it stays, give its operator the request id."
    )
