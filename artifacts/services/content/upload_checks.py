"""Computing the digest of an uploaded zip before anything can be registered from it.

Of a zip sent in parts the bucket compares each part, but not the whole, by whose digest an upload
is known (docs/decisions/0018-uploads-in-parts.md). Some buckets compare nothing at all
(docs/decisions/0026-what-the-bucket-promises.md).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from artifacts.database.transactions import writing
from artifacts.enums import UploadState
from artifacts.exceptions import ObjectMissing, UploadNotFound, UploadRefused
from artifacts.limits import CHUNK_BYTES, UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES
from artifacts.models import Upload
from artifacts.rules.archives.zips import find_refusal
from artifacts.rules.text import storable
from artifacts.storage import content_types
from artifacts.storage.keys import incoming_upload_key, upload_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job
from artifacts.work.leases import report_progress

logger = logging.getLogger(__name__)


def require_checked(upload: Upload) -> None:
    """Make sure that a zip is compared if the bucket did not compare it.

    Small zips are compared at once. For a larger one a task is scheduled, and the registration is
    refused as too early.

    Raises:
        UploadNotFound: nothing was sent yet.
        UploadRefused: the bytes are not the announced ones. The right ones can still be sent.
    """
    if upload.state != UploadState.UNCHECKED:
        return
    try:
        get_store().stat(incoming_upload_key(upload.id))
        if upload.size_bytes <= UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES:
            _take_over(upload)
            return
    except ObjectMissing as error:
        if Upload.objects.filter(id=upload.id, state=UploadState.CHECKED).exists():
            return  # Another registration has just checked it.
        raise UploadNotFound(str(upload.id)) from error
    with writing():
        if Upload.objects.filter(id=upload.id, state=UploadState.UNCHECKED).update(
            state=UploadState.CHECKING
        ):
            queue.schedule(Job.CHECK_UPLOAD, upload_id=str(upload.id))


def check_upload(*, upload_id: str, parts_digest: str = "") -> None:
    """Compute an upload's digest, compare it, and move the zip to where it is registered from.

    Called by its task, perhaps twice. The zip is read where its parts were joined and moved only
    after the comparison, so nothing can be registered from bytes that were not compared.

    Args:
        parts_digest: the digest of the announced digests of its parts (`digest_of_digests`) if the
            bucket has not compared them; else "".

    Raises:
        UploadRefused: the bytes are not the announced ones, or no zip that is taken; final.
        ObjectMissing: the bytes are gone; final.
    """
    upload = Upload.objects.filter(id=upload_id, state=UploadState.CHECKING).first()
    if upload is None:
        return  # Aborted meanwhile, or completed by an earlier delivery.
    if not upload.parts_id:
        _take_over(upload)
        return
    store, key = get_store(), incoming_upload_key(upload.id)
    _check_directory(key)
    sha256, parts = _digests_of(key, upload)
    if parts_digest and digest_of_digests(parts) != parts_digest:
        raise UploadRefused("A part has other bytes than announced. Send the zip again.")
    if upload.sha256 not in ("", sha256):
        raise UploadRefused(_says_other(sha256, upload))
    store.copy(key, upload_key(upload.id))
    _note_checked(upload, sha256)
    store.delete([key])


def digest_of_digests(digests: Sequence[str]) -> str:
    """Return one digest that stands for the digests of all parts."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def give_up_check(
    *,
    artifact_id: str,  # noqa: ARG001  (every job is called with it)
    reason: str,
    upload_id: str,
    parts_digest: str = "",  # noqa: ARG001  (likewise)
) -> bool:
    """Record why an upload cannot be registered, and remove its bytes.

    Returns:
        False when it no longer waits for its digest.
    """
    given_up = Upload.objects.filter(id=upload_id, state=UploadState.CHECKING).update(
        state=UploadState.REFUSED, reason=storable(reason)
    )
    if given_up:
        get_store().delete([incoming_upload_key(upload_id)])
    return bool(given_up)


def _take_over(upload: Upload) -> None:
    """Copy a zip that was sent at once to where it is registered from, and compare it meanwhile.

    The client can still write to the original address, so the bytes that are kept must be the very
    bytes that were compared.
    """
    store, key = get_store(), incoming_upload_key(upload.id)
    sha256, size_bytes = hashlib.sha256(), 0
    with store.open(key) as file, store.writer(content_types.ZIP) as writer:
        while chunk := file.read(CHUNK_BYTES):
            sha256.update(chunk)
            size_bytes += len(chunk)
            if size_bytes > upload.size_bytes:
                # A bucket that compares no digest may not limit the size either.
                raise UploadRefused(_says_other_size(size_bytes, upload, "at least "))
            report_progress(size_bytes, upload.size_bytes)
            writer.write(chunk)
        if sha256.hexdigest() != upload.sha256:
            raise UploadRefused(_says_other(sha256.hexdigest(), upload))
        writer.commit(upload_key(upload.id))
    _note_checked(upload, upload.sha256)
    store.delete([key])


def _check_directory(key: str) -> None:
    """Refuse a zip whose directory tells that it cannot be registered, before all of it is read.

    Raises:
        UploadRefused: it cannot be, whatever its digest.
    """
    with get_store().open(key) as file:
        refusal = find_refusal(file)
    if refusal:
        raise UploadRefused(refusal)


def _note_checked(upload: Upload, sha256: str) -> None:
    """Mark a zip as ready to be registered."""
    # An update, not a save: the upload may have been aborted meanwhile.
    Upload.objects.filter(
        id=upload.id, state__in=(UploadState.UNCHECKED, UploadState.CHECKING)
    ).update(state=UploadState.CHECKED, sha256=sha256)
    logger.info("upload.checked", extra={"upload": str(upload.id), "sha256": sha256})


def _says_other(sha256: str, upload: Upload) -> str:
    """Return a sentence about a digest that differs from the announced one."""
    return f"The zip has the SHA-256 {sha256}; {upload.sha256} was announced. Send it again."


def _says_other_size(size_bytes: int, upload: Upload, how: str = "") -> str:
    """Return a sentence about a size that differs from the announced one."""
    return (
        f"The zip has {how}{size_bytes:,} bytes; {upload.size_bytes:,} were announced. "
        "Send it again."
    )


def _digests_of(key: str, upload: Upload) -> tuple[str, list[str]]:
    """Return the SHA-256 of an object that was sent in parts, and those of its parts.

    Raises:
        UploadRefused: it does not have the announced size.
    """
    whole, part = hashlib.sha256(), hashlib.sha256()
    parts: list[str] = []
    done_bytes = part_bytes = 0
    with get_store().open(key) as file:
        while chunk := file.read(min(CHUNK_BYTES, upload.part_size_bytes - part_bytes)):
            whole.update(chunk)
            part.update(chunk)
            done_bytes += len(chunk)
            part_bytes += len(chunk)
            if part_bytes == upload.part_size_bytes:
                parts.append(part.hexdigest())
                part, part_bytes = hashlib.sha256(), 0
            report_progress(done_bytes, upload.size_bytes)
    if done_bytes != upload.size_bytes:
        raise UploadRefused(_says_other_size(done_bytes, upload))
    if part_bytes:
        parts.append(part.hexdigest())
    return whole.hexdigest(), parts
