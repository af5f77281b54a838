"""Pages by key: the last one costs what the first does, and what comes meanwhile shifts nothing.

An offset is opaque to clients. It holds the key of the last row that was given out.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar
from urllib.parse import quote, unquote

from artifacts.exceptions import InvalidOffset

_Row = TypeVar("_Row")
_PREFIX = "after"
# The largest whole number that a database column holds.
_NUMBER_END = 2**63
_NUMBER_MAX_DIGITS = 19
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
    """Return the offset of what comes after a key."""
    text = ":".join([_PREFIX, *(quote(str(part), safe="") for part in key)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_of(offset: str, *kinds: type[int | str]) -> tuple[int | str, ...]:
    """Return the key that an offset holds.

    Args:
        kinds: what the key is made of.

    Raises:
        InvalidOffset: it is none of ours.
    """
    if len(offset) > _OFFSET_MAX_CHARS:
        raise InvalidOffset
    try:
        padded = offset + "=" * (-len(offset) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        prefix, *parts = text.split(":")
        words = [unquote(part, errors="strict") for part in parts]
    except (binascii.Error, ValueError) as error:
        raise InvalidOffset from error
    if prefix != _PREFIX or len(words) != len(kinds):
        raise InvalidOffset
    return tuple(_typed(word, kind) for word, kind in zip(words, kinds, strict=True))


def _typed(word: str, kind: type[int | str]) -> int | str:
    """Return a part of a key as what it is."""
    if kind is str:
        if not word or "\x00" in word:
            raise InvalidOffset
        return word
    if not (word.isascii() and word.isdecimal()) or len(word) > _NUMBER_MAX_DIGITS:
        raise InvalidOffset
    if int(word) >= _NUMBER_END:
        raise InvalidOffset
    return int(word)
