"""The one way in which services write: an operation re-reads what it rests on before it writes.

A request reads its caller and its artifact, then perhaps waits ten seconds for a source; a reset or
a deletion may happen meanwhile. So each operation names the rows that it rests on, and `writing`
reads and locks them at the start of its transaction. Either they exist and stay until its end, or
the operation is refused with the reason. Django checks references only at commit; what fails then
is raised by `writing` itself, as the same errors.

On SQLite a transaction begins as the only writer, so nothing needs a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, models, transaction

from artifacts.database import modes
from artifacts.database.errors import Fault, find_fault, make_registry_error
from artifacts.database.sole_locks import lock_alone
from artifacts.exceptions import (
    ArtifactNotFound,
    AuthenticationFailed,
    PermissionMissing,
    UploadNotFound,
    UserNotFound,
)
from artifacts.models import Artifact, Upload, User, parse_upload_id
from artifacts.rules.identity import parse_id

# Permissions that an operation may need; see `RestsOn.needs`.
UPLOAD: Final = "upload"
DOWNLOAD: Final = "download"
SEARCH: Final = "search"
DECIDE: Final = "decide"
MANAGE: Final = "manage"
# Granted by being an administrator, not by a column.
ADMINISTRATOR: Final = "administrator"
Needed = Literal["upload", "download", "search", "decide", "manage", "administrator", ""]
# All writers share this lock, and a reset holds it exclusively: it locks all tables, which in the
# middle of somebody's transaction would deadlock. Any number that no other program uses on this
# database.
_GATE = 0x5245_4749_5354_5259
_KEEP = "FOR KEY SHARE"
_OWN = "FOR NO KEY UPDATE"
_USERS, _ARTIFACTS = (each._meta.db_table for each in (User, Artifact))  # noqa: SLF001  (documented)
_FIND_ARTIFACT = f"SELECT id FROM {_ARTIFACTS} WHERE id = %s"  # noqa: S608  (the model's name)


@dataclass(frozen=True)
class RestsOn:
    """The rows that an operation has read and that must still hold when it writes.

    Attributes:
        user: the caller; None for the registry itself.
        needs: the permission that the user must still have; "" for none.
        artifact_id: the artifact that must still exist; "" for none.
        changes_artifact: whether the artifact's own row is changed, so that others have to wait.
        url: what is fetched; matters if it names an upload, which must still exist.
    """

    user: User | None = None
    needs: Needed = ""
    artifact_id: str = ""
    changes_artifact: bool = False
    url: str = ""


@contextmanager
def writing(
    rests_on: RestsOn | None = None,
    *,
    explain: Callable[[], None] | None = None,
    going_on: str = "",
) -> Iterator[None]:
    """Run a block in one transaction, with the rows that it rests on locked until its end.

    Args:
        explain: called when the database finds a row changed; may raise a more precise error.
        going_on: the exception in `modes.GOES_ON` by which it may write in read-only mode.

    Raises:
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
        AuthenticationFailed: the user was deleted or deactivated.
        PermissionMissing: the user has lost the permission.
        ArtifactNotFound, UploadNotFound: it was deleted.
        ChangedMeanwhile: somebody else changed something else that matters.
    """
    modes.require_open(going_on=going_on)
    rests_on = rests_on or RestsOn()
    try:
        with transaction.atomic():
            _pass_gate()
            _hold(rests_on)
            yield
    except (Error, ObjectDoesNotExist) as error:
        if find_fault(error) in (Fault.CHANGED, Fault.GONE):
            _require(rests_on)
            if explain is not None:
                explain()
            raise make_registry_error(error) or error from error
        raise


@contextmanager
def writing_alone() -> Iterator[None]:
    """Run a block in a transaction while nobody else is in `writing`.

    Raises:
        DatabaseBusy: others keep writing.
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
    """
    modes.require_open()
    with transaction.atomic():
        lock_alone("SELECT pg_advisory_xact_lock(%s)", [_GATE])
        yield


def keep_artifacts(ids: Iterable[str]) -> set[str]:
    """Return which of these artifacts exist, and lock them until the transaction's end.

    Call it before writing a row that refers to them.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return set()
    rows = Artifact.objects.filter(id__in=wanted).order_by("id").values_list("id", flat=True)
    return {str(each) for (each, *_) in _locked(rows, _KEEP)}


def own_user(name: str, *, by: User, is_own_business: bool = False) -> User:
    """Return a user and lock the row, because it is about to be changed or deleted.

    Also locks the caller and all administrators, always in the same order: whether one of them may
    be removed depends on the others, and two who demote each other must not deadlock. So the caller
    need not be named in `RestsOn`.

    Args:
        is_own_business: whether users may do this to themselves.

    Raises:
        UserNotFound: there is no such user.
        AuthenticationFailed, PermissionMissing: the caller was deleted or demoted meanwhile.
    """
    found = User.objects.named(name)
    if found is None:
        # Callers who are gone are nobody any more, whatever they ask about themselves.
        raise AuthenticationFailed if name == by.username else UserNotFound(name)
    # A query of its own, which an index serves; with an OR the whole table would be read.
    administrators = User.objects.filter(is_admin=True).values_list("pk", flat=True)
    involved = User.objects.filter(pk__in={found.pk, by.pk, *administrators})
    locked = {user.pk: user for user in involved.select_for_update().order_by("pk")}
    asking = locked.get(by.pk)
    if asking is None or not asking.is_active:
        raise AuthenticationFailed
    if not asking.is_admin and not (is_own_business and found.pk == by.pk):
        raise PermissionMissing(ADMINISTRATOR)
    if found.pk not in locked:
        raise UserNotFound(name)
    return locked[found.pk]


def _pass_gate() -> None:
    """Take the lock that all writers share, until the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_GATE])


def _hold(rests_on: RestsOn) -> None:
    """Read and lock what an operation rests on, users before artifacts before uploads."""
    _require(rests_on, "FOR SHARE", _OWN if rests_on.changes_artifact else _KEEP, _KEEP)


def _require(
    rests_on: RestsOn, user_lock: str = "", artifact_lock: str = "", lock: str = ""
) -> None:
    """Check that what an operation rests on still exists.

    Raises:
        AuthenticationFailed, PermissionMissing, ArtifactNotFound, UploadNotFound: see `writing`.
    """
    user, artifact_id = rests_on.user, rests_on.artifact_id
    if user is not None:
        granting = rests_on.needs in (UPLOAD, DOWNLOAD, SEARCH, DECIDE, MANAGE)
        fields = f"is_admin, can_{rests_on.needs}" if granting else "is_admin"
        found = _fetch(
            f"SELECT {fields} FROM {_USERS} WHERE id = %s AND is_active",  # noqa: S608  (our own names)
            user.pk,
            user_lock,
        )
        if found is None:
            raise AuthenticationFailed
        if rests_on.needs and not any(found):
            raise PermissionMissing(rests_on.needs)
    if artifact_id and _fetch(_FIND_ARTIFACT, artifact_id, artifact_lock) is None:
        raise ArtifactNotFound(parse_id(artifact_id).type, artifact_id)
    upload_id = parse_upload_id(rests_on.url)
    if upload_id is not None:
        uploads = Upload.objects.filter(id=upload_id).values_list("id")
        if not _locked(uploads, lock):
            raise UploadNotFound(str(upload_id))


def _fetch(statement: str, key: str | int, lock: str) -> tuple[Any, ...] | None:
    """Return the row that a statement finds by its key, locked as `_locked` does; None for none.

    Each download by the Hub's clients asks for two: Django takes longer to write such a statement
    than a database to answer it.
    """
    is_locking = lock and connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {lock}" if is_locking else statement, [key])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _locked(rows: models.QuerySet[Any, Any], lock: str) -> list[tuple[Any, ...]]:
    """Return rows of one table, locked until the transaction's end.

    Raw SQL, because a queryset offers only the two strongest of PostgreSQL's four row locks: with
    those, everybody who refers to the same user or base model would wait for each other.
    """
    if not lock or connection.vendor != "postgresql":
        return [each if isinstance(each, tuple) else (each,) for each in rows]
    sql, given = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {lock}", given)
        return list(cursor.fetchall())
