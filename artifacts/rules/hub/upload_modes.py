"""How a client is to send each file: within the commit, or straight to the bucket before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from artifacts.enums import Part
from artifacts.limits import REGULAR_FILE_MAX_BYTES, REGULAR_FILES_MAX_BYTES
from artifacts.rules.parts import classify_part

# The clients' own words.
Mode = Literal["regular", "lfs"]
# What people read and compare: cards, configurations, code.
_TEXTS = (Part.CARD, Part.CONFIG, Part.CODE)


@dataclass(frozen=True)
class Announced:
    """A file that a client is about to send."""

    path: str
    size_bytes: int


def choose_modes(files: Iterable[Announced]) -> dict[str, Mode]:
    """Return how to send each file, by path.

    Only small texts go into the commit, and only as many as a body holds. An empty file does, too:
    clients never send those to a bucket.
    """
    left_bytes = REGULAR_FILES_MAX_BYTES
    modes: dict[str, Mode] = {}
    for file in files:
        is_small = file.size_bytes <= min(left_bytes, REGULAR_FILE_MAX_BYTES)
        is_text = classify_part(file.path, file.size_bytes) in _TEXTS
        is_regular = not file.size_bytes or (is_small and is_text)
        left_bytes -= file.size_bytes if is_regular else 0
        modes[file.path] = "regular" if is_regular else "lfs"
    return modes
