"""The digests by which the Hub's clients know a file.

A file that git itself keeps is named by the SHA-1 of its git blob; one that Git LFS keeps by its
SHA-256, and in the tree stands a small pointer with a SHA-1 of its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from artifacts.rules.digest import Sha256, find_git_oid, find_sha256, hash_git_blob
from artifacts.rules.lfs import write_pointer

# Each client of a snapshot asks for a file's digests three times, in the tree and before each
# request for bytes; a kB each at most.
NAMES_REMEMBERED = 4_096
# What stands for a digest that nobody knows: neither the source states one nor is the file here.
UNKNOWN_OID = "0" * 40


class Names(NamedTuple):
    """The digests of one file.

    Attributes:
        oid: SHA-1 of the git blob: of the file itself, or of its pointer.
        sha256: of the file, where the clients are to take it as kept by Git LFS; None otherwise.
        pointer_bytes: the size of the pointer; 0 for no pointer.
    """

    oid: str
    sha256: Sha256 | None = None
    pointer_bytes: int = 0

    @property
    def etag(self) -> str:
        """The digest by which clients tell whether they have the file already."""
        return self.sha256 or self.oid


@lru_cache(NAMES_REMEMBERED)
def name_file(stated: str, kept: Sha256 | None, size_bytes: int | None) -> Names:
    """Return the digests of a file, which follow from what is given alone.

    Args:
        stated: what its source states, as rows have it.
        kept: the SHA-256 of the bytes that are kept; None for none.
        size_bytes: None for unknown.
    """
    oid = find_git_oid(stated)
    if oid is not None:
        return Names(oid)
    sha256 = kept or find_sha256(stated)
    if sha256 is None or size_bytes is None:
        return Names(UNKNOWN_OID)
    pointer = write_pointer(sha256, size_bytes)
    blob = hash_git_blob(len(pointer))
    blob.update(pointer)
    return Names(blob.hexdigest(), sha256, len(pointer))
