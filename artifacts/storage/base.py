"""What every store can do. Both implementations pass the same protocol test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Literal, Protocol

from artifacts.exceptions import ObjectMissing, StorageUnavailable
from artifacts.storage import content_types


class StorageSilent(StorageUnavailable):
    """The bucket does not answer or is too busy, which says nothing about its abilities.

    Clients see it as a `StorageUnavailable`.
    """


# The methods an address for reading may be signed for; S3 makes the method part of the signature.
Reading = Literal["GET", "HEAD"]


@dataclass(frozen=True)
class StoredObject:
    """An object in the bucket, without its bytes."""

    key: str
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True)
class UploadTarget:
    """Where and how a client sends bytes directly to the bucket."""

    url: str
    method: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class UploadPart:
    """A piece of an object that a client sends in parts.

    Attributes:
        number: counted from 1.
        start: the offset of its first byte in the object. All parts but the last have equal size.
        sha256: of the part, as 64 hexadecimal digits; the store compares it. "" where the client
            does not state it, as the Hub's clients: the whole has to be compared then.
    """

    number: int
    start: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class StoredPart:
    """A part that arrived.

    Attributes:
        sha256: as 64 hexadecimal digits; "" if the store does not tell it.
    """

    number: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class BegunParts:
    """An object in parts that was begun but neither joined nor aborted."""

    key: str
    upload_id: str
    begun_at: datetime


class PartStore(Protocol):
    """Objects that clients send in parts, directly to the bucket; invisible until joined.

    Methods that take the id of a begun object raise `ObjectMissing` when it does not exist (any
    more).
    """

    def begin(
        self, key: str, *, content_type: str = content_types.ZIP, states_digests: bool = True
    ) -> str:
        """Begin an object and return the id of this attempt.

        Args:
            states_digests: whether the client states the digest of each part.
        """
        ...

    def target(self, key: str, upload_id: str, part: UploadPart, *, expires_s: int) -> UploadTarget:
        """Return where a client may send exactly this part, in any order and repeatedly.

        The local store returns a path.
        """
        ...

    def list(self, key: str, upload_id: str) -> Sequence[StoredPart]:
        """Return the parts that arrived, ordered by number."""
        ...

    def join(self, key: str, upload_id: str, digests: Sequence[str]) -> None:
        """Make the object out of its parts. Repeating the call does no harm.

        Args:
            digests: the SHA-256 of each part, in order; "" for one that was not stated.

        Raises:
            PartsMismatch: a part is missing or does not match its digest.
        """
        ...

    def abort(self, key: str, upload_id: str) -> None:
        """Remove what was sent, if anything is left of it."""
        ...

    def list_begun(self) -> Iterator[BegunParts]:
        """Yield all objects that were begun but neither joined nor aborted, whoever began them."""
        ...


class ObjectWriter(Protocol):
    """Writes an object into the bucket; its bytes are invisible until committed.

    It is a context manager; leaving it without a commit removes what was sent.
    """

    def __enter__(self) -> ObjectWriter:  # noqa: PYI034  (any implementation will do)
        """Begin."""
        ...

    def __exit__(self, *error: object) -> None:
        """Remove what was sent, unless it was committed."""
        ...

    def write(self, chunk: bytes) -> None:
        """Send a chunk; memory use does not depend on the total size."""
        ...

    def commit(self, key: str) -> bool:
        """Make the bytes an object, unless the key is already taken.

        Returns:
            True if this call made the object, False if the key was taken.
        """
        ...


class _States(Protocol):
    """Knows the size and date of objects."""

    def stat(self, key: str) -> StoredObject:
        """Return size and date of an object."""
        ...


def has_object(store: _States, key: str) -> bool:
    """Whether there is an object at a key.

    Raises:
        StorageUnavailable: the store does not answer.
    """
    try:
        store.stat(key)
    except ObjectMissing:
        return False
    return True


class ObjectStore(Protocol):
    """The bucket.

    Every method raises `StorageUnavailable` (or `StorageFull`) when the store does not answer.
    Methods that need an existing object raise `ObjectMissing` when there is none. Methods that
    write raise `StorageUnsuitable` when the bucket lacks an ability that nothing can replace.
    """

    @property
    def parts(self) -> PartStore:
        """The objects that clients send in parts."""
        ...

    @property
    def compares_digests(self) -> bool:
        """Whether the store itself refuses bytes other than announced, whole or in parts."""
        ...

    @property
    def is_here(self) -> bool:
        """Whether this very server sends what a link names."""
        ...

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object unless the key is taken; return True if this call wrote it."""
        ...

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        """Write an object over any older one; readers see the old or the new, never a mixture."""
        ...

    def writer(self, content_type: str) -> ObjectWriter:
        """Begin a large object."""
        ...

    def read(self, key: str) -> bytes:
        """Return all bytes of a small object."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading and seeking; holds no more than a few MB in memory."""
        ...

    def stat(self, key: str) -> StoredObject:
        """Return size and date of an object."""
        ...

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys have this prefix, ordered by key, page by page."""
        ...

    def copy(self, source: str, key: str) -> bool:
        """Copy an object without moving its bytes through this process, unless the key is taken.

        Returns:
            True if this call made the copy, False if the key was taken.
        """
        ...

    def join(self, sources: Sequence[str], key: str, content_type: str) -> bool:
        """Concatenate objects into a new one, as `copy` does; the sources stay.

        Args:
            sources: their keys; on S3, all but the last need at least `S3_PART_MIN_BYTES`.
        """
        ...

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects in batches, ignoring keys that do not exist.

        Returns:
            The number of keys that were passed in.
        """
        ...

    def download_url(
        self, key: str, *, filename: str, content_type: str, expires_s: int, method: Reading = "GET"
    ) -> str:
        """Return a signed address; the signature covers the file's name and type.

        The local store returns a path (`/content/...`), S3 a full URL.

        Args:
            expires_s: the longest lifetime; shorter if the registry's own credentials end sooner.
        """
        ...

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return where a client may send exactly these bytes. The local store returns a path."""
        ...

    def plain_upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return the same for a client that sends no header of ours.

        S3 cannot compare the digest then, so the caller has to, and the client can write there
        again until the address expires.
        """
        ...

    def probe(self) -> None:
        """Check that the store answers within `HEALTH_PROBE_TIMEOUT_S`."""
        ...
