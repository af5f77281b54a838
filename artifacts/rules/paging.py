"""Pages by key: the last page costs as much as the first, and new rows shift nothing.

An offset is opaque to clients. It holds the key of the last row that was returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from artifacts.exceptions import InvalidOffset

_Row = TypeVar("_Row")
_PREFIX = "after"
# Numbers of this many digits always fit an integer column.
_NUMBER_MAX_DIGITS = 18
_PATTERNS: dict[type, str] = {
    int: f"[0-9]{{1,{_NUMBER_MAX_DIGITS}}}",
    # Bytes in hexadecimal digits, without NUL, which PostgreSQL does not accept in text.
    str: "(?:0[1-9a-f]|[1-9a-f][0-9a-f])+",
}
# Room for the longest user name in UTF-8, twice, and the rest.
_OFFSET_MAX_CHARS = 3_000


@dataclass(frozen=True)
class Rows(Generic[_Row]):
    """A page of rows, and the offset of the next page; None when there is none."""

    rows: list[_Row]
    next_offset: str | None


def cut_page(
    found: Sequence[_Row], size: int, key: Callable[[_Row], tuple[int | str, ...]]
) -> Rows[_Row]:
    """Return a page of the rows that were read.

    Args:
        found: the rows of the page, and one more where another page follows.
        key: returns what rows are ordered by.
    """
    rows = list(islice(found, size))
    return Rows(rows, make_offset(*key(rows[-1])) if len(found) > size else None)


def make_offset(*key: int | str) -> str:
    """Return the offset that continues after a key: numbers as digits, texts as bytes."""
    parts = (str(part) if isinstance(part, int) else part.encode().hex() for part in key)
    return ".".join([_PREFIX, *parts])


def offset_pattern(*kinds: type[int | str]) -> str:
    """Return the regular expression of offsets that hold such keys."""
    return "^" + r"\.".join([_PREFIX, *(_PATTERNS[kind] for kind in kinds)]) + "$"


def read_key(offset: str, *kinds: type[int | str]) -> tuple[int | str, ...]:
    """Return the key that an offset holds.

    Any text is a valid place in an order, so invalid UTF-8 is decoded as well as possible.

    Args:
        kinds: the types of the key's parts.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    prefix, *words = offset[: _OFFSET_MAX_CHARS + 1].split(".")
    if len(offset) > _OFFSET_MAX_CHARS or prefix != _PREFIX or len(words) != len(kinds):
        raise InvalidOffset
    return tuple(
        _parse_number(word) if kind is int else _parse_text(word)
        for word, kind in zip(words, kinds, strict=True)
    )


def _parse_number(word: str) -> int:
    """Parse a number in the form that `offset_pattern` describes."""
    if not (word.isascii() and word.isdecimal() and len(word) <= _NUMBER_MAX_DIGITS):
        raise InvalidOffset
    return int(word)


def _parse_text(word: str) -> str:
    """Parse a text in the form that `offset_pattern` describes."""
    try:
        written = bytes.fromhex(word)
    except ValueError as error:
        raise InvalidOffset from error
    if not written or b"\0" in written or written.hex() != word:
        raise InvalidOffset
    return written.decode(errors="replace")
