"""Building zips of a revision, or of a part of it, from blobs."""

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
from artifacts.rules.digest import Sha256
from artifacts.storage import content_types
from artifacts.storage.base import ObjectStore, ObjectWriter, StoredObject
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.segments import SegmentedWriter
from artifacts.storage.store import get_store
from artifacts.work.clock import is_timed, note_kept
from artifacts.work.leases import report_progress

# The earliest date that a zip can hold: the same files make the same zip at any time.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644 << 16


class _Writes(Protocol):
    """Takes chunks."""

    def write(self, chunk: bytes) -> None:
        """Take a chunk."""
        ...


class _Stream(io.RawIOBase):
    """The file that `zipfile` writes to. It cannot seek, so a zip of any size needs no memory."""

    def __init__(self, target: _Writes) -> None:
        """Collect small writes into chunks for the target."""
        self._target = target
        self._waiting = bytearray()
        self._is_stopped = False

    def writable(self) -> bool:
        """Tell `zipfile` that it may write."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile passes bytes only
        """Pass on the collected bytes once there is a chunk of them."""
        self._waiting += data
        if len(self._waiting) >= CHUNK_BYTES:
            self.flush()
        return len(data)

    @contextmanager
    def stopped_by_errors(self) -> Iterator[None]:
        """Pass nothing on after an error, when `zipfile` closes the zip as if it were complete.

        What was passed on before remains the beginning of the right zip.
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
    """Build the zip of a part and return its key.

    Weights do not compress, so files are stored uncompressed; this also lets a client resume. A
    bundle is deterministic: fixed dates, sorted paths.

    Checks every blob even if the bundle exists. Between adopting an unused blob and writing the row
    that uses it, `remove_orphans` may have removed the blob. By now the row is written, so a blob
    that is found here stays.

    Raises:
        PartNotFound: there is no file of this part, or the artifact was deleted.
        ContentPending: a file is not kept yet, or was lost; mirroring again fetches it.
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
    # Read in one go, which `FILES_MAX` permits: PostgreSQL would close a cursor that an error left
    # open some time later, in the middle of another transaction, and break it.
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
            store.delete([key])  # The artifact was deleted while the zip was built.
            raise PartNotFound(part, ())
    except ObjectMissing as error:
        raise ContentPending("A file is no longer kept and must be fetched again.") from error
    return key


def _writer(store: ObjectStore, members: list[tuple[str, Sha256, int]]) -> ObjectWriter:
    """Return the writer for the zip of these members: in segments if time may run out.

    After an interruption the zip is built from its beginning again. Since the same members make the
    same zip, the segments that are kept need not be sent again.
    """
    is_large = sum(size_bytes for *_, size_bytes in members) >= SEGMENTED_MIN_BYTES
    if not is_timed() or not is_large:
        return store.writer(content_types.ZIP)
    name = f"bundle-{hashlib.sha256(repr(members).encode()).hexdigest()}"
    return SegmentedWriter(store, content_types.ZIP, name, on_kept=note_kept)


def find_bundle(store: ObjectStore, key: str) -> StoredObject | None:
    """Return the bundle under a key; None when it has not been built or was removed."""
    try:
        return store.stat(key)
    except ObjectMissing:
        return None


def _write_bundle(
    store: ObjectStore, target: _Writes, members: Iterable[tuple[str, Sha256, int]]
) -> None:
    """Write a zip of blobs, given as path, SHA-256 and size in bytes."""
    stream, done_bytes = _Stream(target), 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
        for path, sha256, size_bytes in members:
            info = zipfile.ZipInfo(path, _EPOCH)
            info.external_attr = _FILE_MODE
            # Tells `zipfile` in advance whether the entry needs the zip64 format.
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
