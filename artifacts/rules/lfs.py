"""Recognising Git LFS pointers: small texts that stand where a large file is kept elsewhere.

Source: Git LFS specification, "The Pointer" (docs/spec.md of git-lfs). A pointer has under 1,024
bytes; each line is a key, one space and a value; the first names the version, the others follow in
the order of their letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from artifacts.limits import LISTED_SIZE_MAX_BYTES
from artifacts.rules.digest import Algorithm, Digest, Sha256, parse_digest, parse_sha256
from artifacts.rules.encodings import decode_text
from artifacts.rules.values import whole_number

# "Pointer files MUST be less than 1024 bytes in size."
POINTER_MAX_BYTES = 1_023
# The least that the three required lines have: 43 + 76 + 7 bytes.
POINTER_MIN_BYTES = 126
# The last two name the same format before its first release; git-lfs still reads them.
_VERSIONS = (
    "https://git-lfs.github.com/spec/v1",
    "https://hawser.github.com/spec/v1",
    "http://git-media.io/v/2",
)
_VERSION, _OID, _SIZE = "version", "oid", "size"
# How the pointers that git-lfs writes begin.
POINTER_START = f"{_VERSION} {_VERSIONS[0]}".encode()


@dataclass(frozen=True)
class Pointer:
    """What a pointer says about the file that it stands for.

    Attributes:
        sha256: of the file's content.
        size_bytes: of the file's content.
    """

    sha256: Sha256
    size_bytes: int

    @property
    def digest(self) -> str:
        """The digest as sources state it, `sha256:<hex>`."""
        return str(Digest(Algorithm.SHA256, self.sha256))


def write_pointer(sha256: Sha256, size_bytes: int) -> bytes:
    """Return the pointer that git-lfs writes for a file."""
    return POINTER_START + f"\n{_OID} sha256:{sha256}\n{_SIZE} {size_bytes}\n".encode()


def may_be_pointer(size_bytes: int | None) -> bool:
    """Whether a file of this size can be a pointer, so that reading it is worth a look."""
    return size_bytes is not None and POINTER_MIN_BYTES <= size_bytes <= POINTER_MAX_BYTES


def parse_pointer(content: bytes) -> Pointer | None:
    """Return what a file's whole content says if it is a pointer; None if it is something else.

    Other line breaks, blanks at the ends of lines, byte order marks and UTF-16 are accepted: tools
    that edit, check out or pack files make all of these, and the weights are no more there for it.
    """
    if len(content) > POINTER_MAX_BYTES:
        return None
    decoded = decode_text(content)
    if not decoded.has_all:
        return None
    split = (line.rstrip().partition(" ") for line in decoded.text.strip().split("\n"))
    pairs = [(key, value) for key, _, value in split]
    keys = [key for key, _ in pairs]
    is_sorted = all(key < following for key, following in pairwise(keys[1:]))
    if keys[:1] != [_VERSION] or pairs[0][1] not in _VERSIONS or not is_sorted:
        return None
    values = dict(pairs[1:])
    digest = parse_digest(values.get(_OID, ""))
    size_bytes = whole_number(values.get(_SIZE, ""))
    if digest is None or digest.algorithm != Algorithm.SHA256 or size_bytes is None:
        return None
    sha256 = parse_sha256(digest.digits)
    return Pointer(sha256, size_bytes) if sha256 and size_bytes <= LISTED_SIZE_MAX_BYTES else None
