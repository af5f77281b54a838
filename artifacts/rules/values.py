"""Values out of strangers' JSON: what has another type than it should have counts as nothing."""

from __future__ import annotations

import string
from typing import Any

# The largest 64-bit number has 19 digits.
_DIGITS_MAX = 19
_HEXADECIMAL = frozenset(string.hexdigits.lower())


def text_of(value: object) -> str:
    """Return text; "" for anything else."""
    return value if isinstance(value, str) else ""


def count_of(value: object) -> int | None:
    """Return a number that counts something; None for anything else, `True` among it."""
    return value if type(value) is int and value >= 0 else None


def is_hexadecimal(text: str, length: int) -> bool:
    """Whether a text is a number of so many hexadecimal digits in lower case, as digests are."""
    return len(text) == length and _HEXADECIMAL.issuperset(text)


def whole_number(text: str) -> int | None:
    """Return a number that digits alone state, as headers do; None for anything else.

    Numbers of more digits than any size or time has are none: reading them takes long, or fails.
    """
    is_number = 0 < len(text) <= _DIGITS_MAX and text.isascii() and text.isdecimal()
    return int(text) if is_number else None


def list_of(value: object) -> list[Any]:
    """Return a list; nothing for what is none."""
    return value if isinstance(value, list) else []


def strings_of(value: object) -> list[str]:
    """Return the strings of a field that may be one, a list, or nonsense."""
    values = value if isinstance(value, list) else [value]
    return [each.strip() for each in values if isinstance(each, str)]
