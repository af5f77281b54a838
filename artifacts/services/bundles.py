"""Zips of a revision or of a part of it, made from blobs."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from artifacts.enums import Part
from artifacts.exceptions import ContentPending, ObjectMissing, PartNotFound
from artifacts.limits import CHUNK_BYTES, SEGMENTED_MIN_BYTES
from artifacts.models import File
from artifacts.services.leases import is_timed, note_kept, report_progress
from artifacts.storage.base import ObjectStore, ObjectWriter, StoredObject
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.segments import SegmentedWriter
from artifacts.storage.store import get_store

CONTENT_TYPE = "application/zip"
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
        self._is_stopped = False

    def writable(self) -> bool:
        """Say so to `zipfile`."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile passes bytes only
        """Pass on what has gathered."""
        self._waiting += data
        if len(self._waiting) >= CHUNK_BYTES:
            self.flush()
        return len(data)

    @contextmanager
    def stopped_by_errors(self) -> Iterator[None]:
        """Pass nothing on after an error: `zipfile` ends its entry and the zip as if all was well.

        What was passed on stays the beginning of the right zip.
        """
        try:
            yield
        except BaseException:
            self._is_stopped = True
            raise

    def flush(self) -> None:
        """Pass on everything."""
        if self._waiting and not self._is_stopped:
            self._target.write(bytes(self._waiting))
            self._waiting.clear()


def build_bundle(*, artifact_id: str, revision: int, part: str) -> str:
    """Make the zip of a part and return its key.

    Weights do not compress, so files are stored as they are, which also lets a client resume. A
    bundle is deterministic: fixed dates, sorted paths.

    Every blob is looked for, also when the bundle is there already. That closes a gap: between
    finding a blob that nothing used and writing the row that uses it, `remove_orphans` may have
    removed it. By now the row is written, so whatever is found from here on stays.

    Raises:
        PartNotFound: there is no file of this part (or the artifact is gone).
        ContentPending: a file is not kept yet, or no longer: mirroring again fetches it.
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
    store, key = get_store(), bundle_key(artifact_id, revision, part)
    # Read at once, which `FILES_MAX` allows: a cursor that an error leaves open on PostgreSQL is
    # closed some time later, in the middle of another transaction, and breaks that.
    members = list(files.values_list("path", "blob_id", "blob__size_bytes"))
    try:
        if find_bundle(store, key) is None:
            with _writer(store, members) as writer:
                _write_bundle(store, writer, members)
                writer.commit(key)
        else:
            for sha256 in sorted({sha256 for _, sha256, _ in members}):
                store.stat(blob_key(sha256))
        if not files.exists():
            store.delete([key])  # Deleted while the zip was made.
            raise PartNotFound(part, ())
    except ObjectMissing as error:
        raise ContentPending("A file is no longer kept and must be fetched again.") from error
    return key


def _writer(store: ObjectStore, members: list[tuple[str, str, int]]) -> ObjectWriter:
    """Return what the zip of these members is written to: piece by piece if time may run out.

    The zip is made from its beginning after a break too; but the same members make the same zip,
    so what is kept of it need not be sent again.
    """
    is_large = sum(size_bytes for *_, size_bytes in members) >= SEGMENTED_MIN_BYTES
    if not is_timed() or not is_large:
        return store.writer(CONTENT_TYPE)
    name = f"bundle-{hashlib.sha256(repr(members).encode()).hexdigest()}"
    return SegmentedWriter(store, CONTENT_TYPE, name, on_kept=note_kept)


def find_bundle(store: ObjectStore, key: str) -> StoredObject | None:
    """Return the bundle under a key, None when it has not been made (or was removed)."""
    try:
        return store.stat(key)
    except ObjectMissing:
        return None


def _write_bundle(
    store: ObjectStore, target: _Writes, members: Iterable[tuple[str, str, int]]
) -> None:
    """Write a zip of blobs, given as path, SHA-256 and size in bytes."""
    stream, done_bytes = _Stream(target), 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
        for path, sha256, size_bytes in members:
            info = zipfile.ZipInfo(path, _EPOCH)
            info.external_attr = _FILE_MODE
            # Known in advance, it tells `zipfile` whether the entry needs the zip64 form.
            info.file_size = size_bytes
            with (
                store.open(blob_key(sha256)) as source,
                bundle.open(info, "w") as entry,
                stream.stopped_by_errors(),
            ):
                while chunk := source.read(CHUNK_BYTES):
                    entry.write(chunk)
                    done_bytes += len(chunk)
                    report_progress(done_bytes)
    stream.flush()
