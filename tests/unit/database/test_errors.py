"""Real errors of both drivers, in Django's classes, and what the registry makes of them."""

import json
import sqlite3
from collections.abc import Callable

import pytest
from django import db
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.utils import DatabaseErrorWrapper
from psycopg import errors as postgres

from artifacts.api.exception_handler import handle_exception
from artifacts.database.errors import Fault, find_fault
from artifacts.models import Artifact

POSTGRESQL = [
    (postgres.ConnectionFailure, Fault.LOST),
    (postgres.AdminShutdown, Fault.LOST),
    (postgres.CannotConnectNow, Fault.LOST),
    (postgres.InvalidPassword, Fault.LOST),
    (postgres.IdleInTransactionSessionTimeout, Fault.LOST),
    (postgres.IoError, Fault.LOST),
    (postgres.ReadOnlySqlTransaction, Fault.READ_ONLY),
    (postgres.DeadlockDetected, Fault.BUSY),
    (postgres.SerializationFailure, Fault.BUSY),
    (postgres.LockNotAvailable, Fault.BUSY),
    (postgres.QueryCanceled, Fault.BUSY),
    (postgres.TooManyConnections, Fault.BUSY),
    (postgres.OutOfMemory, Fault.BUSY),
    (postgres.DiskFull, Fault.FULL),
    (postgres.ForeignKeyViolation, Fault.CHANGED),
    (postgres.UniqueViolation, Fault.CHANGED),
    (postgres.CheckViolation, Fault.DATA),
    (postgres.NotNullViolation, Fault.OURS),
    (postgres.ProgramLimitExceeded, Fault.DATA),
    (postgres.StringDataRightTruncation, Fault.DATA),
    (postgres.NumericValueOutOfRange, Fault.DATA),
    (postgres.DatetimeFieldOverflow, Fault.DATA),
    (postgres.UntranslatableCharacter, Fault.DATA),
    (postgres.CharacterNotInRepertoire, Fault.DATA),
    (postgres.InvalidTextRepresentation, Fault.DATA),
    (postgres.UndefinedTable, Fault.OURS),
    (postgres.SyntaxError, Fault.OURS),
    (postgres.InFailedSqlTransaction, Fault.OURS),
]
ANSWERS = {
    Fault.LOST: (503, "database_unavailable"),
    Fault.READ_ONLY: (503, "database_unavailable"),
    Fault.BUSY: (503, "database_busy"),
    Fault.FULL: (507, "database_full"),
    Fault.CHANGED: (409, "changed_meanwhile"),
    Fault.GONE: (404, "not_found"),
    Fault.DATA: (400, "invalid_request"),
    Fault.OURS: (500, "internal_error"),
}


def as_django_has_it(cause: Exception) -> Exception:
    """What Django raises where a driver raised something."""

    class Wrapper:
        errors_occurred = False
        Database = sqlite3 if isinstance(cause, sqlite3.Error) else __import__("psycopg")

    try:
        with DatabaseErrorWrapper(Wrapper()):
            raise cause
    except db.Error as error:
        return error


@pytest.mark.parametrize(
    ("cls", "fault"), POSTGRESQL, ids=lambda each: getattr(each, "__name__", "")
)
def test_error_of_postgresql_when_judged_then_by_its_code(cls, fault):
    error = as_django_has_it(cls("a secret"))
    assert find_fault(error) == fault
    answer = handle_exception(error, {"view": None})
    body = json.loads(answer.content)["error"]
    assert (answer.status_code, body["code"]) == ANSWERS[fault]
    assert "secret" not in body["message"]


def _locked(one: sqlite3.Connection, other: sqlite3.Connection) -> None:
    one.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")


def _full(one: sqlite3.Connection, _other: sqlite3.Connection) -> None:
    one.execute("PRAGMA max_page_count = 1")
    one.execute("INSERT INTO parent VALUES (2, ?)", ["x" * 100_000])


def _read_only(one: sqlite3.Connection, _other: sqlite3.Connection) -> None:
    one.execute("PRAGMA query_only = ON")
    one.execute("INSERT INTO parent VALUES (2, 'x')")


def _orphan(one: sqlite3.Connection, _other: sqlite3.Connection) -> None:
    one.execute("BEGIN")
    one.execute("INSERT INTO child VALUES (7)")
    one.execute("COMMIT")


def _doing(sql: str) -> Callable[..., None]:
    return lambda one, _other: one.execute(sql)


SQLITE = [
    pytest.param(_locked, Fault.BUSY, id="locked"),
    pytest.param(_full, Fault.FULL, id="full"),
    pytest.param(_read_only, Fault.READ_ONLY, id="read-only"),
    pytest.param(_orphan, Fault.CHANGED, id="foreign key at commit"),
    pytest.param(_doing("INSERT INTO parent VALUES (1, 'y')"), Fault.CHANGED, id="primary key"),
    pytest.param(_doing("INSERT INTO parent VALUES (2, 'x')"), Fault.CHANGED, id="unique"),
    pytest.param(_doing("INSERT INTO parent VALUES (2, NULL)"), Fault.OURS, id="not null"),
    pytest.param(_doing("INSERT INTO parent VALUES (-2, 'y')"), Fault.DATA, id="check"),
    pytest.param(_doing("SELECT * FROM nothing"), Fault.OURS, id="no such table"),
    pytest.param(_doing("SELECT zeroblob(2000000000)"), Fault.DATA, id="too big"),
]


@pytest.mark.parametrize(("do", "fault"), SQLITE)
def test_error_of_sqlite_when_judged_then_by_its_number(tmp_path, do, fault):
    one, other = (
        sqlite3.connect(tmp_path / "db", isolation_level=None, timeout=0) for _ in range(2)
    )
    one.execute("PRAGMA foreign_keys = ON")
    one.execute(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY CHECK (id > 0), name TEXT UNIQUE NOT NULL)"
    )
    one.execute(
        "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    one.execute("INSERT INTO parent VALUES (1, 'x')")
    try:
        with pytest.raises(sqlite3.Error) as caught:
            do(one, other)
    finally:
        one.close()
        other.close()
    assert find_fault(as_django_has_it(caught.value)) == fault


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        pytest.param(OperationalError("connection refused"), Fault.LOST, id="no server"),
        pytest.param(
            DatabaseError("Save with update_fields did not affect any rows."),
            Fault.CHANGED,
            id="a row that went",
        ),
        pytest.param(IntegrityError("who knows"), Fault.OURS, id="without a cause"),
        pytest.param(Artifact.DoesNotExist("x"), Fault.GONE, id="no row"),
        pytest.param(OverflowError("int too large"), Fault.DATA, id="huge number"),
        pytest.param(
            UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), Fault.DATA, id="surrogate"
        ),
        pytest.param(ValueError("x"), None, id="something else"),
    ],
)
def test_error_without_a_number_when_judged_then_by_its_kind(error, fault):
    assert find_fault(error) == fault
