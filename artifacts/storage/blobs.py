"""Storing bytes under their SHA-256; they are hashed on arrival and compared with the source's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from artifacts.exceptions import SourceMismatch
from artifacts.rules.digest import Algorithm, Sha256, hash_git_blob, parse_digest
from artifacts.storage.base import ObjectStore, ObjectWriter, has_object
from artifacts.storage.keys import blob_key


@dataclass(frozen=True)
class StoredBlob:
    """Bytes that are in the bucket.

    Attributes:
        is_new: False if the same bytes were already there.
    """

    sha256: Sha256
    size_bytes: int
    is_new: bool


def store_blob(
    writer: ObjectWriter, chunks: Iterable[bytes], *, size_bytes: int | None, digest: str
) -> StoredBlob:
    """Hash and store bytes; they become visible only if they match what the source states.

    Args:
        writer: a new writer, which this function enters and leaves.
        size_bytes: the size that the source states; None if it states none.
        digest: the digest that the source states (`rules.digest`); "" if it states none.

    Raises:
        SourceMismatch: the size or the digest differs from what the source states.
    """
    stated = parse_digest(digest)
    hashes = {Algorithm.SHA256: hashlib.sha256()}
    # A git digest includes the size, so without a stated size it cannot be computed.
    if stated and stated.algorithm == Algorithm.GIT and size_bytes is not None:
        hashes[Algorithm.GIT] = hash_git_blob(size_bytes)
    received = 0
    with writer:
        for chunk in chunks:
            received += len(chunk)
            if size_bytes is not None and received > size_bytes:
                raise SourceMismatch(
                    f"The source sent more than the {size_bytes:,} bytes that it stated."
                )
            for each in hashes.values():
                each.update(chunk)
            writer.write(chunk)
        if size_bytes is not None and received != size_bytes:
            raise SourceMismatch(f"The source sent {received:,} of {size_bytes:,} stated bytes.")
        actual = {algorithm: each.hexdigest() for algorithm, each in hashes.items()}
        if stated and actual.get(stated.algorithm, stated.digits) != stated.digits:
            raise SourceMismatch(
                f"The source sent bytes with the {stated.algorithm} digest "
                f"{actual[stated.algorithm]}, but stated {stated.digits}."
            )
        sha256 = Sha256(actual[Algorithm.SHA256])
        is_new = writer.commit(blob_key(sha256))
    return StoredBlob(sha256, received, is_new)


def blob_exists(store: ObjectStore, sha256: Sha256) -> bool:
    """Whether the bytes with this digest are in the bucket."""
    return has_object(store, blob_key(sha256))
