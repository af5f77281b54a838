"""Sizes in a form for people."""

from __future__ import annotations

_STEP = 1_000


def human_size(size_bytes: int | None) -> str:
    """Return a size for people, in steps of 1,000; "unknown" for None."""
    if size_bytes is None:
        return "unknown"
    size, unit = float(size_bytes), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < _STEP:
            break
        size, unit = size / _STEP, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
