"""Writing large objects segment by segment, so that an interrupted transfer can be resumed.

Resuming means hashing the stored bytes again, since the state of a hash cannot be saved, but a
multipart upload cannot be read before it is complete. So the segments are objects of their own, and
in the end the bucket joins them (docs/decisions/0017-tasks-on-lambda.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

from artifacts.exceptions import (
    ContentTooLarge,
    RegistryError,
    SourceMismatch,
    StorageUnavailable,
)
from artifacts.limits import CHUNK_BYTES, S3_PART_MIN_BYTES, SEGMENT_BYTES
from artifacts.storage.base import ObjectStore, ObjectWriter
from artifacts.storage.keys import segment_key


class SegmentedWriter:
    """Implements `ObjectWriter`; each attempt writes the same bytes from the beginning.

    Bytes that an earlier attempt stored are skipped. A caller who would have to fetch them again
    reads them from `kept_chunks`, and fetches only what follows `kept_bytes`.

    Attributes:
        kept_bytes: how many of the first bytes are already stored.
    """

    def __init__(
        self, store: ObjectStore, content_type: str, name: str, *, on_kept: Callable[[], None]
    ) -> None:
        """Find the stored segments of a name, which must stand for exactly these bytes.

        Args:
            on_kept: called after each segment is stored.
        """
        self._store, self._content_type, self._name = store, content_type, name
        self._on_kept = on_kept
        self._keys: list[str] = []
        self.kept_bytes = 0
        useless: list[str] = []
        for found in store.list(segment_key(name)):
            if found.key == segment_key(name, self.kept_bytes):
                self._keys.append(found.key)
                self.kept_bytes += found.size_bytes
            else:
                useless.append(found.key)  # It follows a gap, and its key will be needed.
        store.delete(useless)
        self._position = 0
        self._segment: ObjectWriter | None = None
        self._segment_bytes = 0
        self._open = ExitStack()

    def __enter__(self) -> SegmentedWriter:  # noqa: PYI034  (the protocol's type)
        """Begin; nothing is sent yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """Keep what arrived for the next attempt, unless it is done or the bytes are wrong."""
        _, raised, *_ = error
        with self._open, suppress(StorageUnavailable):
            if raised is None or isinstance(raised, SourceMismatch | ContentTooLarge):
                self._store.delete(self._keys)
            elif isinstance(raised, RegistryError) and self._segment_bytes >= S3_PART_MIN_BYTES:
                self._keep_segment()

    def kept_chunks(self) -> Iterator[bytes]:
        """Yield the bytes that are already stored."""
        for key in tuple(self._keys):
            with self._store.open(key) as file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk

    def write(self, chunk: bytes) -> None:
        """Send what is not stored yet; memory use does not depend on the total size."""
        fresh = chunk[max(0, self.kept_bytes - self._position) :]
        self._position += len(chunk)
        if not fresh:
            return
        if self._segment is None:
            self._segment = self._open.enter_context(self._store.writer(self._content_type))
        self._segment.write(fresh)
        self._segment_bytes += len(fresh)
        if self._segment_bytes >= SEGMENT_BYTES:
            self._keep_segment()

    def commit(self, key: str) -> bool:
        """Let the bucket join the segments, unless the key is already taken."""
        if self._segment_bytes:
            self._keep_segment()
        return self._store.join(self._keys, key, self._content_type)

    def _keep_segment(self) -> None:
        """Make the current segment an object.

        Raises:
            StorageUnavailable: another worker has just stored a segment at this offset.
        """
        if self._segment is None:
            return
        key = segment_key(self._name, self.kept_bytes)
        if not self._segment.commit(key):
            raise StorageUnavailable("Two workers write the same object. Try again later.")
        self._open.close()
        self._keys.append(key)
        self.kept_bytes += self._segment_bytes
        self._segment, self._segment_bytes = None, 0
        self._on_kept()
