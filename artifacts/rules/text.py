"""Making strangers' text fit for every database."""

from typing import TypeVar

T = TypeVar("T")


def storable(value: T) -> T:
    """Return text or JSON data without characters that a database cannot keep.

    PostgreSQL refuses NUL in text and in JSON, and no UTF-8 encoder takes lone surrogates, which
    `json.loads` lets through. Both are replaced by the replacement character.
    """
    return _storable(value)  # type: ignore[return-value]  # the kind of value never changes


def _storable(value: object) -> object:
    """Clean a value of any JSON kind."""
    if isinstance(value, str):
        cleaned = value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        return cleaned.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_storable(str(key)): _storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return value
