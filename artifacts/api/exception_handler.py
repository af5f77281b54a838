"""The one table that gives each error its HTTP status, and the one form of an error's answer."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse, JsonResponse, UnreadablePostError
from rest_framework import exceptions as drf

from artifacts import exceptions as errors
from artifacts.limits import COMPONENT_RETRY_AFTER_S
from artifacts.request_id import current_request_id
from artifacts.services import activity
from artifacts.services.database_errors import Fault, fault_of, registry_error_of

logger = logging.getLogger(__name__)

# Looked up along the class's ancestors: a family has its status here once.
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
    errors.CredentialsRefused: 401,
    errors.SignInDelayed: 429,
    errors.PasswordsBusy: 429,
    errors.PermissionMissing: 403,
    # The contract answers 401 here, and 403 for a missing token.
    errors.ResetForbidden: 401,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.ArtifactExists: 409,
    errors.UserExists: 409,
    errors.LastAdministrator: 409,
    errors.ChangedMeanwhile: 409,
    errors.UploadIncomplete: 409,
    errors.ContentPending: 503,
    errors.GateFailed: 424,
    errors.SourceRefused: 400,
    errors.SourceError: 502,
    errors.StorageUnavailable: 503,
    errors.StorageFull: 507,
    errors.DatabaseUnavailable: 503,
    errors.DatabaseFull: 507,
    errors.FunctionUnavailable: 503,
}
_UNAVAILABLE = 503
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
    fault = fault_of(error)
    if fault is not None:
        return _of_database(error, fault)
    for theirs, ours, message in TRANSLATIONS:
        if isinstance(error, theirs):
            return ours(message)
    if isinstance(error, drf.MethodNotAllowed):
        return errors.MethodNotAllowed(str(error.detail), ())
    if isinstance(error, drf.APIException):
        return errors.InvalidRequest(str(error.detail))
    return None


def _of_database(error: Exception, fault: Fault) -> errors.RegistryError | None:
    """Return an error of the database in the registry's words, None for a mistake of ours."""
    translated = registry_error_of(error)
    if translated is not None:
        # With its traceback, whatever it is: a service did not expect it.
        logger.error("database.failed", exc_info=error, extra={"fault": fault.name.lower()})
    if isinstance(translated, errors.DatabaseUnavailable):
        activity.hold()
    return translated


def internal_error() -> errors.RegistryError:
    """Return what is answered when nobody expected the error: its details are in the log only."""
    return errors.InternalError(
        "The registry made a mistake. Try again; if it stays, give its operator the request id."
    )
