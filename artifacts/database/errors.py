"""Telling errors of the database itself from errors that our own data cause.

Django uses the same classes for both: a text too long for an index and an unreachable server are
both an `OperationalError`. PostgreSQL's SQLSTATE and SQLite's error number tell them apart.
"""

from __future__ import annotations

from enum import Enum, auto

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, Error, InterfaceError, OperationalError

from artifacts.exceptions import (
    ChangedMeanwhile,
    DatabaseBusy,
    DatabaseFull,
    DatabaseUnavailable,
    InvalidRequest,
    NotFound,
    RegistryError,
)


class Fault(Enum):
    """What is wrong."""

    LOST = auto()
    READ_ONLY = auto()
    BUSY = auto()
    FULL = auto()
    # A row that is referred to was deleted, or a row that was to be written exists.
    CHANGED = auto()
    # A row that was read before was deleted.
    GONE = auto()
    # A text or number that the column cannot hold.
    DATA = auto()
    # A statement that is wrong: a mistake in the code.
    OURS = auto()


# PostgreSQL, "Error Codes": whole classes, and below them the members that differ.
_CLASSES = {
    "08": Fault.LOST, "28": Fault.LOST, "3D": Fault.LOST, "57": Fault.LOST, "58": Fault.LOST,
    "XX": Fault.LOST, "40": Fault.BUSY, "53": Fault.BUSY, "22": Fault.DATA, "54": Fault.DATA,
}  # fmt: skip
_CODES = {
    "23001": Fault.CHANGED,  # restrict_violation
    "23503": Fault.CHANGED,  # foreign_key_violation
    "23505": Fault.CHANGED,  # unique_violation
    "23514": Fault.DATA,  # check_violation
    "25006": Fault.READ_ONLY,  # read_only_sql_transaction
    "25P03": Fault.LOST,  # idle_in_transaction_session_timeout
    "53100": Fault.FULL,  # disk_full
    "55006": Fault.BUSY,  # object_in_use
    "55P03": Fault.BUSY,  # lock_not_available
    "57014": Fault.BUSY,  # query_canceled, by our own limit on statements
}
# The message of `Model.save` about a deleted row; Django has no class for it.
_NOT_THERE = "did not affect any rows"

_ERRORS: dict[Fault, tuple[type[RegistryError], str]] = {
    Fault.LOST: (DatabaseUnavailable, "The database does not answer. Try again later."),
    Fault.READ_ONLY: (
        DatabaseUnavailable, "The database takes no changes at the moment. Try again later."
    ),
    Fault.BUSY: (
        DatabaseBusy, "The database is busy with what others ask of it. Try again in a moment."
    ),
    Fault.FULL: (
        DatabaseFull, "There is no room left where the database is. Its operator has to make some."
    ),
    Fault.CHANGED: (
        ChangedMeanwhile, "What this rests on was changed by somebody else meanwhile. Try again."
    ),
    Fault.GONE: (NotFound, "What this is about was removed meanwhile."),
    Fault.DATA: (
        InvalidRequest,
        "A text or number is longer, larger or of another form than the registry keeps. Change it.",
    ),
}  # fmt: skip


def find_fault(error: BaseException) -> Fault | None:
    """Return what an error means; None if it does not come from the database."""
    if isinstance(error, ObjectDoesNotExist):
        return Fault.GONE
    # Raised by the drivers, before the database sees the value.
    if isinstance(error, (OverflowError, UnicodeEncodeError)):
        return Fault.DATA
    if not isinstance(error, Error):
        return None
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    if sqlstate is not None:
        return _CODES.get(sqlstate) or _CLASSES.get(sqlstate[:2], Fault.OURS)
    number = getattr(error.__cause__, "sqlite_errorcode", None)
    if number is not None:
        return _of_sqlite(number)
    return _without_number(error)


def _of_sqlite(number: int) -> Fault:
    """Classify an error of SQLite; the last eight bits of its number tell the kind.

    Source: sqlite.org/rescode.html, "Result and Error Codes".
    """
    # Imported here: where PostgreSQL is used, each start would load SQLite for nothing.
    import sqlite3

    extended = {
        sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: Fault.CHANGED,
        sqlite3.SQLITE_CONSTRAINT_UNIQUE: Fault.CHANGED,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: Fault.CHANGED,
        sqlite3.SQLITE_CONSTRAINT_CHECK: Fault.DATA,
    }
    primary = {
        sqlite3.SQLITE_BUSY: Fault.BUSY, sqlite3.SQLITE_LOCKED: Fault.BUSY,
        sqlite3.SQLITE_FULL: Fault.FULL, sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
        sqlite3.SQLITE_TOOBIG: Fault.DATA, sqlite3.SQLITE_MISMATCH: Fault.DATA,
        sqlite3.SQLITE_ERROR: Fault.OURS, sqlite3.SQLITE_CONSTRAINT: Fault.OURS,
    }  # fmt: skip
    return extended.get(number) or primary.get(number & 0xFF, Fault.LOST)


def _without_number(error: Error) -> Fault:
    """Classify an error without a number: Django's own, or a driver's about a lost server."""
    if _NOT_THERE in str(error):
        return Fault.CHANGED
    if isinstance(error, (OperationalError, InterfaceError)):
        return Fault.LOST
    return Fault.DATA if isinstance(error, DataError) else Fault.OURS


def make_registry_error(error: BaseException) -> RegistryError | None:
    """Return the registry's error for an error; None for a mistake in our code."""
    known = _ERRORS.get(find_fault(error) or Fault.OURS)
    return known and known[0](known[1])
