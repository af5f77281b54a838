"""What only the bytes of a file tell: what it is, and what is wrong with it.

Nothing here rejects a file: its bytes are those that the source stated. They are kept, and marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from artifacts.enums import Part
from artifacts.exceptions import ArchiveRefused
from artifacts.limits import FORMAT_START_BYTES
from artifacts.rules.archives.safetensors import check_header
from artifacts.rules.lfs import Pointer, may_be_pointer, parse_pointer
from artifacts.rules.parts import classify_content, is_told_by_name
from artifacts.rules.weights import find_ending

_SAFETENSORS = frozenset(("safetensors", "sft"))


@dataclass(frozen=True)
class Finding:
    """What looking into a file found.

    Attributes:
        part: the part that it belongs to.
        fault: what is wrong with it, as a sentence; "" for nothing that was looked for.
        pointer: what it stands for if it is a pointer of Git LFS.
    """

    part: Part
    fault: str = ""
    pointer: Pointer | None = None


def is_safetensors(path: str) -> bool:
    """Whether a file has a header that can be checked, going by its name."""
    name = path.lower().rpartition("/")[2]
    return find_ending(name) in _SAFETENSORS and name.endswith(tuple(_SAFETENSORS))


def is_worth_a_look(path: str, size_bytes: int | None) -> bool:
    """Whether a file's bytes may tell more than its name does."""
    return is_safetensors(path) or may_be_pointer(size_bytes) or not is_told_by_name(path)


def examine_file(path: str, part: Part, size_bytes: int, file: IO[bytes]) -> Finding:
    """Look into a file that is read from its beginning.

    Args:
        part: as its name told.
        file: of other files than safetensors, `FORMAT_START_BYTES` are enough.

    Raises:
        TooMuchToRead: its header takes too long to read.
    """
    start = file.read(FORMAT_START_BYTES)
    pointer = parse_pointer(start) if may_be_pointer(size_bytes) else None
    if pointer is not None:
        return Finding(Part.OTHER, _describe(pointer), pointer)
    if not is_safetensors(path):
        return Finding(classify_content(path, part, start))
    file.seek(0)
    try:
        check_header(file, size_bytes)
    except ArchiveRefused as error:
        return Finding(part, error.message)
    return Finding(part)


def _describe(pointer: Pointer) -> str:
    """Say in words for people what a pointer is, and how to get what it stands for."""
    return (
        f"This is a Git LFS pointer: the content of {pointer.size_bytes:,} bytes was not there and "
        "is not kept. `git lfs pull` fetches it into a clone, which can then be uploaded."
    )
