"""What every place for bytes can do. The two implementations pass one protocol test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol

from artifacts.exceptions import StorageUnavailable


class StorageSilent(StorageUnavailable):
    """Nothing comes back from the bucket, or it is too busy: that says nothing about what it can.

    To clients it is what it inherits from.
    """


@dataclass(frozen=True)
class StoredObject:
    """An object in the bucket, without its bytes."""

    key: str
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True)
class UploadTarget:
    """Where and how a client sends bytes straight to the bucket."""

    url: str
    method: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UploadPart:
    """A piece of an object that a client sends in parts.

    Attributes:
        number: from 1.
        start: the place of its first byte in the object. Every part but the last is equally long.
        sha256: of the piece, as 64 hexadecimal digits; the store compares it.
    """

    number: int
    start: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class StoredPart:
    """A piece that arrived.

    Attributes:
        sha256: as 64 hexadecimal digits; "" where the store keeps it to itself.
    """

    number: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class BegunParts:
    """An object in parts that was begun, and neither joined nor aborted."""

    key: str
    upload_id: str
    begun_at: datetime


class PartStore(Protocol):
    """Objects that clients send in parts, straight to the bucket; invisible until joined.

    Those methods that name a begun object raise `ObjectMissing` when it is not there (any more).
    """

    def begin(self, key: str) -> str:
        """Begin an object and return the id of this attempt."""
        ...

    def target(self, key: str, upload_id: str, part: UploadPart, *, expires_s: int) -> UploadTarget:
        """Return where a client may send exactly this part, in whatever order, again if need be.

        The local store answers a path.
        """
        ...

    def list(self, key: str, upload_id: str) -> Sequence[StoredPart]:
        """Return the parts that arrived, in the order of their numbers."""
        ...

    def join(self, key: str, upload_id: str, digests: Sequence[str]) -> None:
        """Make the object out of its parts. Once it is made, asking again does no harm.

        Args:
            digests: the SHA-256 of each part, in order.

        Raises:
            PartsMismatch: a part is absent, or is another than its digest says.
        """
        ...

    def abort(self, key: str, upload_id: str) -> None:
        """Remove what was sent; what is gone already does not matter."""
        ...

    def list_begun(self) -> Iterator[BegunParts]:
        """Walk what was begun, and neither joined nor aborted, whoever began it."""
        ...


class ObjectWriter(Protocol):
    """Bytes on their way into the bucket; invisible until they are committed.

    Used as a context manager: leaving it without a commit removes what was sent.
    """

    def __enter__(self) -> ObjectWriter:  # noqa: PYI034  (any implementation will do)
        """Begin."""
        ...

    def __exit__(self, *error: object) -> None:
        """Remove what was sent, unless it was committed."""
        ...

    def write(self, chunk: bytes) -> None:
        """Send a chunk; memory use does not depend on the sum."""
        ...

    def commit(self, key: str) -> bool:
        """Make the bytes an object, unless the key is taken already.

        Returns:
            True when this call made the object, False when it was there before.
        """
        ...


class ObjectStore(Protocol):
    """The bucket.

    Every method raises `StorageUnavailable` (or `StorageFull`) when the place does not answer, and
    those that name one object raise `ObjectMissing` when it is not there. Those that write raise
    `StorageUnsuitable` where the place lacks what nothing can take the place of.
    """

    @property
    def parts(self) -> PartStore:
        """The objects that clients send in parts."""
        ...

    @property
    def compares_digests(self) -> bool:
        """Whether bytes other than announced are refused as they arrive, whole or in parts."""
        ...

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object unless the key is taken; True when this call wrote it."""
        ...

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        """Write an object, whatever was there; readers see the old or the new, never a mixture."""
        ...

    def writer(self, content_type: str) -> ObjectWriter:
        """Begin a large object."""
        ...

    def read(self, key: str) -> bytes:
        """Return a small object whole."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading and seeking; no more than a few MB are held in memory."""
        ...

    def stat(self, key: str) -> StoredObject:
        """Return size and date of an object."""
        ...

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Walk the objects whose keys start so, in the order of their keys, page by page."""
        ...

    def copy(self, source: str, key: str) -> bool:
        """Copy an object without moving its bytes through this process, unless the key is taken.

        Returns:
            True when this call made the copy, False when the key was there before.
        """
        ...

    def join(self, sources: Sequence[str], key: str, content_type: str) -> bool:
        """Make an object of others in a row, in the way of `copy`; they stay.

        Args:
            sources: the keys; on S3, each but the last has at least `S3_PART_MIN_BYTES`.
        """
        ...

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects in batches; keys that are not there do not matter.

        Returns:
            The number of keys that were asked for.
        """
        ...

    def download_url(
        self, key: str, *, filename: str, content_type: str, expires_s: int, method: str = "GET"
    ) -> str:
        """Return a signed address, with the file's name and type part of the signature.

        The local store answers a path (`/content/...`), S3 a whole URL.

        Args:
            expires_s: at most; less where the registry's own credentials end sooner.
            method: what the address is for, GET or HEAD. S3 makes it part of the signature.
        """
        ...

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return where a client may send exactly these bytes. The local store answers a path."""
        ...

    def probe(self) -> None:
        """Show that the place answers, within `HEALTH_PROBE_TIMEOUT_S`."""
        ...
