"""The one way in which services write: what an operation rests on is read where it is written.

A request reads who calls and what is asked for, then perhaps asks a source for ten seconds; a reset
or a deletion may come between. So each operation names the rows that it rests on, and `writing`
reads and locks them at the start of its transaction: they are there and stay until its end, or the
operation is refused with the reason. Django checks references when a transaction is committed, so
what is left comes out of `writing` itself, in the same words.

On SQLite a transaction begins as the only writer; nothing has to be locked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, models, transaction

from artifacts.exceptions import (
    ArtifactNotFound,
    AuthenticationFailed,
    PermissionMissing,
    UploadNotFound,
    UserNotFound,
)
from artifacts.models import Artifact, Upload, User, upload_id_of
from artifacts.services.database_errors import Fault, fault_of, registry_error_of
from artifacts.services.sole_locks import lock_alone

# Permissions that an operation may need; see `RestsOn.needs`.
UPLOAD, DOWNLOAD, SEARCH = "upload", "download", "search"
# What no column grants but being one.
ADMINISTRATOR = "administrator"
# Whoever writes holds this lock with all the others, and a reset holds it alone: it takes the locks
# of all tables, which in the middle of somebody's transaction would block both for good. Any number
# that no other program uses on this database.
_GATE = 0x5245_4749_5354_5259
_KEEP = "FOR KEY SHARE"
_OWN = "FOR NO KEY UPDATE"


@dataclass(frozen=True)
class RestsOn:
    """The rows that an operation read before it writes.

    Attributes:
        user: who asks; None for the registry itself.
        needs: the permission that the user still has to have; "" for none.
        artifact_id: the artifact that it is about; "" for none.
        changes_artifact: whether the artifact's own row is changed, so that others have to wait.
        url: what is fetched; counts where it names an upload.
    """

    user: User | None = None
    needs: str = ""
    artifact_id: str = ""
    changes_artifact: bool = False
    url: str = ""


@contextmanager
def writing(
    rests_on: RestsOn | None = None, *, explain: Callable[[], None] | None = None
) -> Iterator[None]:
    """Do what follows in one transaction that rests on rows which are there until its end.

    Args:
        explain: called when the database found a row changed; may raise what it makes of that.

    Raises:
        AuthenticationFailed: the user is gone, or may not sign in any more.
        PermissionMissing: the user has lost the permission.
        ArtifactNotFound, UploadNotFound: they are gone.
        ChangedMeanwhile: something else was changed by somebody else.
    """
    rests_on = rests_on or RestsOn()
    try:
        with transaction.atomic():
            _pass_gate()
            _hold(rests_on)
            yield
    except (Error, ObjectDoesNotExist) as error:
        if fault_of(error) in (Fault.CHANGED, Fault.GONE):
            _require(rests_on)
            if explain is not None:
                explain()
            raise registry_error_of(error) or error from error
        raise


@contextmanager
def writing_alone() -> Iterator[None]:
    """Do what follows in a transaction while nobody else is in `writing`.

    Raises:
        DatabaseBusy: others go on writing.
    """
    with transaction.atomic():
        lock_alone("SELECT pg_advisory_xact_lock(%s)", [_GATE])
        yield


def keep_artifacts(ids: Iterable[str]) -> set[str]:
    """Return which of some artifacts are there, and keep them so until the transaction's end.

    To be asked before a row that refers to them is written.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return set()
    rows = Artifact.objects.filter(id__in=wanted).order_by("id").values_list("id", flat=True)
    return {str(each) for (each, *_) in _locked(rows, _KEEP)}


def own_user(name: str) -> User:
    """Return a user whose row is about to be changed or deleted: others wait for this transaction.

    All administrators are locked with it, in one order: whether one of them may go depends on the
    others, and two who take each other's rank must not wait for each other.

    Raises:
        UserNotFound: there is none.
    """
    found = User.objects.named(name)
    if found is None:
        raise UserNotFound(name)
    # Asked for first, by an index of their own: with an OR the whole table would be read.
    administrators = User.objects.filter(is_admin=True).values_list("pk", flat=True)
    involved = User.objects.filter(pk__in={found.pk, *administrators})
    for user in involved.select_for_update().order_by("pk"):
        if user.pk == found.pk:
            return user
    raise UserNotFound(name)


def _pass_gate() -> None:
    """Take the lock that all writers share, to the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_GATE])


def _hold(rests_on: RestsOn) -> None:
    """Read and lock what an operation rests on, users before artifacts before uploads."""
    _require(rests_on, "FOR SHARE", _OWN if rests_on.changes_artifact else _KEEP, _KEEP)


def _require(
    rests_on: RestsOn, user_lock: str = "", artifact_lock: str = "", lock: str = ""
) -> None:
    """See that what an operation rests on is there.

    Raises:
        AuthenticationFailed, PermissionMissing, ArtifactNotFound, UploadNotFound: see `writing`.
    """
    user, artifact_id = rests_on.user, rests_on.artifact_id
    if user is not None:
        granting = rests_on.needs in (UPLOAD, DOWNLOAD, SEARCH)
        fields = ["is_admin", *([f"can_{rests_on.needs}"] if granting else [])]
        rows = User.objects.filter(pk=user.pk, is_active=True).values_list(*fields)
        found = _locked(rows, user_lock)
        if not found:
            raise AuthenticationFailed
        if rests_on.needs and not any(found[0]):
            raise PermissionMissing(rests_on.needs)
    if artifact_id:
        artifacts = Artifact.objects.filter(id=artifact_id).values_list("id")
        if not _locked(artifacts, artifact_lock):
            raise ArtifactNotFound(artifact_id.partition("-")[0], artifact_id)
    upload_id = upload_id_of(rests_on.url)
    if upload_id is not None:
        uploads = Upload.objects.filter(id=upload_id).values_list("id")
        if not _locked(uploads, lock):
            raise UploadNotFound(str(upload_id))


def _locked(rows: models.QuerySet[Any, Any], lock: str) -> list[tuple[Any, ...]]:
    """Return rows of one table, locked until the transaction's end.

    Written out, because a queryset knows only the two strongest of PostgreSQL's four locks: with
    those, everybody who names the same user or the same base model would wait for each other.
    """
    if not lock or connection.vendor != "postgresql":
        return [each if isinstance(each, tuple) else (each,) for each in rows]
    sql, given = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {lock}", given)
        return list(cursor.fetchall())
