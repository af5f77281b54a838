"""Values out of strangers' JSON: what has another type than it should have counts as nothing."""

from __future__ import annotations

from typing import Any


def text_of(value: object) -> str:
    """Return text; "" for anything else."""
    return value if isinstance(value, str) else ""


def count_of(value: object) -> int | None:
    """Return a number that counts something; None for anything else, `True` among it."""
    return value if type(value) is int and value >= 0 else None


def list_of(value: object) -> list[Any]:
    """Return a list; nothing for what is none."""
    return value if isinstance(value, list) else []


def strings_of(value: object) -> list[str]:
    """Return the strings of a field that may be one, a list, or nonsense."""
    values = value if isinstance(value, list) else [value]
    return [each.strip() for each in values if isinstance(each, str)]
