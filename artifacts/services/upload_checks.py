"""Computing the digest of a zip that nobody compared, before anything can be registered from it.

The parts of one that came in parts were compared by the bucket, but not the whole, and it is the
whole by which an upload is known (docs/decisions/0018-uploads-in-parts.md). And some buckets
compare nothing (docs/decisions/0026-what-the-bucket-promises.md).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from artifacts.enums import UploadState
from artifacts.exceptions import ObjectMissing, UploadNotFound, UploadRefused
from artifacts.limits import CHUNK_BYTES, UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES
from artifacts.models import Upload
from artifacts.rules.text import storable
from artifacts.services import tasks
from artifacts.services.leases import report_progress
from artifacts.services.transactions import writing
from artifacts.storage.keys import incoming_upload_key, upload_key
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


def require_checked(upload: Upload) -> None:
    """See that a zip is compared which was sent at once to a bucket that compares nothing.

    Small ones are now; for larger ones a task is made, and the registration comes too early.

    Raises:
        UploadNotFound: nothing was sent yet.
        UploadRefused: the bytes are others than announced. The right ones can still be sent.
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
            return  # Another registration was faster.
        raise UploadNotFound(str(upload.id)) from error
    with writing():
        if Upload.objects.filter(id=upload.id, state=UploadState.UNCHECKED).update(
            state=UploadState.CHECKING
        ):
            tasks.schedule("check_upload", arguments={"upload_id": str(upload.id)})


def check_upload(*, upload_id: str, parts_digest: str = "") -> None:
    """Compute an upload's digest, compare it, and let the zip rest where it is registered from.

    Called by its task, perhaps twice. Nothing is registered from bytes that were not compared: so
    the zip is read where it was put together, and takes its place only then.

    Args:
        parts_digest: of the announced digests of its parts (`digest_of_digests`), where the bucket
            has not compared these; else "".

    Raises:
        UploadRefused: the bytes are others than announced; final.
        ObjectMissing: they are gone; final.
    """
    upload = Upload.objects.filter(id=upload_id, state=UploadState.CHECKING).first()
    if upload is None:
        return  # Aborted since, or done at an earlier delivery.
    if not upload.parts_id:
        _take_over(upload)
        return
    store, key = get_store(), incoming_upload_key(upload.id)
    sha256, parts = _digests_of(key, upload)
    if parts_digest and digest_of_digests(parts) != parts_digest:
        raise UploadRefused("A part has other bytes than announced. Send the zip again.")
    if upload.sha256 not in ("", sha256):
        raise UploadRefused(_says_other(sha256, upload))
    store.copy(key, upload_key(upload.id))
    _note_checked(upload, sha256)
    store.delete([key])


def digest_of_digests(digests: Sequence[str]) -> str:
    """Return one digest that stands for those of all parts."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def give_up_check(
    *,
    artifact_id: str,  # noqa: ARG001  (every job is called with it)
    reason: str,
    upload_id: str,
    parts_digest: str = "",  # noqa: ARG001  (likewise)
) -> None:
    """Keep with an upload why it cannot be registered, and remove its bytes."""
    if Upload.objects.filter(id=upload_id, state=UploadState.CHECKING).update(
        state=UploadState.REFUSED, reason=storable(reason)
    ):
        get_store().delete([incoming_upload_key(upload_id)])
        logger.warning("upload.refused", extra={"upload": upload_id, "reason": reason})


def _take_over(upload: Upload) -> None:
    """Copy a zip that was sent at once to where it is registered from, comparing it on its way.

    Its address still takes bytes, so what is kept has to be the very bytes that were compared.
    """
    store, key = get_store(), incoming_upload_key(upload.id)
    sha256, size_bytes = hashlib.sha256(), 0
    with store.open(key) as file, store.writer("application/zip") as writer:
        while chunk := file.read(CHUNK_BYTES):
            sha256.update(chunk)
            size_bytes += len(chunk)
            if size_bytes > upload.size_bytes:
                # Such a bucket may take any number of bytes as well.
                raise UploadRefused(_says_other_size(size_bytes, upload, "at least "))
            report_progress(size_bytes, upload.size_bytes)
            writer.write(chunk)
        if sha256.hexdigest() != upload.sha256:
            raise UploadRefused(_says_other(sha256.hexdigest(), upload))
        writer.commit(upload_key(upload.id))
    _note_checked(upload, upload.sha256)
    store.delete([key])


def _note_checked(upload: Upload, sha256: str) -> None:
    """Let a zip be registered."""
    # An update, not a save: the upload may have been aborted meanwhile.
    Upload.objects.filter(
        id=upload.id, state__in=(UploadState.UNCHECKED, UploadState.CHECKING)
    ).update(state=UploadState.CHECKED, sha256=sha256)
    logger.info("upload.checked", extra={"upload": str(upload.id), "sha256": sha256})


def _says_other(sha256: str, upload: Upload) -> str:
    """Return a sentence about bytes other than announced."""
    return f"The zip has the SHA-256 {sha256}; {upload.sha256} was announced. Send it again."


def _says_other_size(size_bytes: int, upload: Upload, how: str = "") -> str:
    """Return a sentence about another number of bytes than announced."""
    return (
        f"The zip has {how}{size_bytes:,} bytes; {upload.size_bytes:,} were announced. "
        "Send it again."
    )


def _digests_of(key: str, upload: Upload) -> tuple[str, list[str]]:
    """Return the SHA-256 of an object that came in parts, and that of each part.

    Raises:
        UploadRefused: it has another size.
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
