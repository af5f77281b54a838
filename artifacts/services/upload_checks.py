"""Computing the digest of a zip that came in parts, before anything can be registered from it.

Each part was compared with its SHA-256 by the bucket. The whole has none that a bucket could
compare, and it is the whole by which an upload is known (docs/decisions/0018-uploads-in-parts.md).
"""

from __future__ import annotations

import hashlib
import logging

from artifacts.enums import UploadState
from artifacts.exceptions import UploadRefused
from artifacts.limits import CHUNK_BYTES
from artifacts.models import Upload
from artifacts.rules.text import storable
from artifacts.services.leases import report_progress
from artifacts.storage.keys import incoming_upload_key, upload_key
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


def check_upload(*, upload_id: str) -> None:
    """Compute an upload's digest, compare it, and let the zip rest where it is registered from.

    Called by its task, perhaps twice. Nothing is registered from bytes that were not compared: so
    the zip is read where it was put together, and takes its place only then.

    Raises:
        UploadRefused: the bytes are others than announced; final.
        ObjectMissing: they are gone; final.
    """
    upload = Upload.objects.filter(id=upload_id, state=UploadState.CHECKING).first()
    if upload is None:
        return  # Aborted since, or done at an earlier delivery.
    store, key = get_store(), incoming_upload_key(upload.id)
    sha256 = _digest_of(key, upload.size_bytes)
    if upload.sha256 not in ("", sha256):
        raise UploadRefused(
            f"The zip has the SHA-256 {sha256}; {upload.sha256} was announced. Send it again."
        )
    store.copy(key, upload_key(upload.id))
    # An update, not a save: the upload may have been aborted meanwhile.
    Upload.objects.filter(id=upload.id, state=UploadState.CHECKING).update(
        state=UploadState.CHECKED, sha256=sha256
    )
    store.delete([key])
    logger.info("upload.checked", extra={"upload": upload_id, "sha256": sha256})


def give_up_check(*, artifact_id: str, reason: str, upload_id: str) -> None:  # noqa: ARG001  (every job is called with it)
    """Keep with an upload why it cannot be registered, and remove its bytes."""
    if Upload.objects.filter(id=upload_id, state=UploadState.CHECKING).update(
        state=UploadState.REFUSED, reason=storable(reason)
    ):
        get_store().delete([incoming_upload_key(upload_id)])
        logger.warning("upload.refused", extra={"upload": upload_id, "reason": reason})


def _digest_of(key: str, size_bytes: int) -> str:
    """Return the SHA-256 of an object of a certain size.

    Raises:
        UploadRefused: it has another size.
    """
    sha256 = hashlib.sha256()
    done_bytes = 0
    with get_store().open(key) as file:
        while chunk := file.read(CHUNK_BYTES):
            sha256.update(chunk)
            done_bytes += len(chunk)
            report_progress(done_bytes, size_bytes)
    if done_bytes != size_bytes:
        raise UploadRefused(
            f"The zip has {done_bytes:,} bytes; {size_bytes:,} were announced. Send it again."
        )
    return sha256.hexdigest()
