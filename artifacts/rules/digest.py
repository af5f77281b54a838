"""Digests: computed from bytes, and as sources state them.

A stated digest is stored as `sha256:<hex>` or `git:<hex>`, "" where the source states none.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import NamedTuple, NewType

from artifacts.rules.values import is_hexadecimal

# A SHA-256 as 64 hexadecimal digits in lower case: computed here, or parsed from input.
Sha256 = NewType("Sha256", str)
SHA256_CHARS = 64


class Algorithm(StrEnum):
    """How a source computes the digests that it states."""

    SHA256 = "sha256"
    # SHA-1 of a git blob.
    GIT = "git"


# By the word that rows have. An enumeration takes ten times as long to find its member, and a tree
# has a thousand files.
_ALGORITHMS: dict[str, Algorithm] = {each.value: each for each in Algorithm}
_CHARS = {Algorithm.SHA256: SHA256_CHARS, Algorithm.GIT: 40}
_GIT_START = f"{Algorithm.GIT}:"


class Digest(NamedTuple):
    """A digest that a source states."""

    algorithm: Algorithm
    digits: str

    def __str__(self) -> str:
        """Format it as rows and records store it."""
        return f"{self.algorithm}:{self.digits}"

    @property
    def is_well_formed(self) -> bool:
        """Whether the digits fit this algorithm."""
        return is_hexadecimal(self.digits, _CHARS[self.algorithm])


def parse_digest(stated: str) -> Digest | None:
    """Parse a stated digest; None for an empty text or an unknown algorithm."""
    name, _, digits = stated.partition(":")
    algorithm = _ALGORITHMS.get(name)
    return Digest(algorithm, digits) if algorithm is not None else None


def parse_sha256(text: str) -> Sha256 | None:
    """Return a text as a SHA-256; None if it is not one."""
    return Sha256(text) if is_hexadecimal(text, SHA256_CHARS) else None


def find_sha256(stated: str) -> Sha256 | None:
    """Return the SHA-256 that a source states; None for another digest, none, or a broken one."""
    digest = parse_digest(stated)
    if digest is None or digest.algorithm != Algorithm.SHA256:
        return None
    return parse_sha256(digest.digits)


def find_git_oid(stated: str) -> str | None:
    """Return the SHA-1 of a git blob that a source states; None as in `find_sha256`."""
    if not stated.startswith(_GIT_START):
        return None
    digits = stated[len(_GIT_START) :]
    return digits if is_hexadecimal(digits, _CHARS[Algorithm.GIT]) else None


def hash_git_blob(size_bytes: int) -> hashlib._Hash:
    """Begin the SHA-1 of a git blob of this size (git's documentation, "Git Objects")."""
    return hashlib.sha1(b"blob %d\0" % size_bytes, usedforsecurity=False)
