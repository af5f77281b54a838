"""Kinds of items of numpy's arrays.

Source: numpy, "Array interface protocol" (typestr).
"""

from __future__ import annotations

from typing import Any


def count_item_bytes(kind: Any) -> int | None:
    """Return the size of one item of a numpy array; None for unknown.

    Args:
        kind: such as `f8`, `U10`.
    """
    if not isinstance(kind, str):
        return None
    letter, digits = kind.lstrip("<>|=")[:1], kind.lstrip("<>|=")[1:]
    if letter not in "biufcSUVmM" or not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004
        return None
    return int(digits) * (4 if letter == "U" else 1)
