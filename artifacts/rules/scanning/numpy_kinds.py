"""Kinds of items of numpy's arrays.

Source: numpy, "Array interface protocol" (typestr).
"""

from __future__ import annotations

from typing import Any

# What a pickled dtype is given: version, order, base, names, fields, size, alignment, flags.
_STATE_VERSIONS, _STATE_SIZE, _STATE_FLAGS = (3, 4), 5, 7
_OBJECT_FLAG = 1


def holds_objects(state: Any) -> bool | None:
    """Return whether the items of a dtype are pickled, by its state; None for unknown.

    Args:
        state: None for a dtype without.
    """
    if state is None:
        return False
    if not isinstance(state, tuple) or len(state) <= _STATE_FLAGS:
        return None
    flags = state[_STATE_FLAGS]
    if state[0] not in _STATE_VERSIONS or not isinstance(flags, int):
        return None
    return bool(flags & _OBJECT_FLAG)


def count_item_bytes(kind: Any, state: Any = None) -> int | None:
    """Return the size of one item of a numpy array; None for unknown.

    Args:
        kind: such as `f8`, `U10`.
        state: of the dtype, which may tell another size of texts and records.
    """
    if not isinstance(kind, str):
        return None
    letter, digits = kind.lstrip("<>|=")[:1], kind.lstrip("<>|=")[1:]
    if letter not in "biufcSUVmM" or not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004
        return None
    if letter in "SUV" and isinstance(state, tuple) and len(state) > _STATE_FLAGS:
        size = state[_STATE_SIZE]
        if isinstance(size, int) and size > 0:
            return size
    return int(digits) * (4 if letter == "U" else 1)
