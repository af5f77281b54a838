"""Pages by key: the last one costs what the first does, and what comes meanwhile shifts nothing.

An offset is opaque to clients. It holds the key of the last row that was given out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from artifacts.exceptions import InvalidOffset

_Row = TypeVar("_Row")
_PREFIX = "after"
# As many as surely fit a column of whole numbers.
_NUMBER_MAX_DIGITS = 18
_PATTERNS: dict[type, str] = {
    int: f"[0-9]{{1,{_NUMBER_MAX_DIGITS}}}",
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
    prefix, *words = offset[: _OFFSET_MAX_CHARS + 1].split(".")
    if len(offset) > _OFFSET_MAX_CHARS or prefix != _PREFIX or len(words) != len(kinds):
        raise InvalidOffset
    return tuple(
        _number_in(word) if kind is int else _text_in(word)
        for word, kind in zip(words, kinds, strict=True)
    )


def _number_in(word: str) -> int:
    """Return a number, written as `offset_pattern` says."""
    if not (word.isascii() and word.isdecimal() and len(word) <= _NUMBER_MAX_DIGITS):
        raise InvalidOffset
    return int(word)


def _text_in(word: str) -> str:
    """Return a text, written as `offset_pattern` says."""
    try:
        written = bytes.fromhex(word)
    except ValueError as error:
        raise InvalidOffset from error
    if not written or b"\0" in written or written.hex() != word:
        raise InvalidOffset
    return written.decode(errors="replace")
