"""Every error class has a status, and can be shown."""

import inspect
import json
import time
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, UnreadablePostError
from psycopg.errors import ReadOnlySqlTransaction
from rest_framework import exceptions as drf

from artifacts import exceptions
from artifacts.api.exception_handler import STATUSES, answer_error, find_status, handle_exception
from artifacts.exceptions import RegistryError
from artifacts.request_id import new_request_id
from artifacts.services.upkeep import activity
from artifacts.work.leases import LeaseLost

CLASSES = [
    each
    for each in vars(exceptions).values()
    if isinstance(each, type) and issubclass(each, RegistryError)
]
# Plain mistakes of ours, which nobody but an operator can do anything about.
OURS = {
    "RegistryError", "ObjectMissing", "RecordBroken", "InternalError",
    "SourceRegisteredAgain",
    # The contract answers 500 for what could not be computed.
    "RatingIncomplete", "SizeUnknown",
}  # fmt: skip


def sample(cls: type[RegistryError]) -> RegistryError:
    """An error of a class, with something in each of its places."""
    parameters = [
        each
        for each in inspect.signature(cls).parameters.values()
        if each.default is inspect.Parameter.empty
    ]
    given: list[Any] = []
    named: dict[str, Any] = {}
    for each in parameters:
        value = value_for(str(each.annotation))
        if each.kind is inspect.Parameter.KEYWORD_ONLY:
            named[each.name] = value
        else:
            given.append(value)
    return cls(*given, **named)


def value_for(annotation: str) -> object:
    if "tuple" in annotation or "Sequence" in annotation:
        return ("a", "b")
    if annotation == "int":
        return 5
    if annotation == "bool":
        return True
    return {"metric": "a reason"} if "Mapping" in annotation else "text"


def test_there_are_errors_to_look_at():
    assert len(CLASSES) > 25


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_error_when_answered_then_a_code_and_a_sentence_and_a_request_id(cls):
    error = sample(cls)
    with new_request_id() as request_id:
        answer = answer_error(error)
    body = json.loads(answer.content)["error"]
    assert body == {"code": cls.code, "message": error.message, "request_id": request_id}
    assert error.message
    assert (answer.status_code == 500) == (cls.__name__ in OURS)


def test_answer_when_a_component_is_lost_then_says_when_to_ask_again():
    assert answer_error(exceptions.StorageUnavailable("x"))["Retry-After"] == "5"
    assert answer_error(exceptions.ContentPending("x", 2))["Retry-After"] == "2"
    assert "Retry-After" not in answer_error(exceptions.InvalidRequest("x"))


def read_only() -> InternalError:
    """What Django makes of a database that was demoted to a standby."""
    error = InternalError("cannot execute UPDATE in a read-only transaction")
    error.__cause__ = ReadOnlySqlTransaction("cannot execute UPDATE in a read-only transaction")
    return error


def test_lost_database_when_answered_then_statistics_do_not_wait_for_it(monkeypatch):
    monkeypatch.setattr(activity, "_held_until", 0.0)
    handle_exception(read_only(), {"view": None})
    assert activity._held_until > time.monotonic()


def test_codes_when_compared_then_each_class_has_its_own():
    codes = [cls.code for cls in CLASSES if cls.__name__ != "InvalidRequest"]
    assert len(set(codes)) == len(codes)


def test_statuses_when_looked_up_then_the_nearest_ancestor_decides():
    assert find_status(exceptions.UnknownHost("h", ("a",))) == 400
    assert find_status(exceptions.StorageFull("x")) == 507
    assert find_status(exceptions.SourceMismatch("x")) == 502
    assert find_status(LeaseLost("x")) == 500
    assert set(STATUSES) <= set(CLASSES)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("gone"), 503),
        (InterfaceError("closed"), 503),
        (read_only(), 503),
        (InternalError("current transaction is aborted"), 500),
        (RequestDataTooBig("big"), 413),
        (DisallowedHost("a secret"), 400),
        (UnreadablePostError("broken pipe"), 400),
        (Http404("no"), 404),
        (drf.ParseError("bad"), 400),
        (drf.NotAcceptable("png"), 400),
        (ValueError("a secret"), 500),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else str(each),
)
def test_other_errors_when_answered_then_in_the_same_form_and_without_details(error, status):
    answer = handle_exception(error, {"view": None})
    assert answer.status_code == status
    assert set(json.loads(answer.content)) == {"error"}
    assert "secret" not in answer.content.decode()
