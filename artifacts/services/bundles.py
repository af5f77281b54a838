"""Zips of a revision or of a part of it, made from blobs."""

from __future__ import annotations

import io
import zipfile
from typing import Protocol

from artifacts.enums import Part
from artifacts.exceptions import ContentPending, PartNotFound
from artifacts.limits import CHUNK_BYTES
from artifacts.models import File
from artifacts.services.leases import report_progress
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.store import get_store

# The first moment a zip can hold. The same files make the same zip, whenever it is made.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644 << 16


class _Writes(Protocol):
    """Takes chunks."""

    def write(self, chunk: bytes) -> None:
        """Take a chunk."""
        ...


class _Stream(io.RawIOBase):
    """What `zipfile` writes to: it cannot seek, so it never looks back, and nothing is kept."""

    def __init__(self, target: _Writes) -> None:
        """Gather small writes into chunks."""
        self._target = target
        self._waiting = bytearray()

    def writable(self) -> bool:
        """Say so to `zipfile`."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile passes bytes only
        """Pass on what has gathered."""
        self._waiting += data
        if len(self._waiting) >= CHUNK_BYTES:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Pass on everything."""
        if self._waiting:
            self._target.write(bytes(self._waiting))
            self._waiting.clear()


def build_bundle(*, artifact_id: str, revision: int, part: str) -> str:
    """Make the zip of a part and return its key.

    Weights do not compress, so files are stored as they are, which also lets a client resume. A
    bundle is deterministic: fixed dates, sorted paths.

    Raises:
        PartNotFound: there is no file of this part (or the artifact is gone).
        ContentPending: a file is not kept yet.
    """
    files = File.objects.filter(
        revision__artifact_id=artifact_id, revision__number=revision
    ).order_by("path")
    if part != Part.FULL:
        files = files.filter(part=part)
    if not files.exists():
        raise PartNotFound(part, ())
    if files.filter(blob__isnull=True).exists():
        raise ContentPending("Not every file of this part has been fetched yet. Ask again soon.")
    store, done_bytes = get_store(), 0
    with store.writer("application/zip") as writer:
        stream = _Stream(writer)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
            for path, sha256, size_bytes in files.values_list("path", "blob_id", "size_bytes"):
                info = zipfile.ZipInfo(path, _EPOCH)
                info.external_attr = _FILE_MODE
                info.file_size = size_bytes or 0
                with store.open(blob_key(sha256)) as source, bundle.open(info, "w") as target:
                    while chunk := source.read(CHUNK_BYTES):
                        target.write(chunk)
                        done_bytes += len(chunk)
                        report_progress(done_bytes)
        stream.flush()
        key = bundle_key(artifact_id, revision, part)
        writer.commit(key)
    return key
