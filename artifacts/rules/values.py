"""Reading values from strangers' JSON: a value of the wrong type counts as nothing."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

# The largest 64-bit number has 19 digits.
_DIGITS_MAX = 19
_HEXADECIMAL = frozenset(string.hexdigits.lower())
# Git shortens a commit's hash to no less than seven digits; SHA-256 gives it 64.
_COMMIT_MIN_CHARS, _COMMIT_MAX_CHARS = 7, 64


def read_text(value: object) -> str:
    """Return a text; "" for anything else."""
    return value if isinstance(value, str) else ""


def read_count(value: object) -> int | None:
    """Return a number that counts something; None for anything else, including `True`."""
    return value if type(value) is int and value >= 0 else None


def is_hexadecimal(text: str, length: int) -> bool:
    """Whether a text has exactly so many hexadecimal digits in lower case, as digests do."""
    return len(text) == length and _HEXADECIMAL.issuperset(text)


def is_commit(text: str) -> bool:
    """Whether a text is the hash of a git commit, possibly shortened."""
    is_long = _COMMIT_MIN_CHARS <= len(text) <= _COMMIT_MAX_CHARS
    return is_long and _HEXADECIMAL.issuperset(text)


def whole_number(text: str) -> int | None:
    """Return a number written with digits only, as in headers; None for anything else.

    Numbers with more digits than any size or time has are refused: parsing them is slow, or fails.
    """
    is_number = 0 < len(text) <= _DIGITS_MAX and text.isascii() and text.isdecimal()
    return int(text) if is_number else None


def read_list(value: object) -> list[Any]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def read_strings(value: object) -> list[str]:
    """Return the strings of a field that may be one, a list, or nonsense."""
    values = value if isinstance(value, list) else [value]
    return [each.strip() for each in values if isinstance(each, str)]


def read_tags(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags that a source states; those that are not text are left out."""
    return tuple(each for each in read_list(facts.get("tags")) if isinstance(each, str))
