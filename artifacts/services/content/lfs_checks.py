"""Computing the digest of a large file that a client sent, and making a blob of it.

A file that was sent at once is copied while it is compared, since its address can still be written
to. One that was sent in parts cannot change once these are joined, and the bucket copies it.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import UploadState
from artifacts.exceptions import (
    LfsObjectMissing,
    LfsObjectPending,
    NotFound,
    ObjectMissing,
    SourceMismatch,
    UploadRefused,
)
from artifacts.limits import (
    CHUNK_BYTES,
    LFS_COMMIT_WAIT_S,
    LFS_POLL_S,
    LFS_RETRY_AFTER_S,
    LFS_VERIFY_WAIT_S,
    ORPHAN_GRACE_HOURS,
    UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES,
)
from artifacts.models import Blob, LfsObject
from artifacts.rules.digest import Algorithm, Digest, Sha256
from artifacts.rules.text import storable
from artifacts.storage import content_types
from artifacts.storage.blobs import store_blob
from artifacts.storage.keys import blob_key, incoming_lfs_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job
from artifacts.work.leases import report_progress

logger = logging.getLogger(__name__)

_GONE = "This upload is gone. Run it again."
_SAYS_OTHER = "A file arrived with other bytes than its SHA-256 says. Run the upload again."


def complete_object(*, object_id: UUID) -> None:
    """Join the parts of an object, and begin to compare it. It may be called again.

    Raises:
        NotFound: nobody announces it any more.
        PartsMismatch: a part is absent.
        LfsObjectPending: comparing it takes longer; asking again continues to wait.
        UploadRefused: it has other bytes than announced.
    """
    row = _get(object_id)
    if row.state == UploadState.OPEN and row.parts_id:
        get_store().parts.join(incoming_lfs_key(row.id), row.parts_id, [""] * row.part_count)
    verify_object(object_id=object_id)


def verify_object(*, object_id: UUID) -> None:
    """Compare an object that was sent, and wait for it for a while.

    Raises:
        NotFound: nobody announces it any more.
        LfsObjectMissing: it was not sent.
        LfsObjectPending: comparing it takes longer; asking again continues to wait.
        UploadRefused: it has other bytes than announced.
    """
    _begin_check(_get(object_id), "the file")
    _wait_for([object_id], LFS_VERIFY_WAIT_S)


def require_sent(*, user_id: int, wanted: dict[str, tuple[Sha256, int]]) -> dict[Sha256, bool]:
    """Make sure that a user has sent some files, and that their digests were computed.

    Args:
        wanted: digest and size by the path at which a commit wants them.

    Returns:
        For each digest, whether its blob is as young as the upload.

    Raises:
        LfsObjectMissing: one was not sent by this user.
        LfsObjectPending: comparing them takes longer than the client can wait.
        UploadRefused: one has other bytes than announced.
    """
    digests = {sha256 for sha256, _ in wanted.values()}
    mine = LfsObject.objects.select_related("user").filter(user_id=user_id, sha256__in=digests)
    rows = {each.sha256: each for each in mine}
    ends_at = time.monotonic() + LFS_COMMIT_WAIT_S
    for path, (sha256, size_bytes) in wanted.items():
        row = rows.get(sha256)
        if row is None or row.size_bytes != size_bytes:
            raise LfsObjectMissing(path)
        if row.state == UploadState.OPEN and time.monotonic() > ends_at:
            raise LfsObjectPending(LFS_RETRY_AFTER_S)  # Those that were compared stay so.
        _begin_check(row, path)
    checked = _wait_for([each.id for each in rows.values()], LFS_COMMIT_WAIT_S)
    young = timezone.now() - timedelta(hours=ORPHAN_GRACE_HOURS / 2)
    return {each.sha256: each.made_blob and each.created_at > young for each in checked}


def check_object(*, object_id: str) -> None:
    """Compute the digest of an object and make a blob of it. Called by its task, perhaps twice.

    Raises:
        UploadRefused: the bytes are not the announced ones; final.
        ObjectMissing: the bytes are gone; final.
    """
    row = LfsObject.objects.filter(id=object_id, state=UploadState.CHECKING).first()
    if row is not None:
        _take_over(row)


def give_up_check(
    *,
    artifact_id: str,  # noqa: ARG001  (every job is called with it)
    reason: str,
    object_id: str,
) -> bool:
    """Record why an object cannot be committed, and remove its bytes.

    Returns:
        False when it no longer waits for its digest.
    """
    given_up = LfsObject.objects.filter(id=object_id, state=UploadState.CHECKING).update(
        state=UploadState.REFUSED, reason=storable(reason)
    )
    if given_up:
        get_store().delete([incoming_lfs_key(object_id)])
    return bool(given_up)


def _get(object_id: UUID) -> LfsObject:
    """Return the row of an object."""
    row = LfsObject.objects.select_related("user").filter(id=object_id).first()
    if row is None:
        raise NotFound(_GONE)
    return row


def _begin_check(row: LfsObject, path: str) -> None:
    """Compare a small object now, and have a task compare a large one.

    Raises:
        LfsObjectMissing: it was not sent.
        UploadRefused: it has other bytes than announced.
    """
    if row.state == UploadState.REFUSED:
        raise UploadRefused(row.reason)
    if row.state != UploadState.OPEN:
        return
    try:
        get_store().stat(incoming_lfs_key(row.id))
        if row.size_bytes <= UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES:
            _take_over(row)
            return
    except ObjectMissing as error:
        if LfsObject.objects.filter(id=row.id, state=UploadState.CHECKED).exists():
            return  # Another request has just compared it.
        raise LfsObjectMissing(path) from error
    with writing(RestsOn(row.user, UPLOAD)):
        if LfsObject.objects.filter(id=row.id, state=UploadState.OPEN).update(
            state=UploadState.CHECKING
        ):
            queue.schedule(Job.CHECK_LFS_OBJECT, object_id=str(row.id))


def _wait_for(object_ids: Collection[UUID], wait_s: float) -> list[LfsObject]:
    """Wait until objects are compared, and return their rows.

    Raises:
        NotFound: one is not announced any more.
        LfsObjectPending: it takes longer.
        UploadRefused: one has other bytes than announced.
    """
    ends_at = time.monotonic() + wait_s
    while True:
        rows = list(LfsObject.objects.filter(id__in=object_ids))
        if len(rows) < len(object_ids):
            raise NotFound(_GONE)
        for each in rows:
            if each.state == UploadState.REFUSED:
                raise UploadRefused(each.reason)
        if all(each.state == UploadState.CHECKED for each in rows):
            return rows
        if time.monotonic() > ends_at:
            raise LfsObjectPending(LFS_RETRY_AFTER_S)
        time.sleep(LFS_POLL_S)


def _take_over(row: LfsObject) -> None:
    """Make a blob of an object's bytes, if they are the announced ones."""
    key = incoming_lfs_key(row.id)
    made_blob = _copied(row, key) if row.parts_id else _stored(row, key)
    with writing():
        # In one transaction with the row that proves possession: `remove_orphans` either waits for
        # it, or has removed blob and row before.
        Blob.objects.select_for_update().get_or_create(
            sha256=row.sha256, defaults={"size_bytes": row.size_bytes}
        )
        # An update, not a save: the row may be gone meanwhile.
        LfsObject.objects.filter(id=row.id).update(state=UploadState.CHECKED, made_blob=made_blob)
    get_store().delete([key])
    logger.info("large_file.checked", extra={"object": str(row.id), "sha256": row.sha256})


def _stored(row: LfsObject, key: str) -> bool:
    """Copy bytes that were sent at once while they are compared; True if they are a new blob."""
    digest = str(Digest(Algorithm.SHA256, row.sha256))
    try:
        with get_store().open(key) as file:
            return store_blob(
                get_store().writer(content_types.BYTES),
                _chunks(file.read, row),
                size_bytes=row.size_bytes,
                digest=digest,
            ).is_new
    except SourceMismatch as error:
        raise UploadRefused(_SAYS_OTHER) from error


def _copied(row: LfsObject, key: str) -> bool:
    """Compare bytes that were sent in parts, then copy them; True if they are a new blob."""
    sha256, size_bytes = hashlib.sha256(), 0
    with get_store().open(key) as file:
        for chunk in _chunks(file.read, row):
            sha256.update(chunk)
            size_bytes += len(chunk)
    if (size_bytes, sha256.hexdigest()) != (row.size_bytes, row.sha256):
        raise UploadRefused(_SAYS_OTHER)
    return get_store().copy(key, blob_key(row.sha256))


def _chunks(read: Callable[[int], bytes], row: LfsObject) -> Iterator[bytes]:
    """Yield the bytes of an object, and report the progress."""
    done_bytes = 0
    while chunk := read(CHUNK_BYTES):
        done_bytes += len(chunk)
        report_progress(done_bytes, row.size_bytes)
        yield chunk
