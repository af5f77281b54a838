"""Checking and cleaning strangers' text so that every database can store it."""

import math
from typing import TypeVar

from artifacts.limits import INDEXED_TEXT_MAX_BYTES

T = TypeVar("T")


def is_indexable(text: str, max_chars: int) -> bool:
    """Return whether a text fits into an indexed column of so many characters.

    Columns count characters, indexes count bytes: a letter has up to four. Databases differ in
    which of the two they enforce, so both are checked here, for all of them.
    """
    return len(text) <= max_chars and len(text.encode(errors="replace")) <= INDEXED_TEXT_MAX_BYTES


def storable(value: T) -> T:
    """Return text or JSON data without characters that a database cannot store.

    PostgreSQL refuses NUL in text and in JSON, and UTF-8 encoders refuse lone surrogates, which
    `json.loads` accepts. Both become the replacement character. NaN and the infinities are not
    JSON; they become null.
    """
    return _storable(value)  # type: ignore[return-value]  # the kind of value never changes


def _storable(value: object) -> object:
    """Clean a value of any JSON kind."""
    if isinstance(value, str):
        cleaned = value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        return cleaned.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_storable(str(key)): _storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return value
