"""Pages by key: the last one costs what the first does, and what comes meanwhile shifts nothing.

An offset is opaque to clients. It holds the key of the last row that was given out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from artifacts.exceptions import InvalidOffset

_Row = TypeVar("_Row")
_PREFIX = "after"
_PATTERNS: dict[type, str] = {
    # As many digits as surely fit a column of whole numbers.
    int: "[0-9]{1,18}",
    # Bytes in hexadecimal digits, none of them NUL, which PostgreSQL does not take for text.
    str: "(?:0[1-9a-f]|[1-9a-f][0-9a-f])+",
}
# The longest user name in UTF-8, twice, and the rest.
_OFFSET_MAX_CHARS = 3_000


@dataclass(frozen=True)
class Rows(Generic[_Row]):
    """A page of rows, and what to ask for next; None when there is no more."""

    rows: list[_Row]
    next_offset: str | None


def page_of(
    found: Sequence[_Row], size: int, key: Callable[[_Row], tuple[int | str, ...]]
) -> Rows[_Row]:
    """Return a page of what was read.

    Args:
        found: the rows of the page, and one more where another page follows.
        key: of a row, what the rows are ordered by.
    """
    rows = list(islice(found, size))
    return Rows(rows, offset_of(*key(rows[-1])) if len(found) > size else None)


def offset_of(*key: int | str) -> str:
    """Return the offset of what comes after a key: numbers as digits, texts as their bytes."""
    parts = (str(part) if isinstance(part, int) else part.encode().hex() for part in key)
    return ".".join([_PREFIX, *parts])


def offset_pattern(*kinds: type[int | str]) -> str:
    """Return the regular expression of the offsets that hold such keys."""
    return "^" + r"\.".join([_PREFIX, *(_PATTERNS[kind] for kind in kinds)]) + "$"


def key_of(offset: str, *kinds: type[int | str]) -> tuple[int | str, ...]:
    """Return the key that an offset holds.

    Any text is a place in an order, so what is no UTF-8 is read as well as it can be.

    Args:
        kinds: what the key is made of.

    Raises:
        InvalidOffset: it is none of ours.
    """
    if len(offset) > _OFFSET_MAX_CHARS or re.fullmatch(offset_pattern(*kinds), offset) is None:
        raise InvalidOffset
    words = offset.split(".")[1:]
    return tuple(
        int(word) if kind is int else bytes.fromhex(word).decode(errors="replace")
        for word, kind in zip(words, kinds, strict=True)
    )
