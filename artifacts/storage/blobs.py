"""Bytes named by their SHA-256: hashed on their way in, compared with what the source states."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from artifacts.exceptions import ObjectMissing, SourceMismatch
from artifacts.storage.base import ObjectStore, ObjectWriter
from artifacts.storage.keys import blob_key

CONTENT_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class StoredBlob:
    """Bytes that are in the bucket.

    Attributes:
        is_new: False when the same bytes were there before.
    """

    sha256: str
    size_bytes: int
    is_new: bool


def store_blob(
    writer: ObjectWriter, chunks: Iterable[bytes], *, size_bytes: int | None, digest: str
) -> StoredBlob:
    """Store bytes while they are hashed; nothing becomes visible unless they are the right ones.

    Args:
        writer: a new one, which is entered and left here.
        size_bytes: what the source states, None for nothing.
        digest: `sha256:<hex>`, `git:<hex>` (SHA-1 of a git blob, git's documentation "Git
            Objects"), or "" for nothing stated.

    Raises:
        SourceMismatch: other bytes, or another number of them, than stated.
    """
    algorithm, _, expected = digest.partition(":")
    sha256 = hashlib.sha256()
    git = hashlib.sha1(usedforsecurity=False)
    if algorithm == "git" and size_bytes is not None:
        git.update(b"blob %d\0" % size_bytes)
    received = 0
    with writer:
        for chunk in chunks:
            received += len(chunk)
            if size_bytes is not None and received > size_bytes:
                raise SourceMismatch(
                    f"The source sent more than the {size_bytes:,} bytes that it stated."
                )
            sha256.update(chunk)
            if algorithm == "git":
                git.update(chunk)
            writer.write(chunk)
        if size_bytes is not None and received != size_bytes:
            raise SourceMismatch(f"The source sent {received:,} of {size_bytes:,} stated bytes.")
        # A git digest covers the size, so without a stated size there is nothing to compare with.
        actual = {"sha256": sha256.hexdigest()}
        if size_bytes is not None:
            actual["git"] = git.hexdigest()
        if algorithm in actual and actual[algorithm] != expected:
            raise SourceMismatch(
                f"The source sent bytes with the {algorithm} digest {actual[algorithm]}, "
                f"but stated {expected}."
            )
        is_new = writer.commit(blob_key(sha256.hexdigest()))
    return StoredBlob(sha256.hexdigest(), received, is_new)


def blob_exists(store: ObjectStore, sha256: str) -> bool:
    """Whether the bytes with this digest are in the bucket."""
    try:
        store.stat(blob_key(sha256))
    except ObjectMissing:
        return False
    return True
