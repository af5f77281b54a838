"""Looking for byte strings in a file of any size."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.rules.scanning.window import Window

_CHUNK_BYTES = 1024 * 1024


def find_all(window: Window, wanted: Sequence[bytes]) -> dict[bytes, int]:
    """Return where each wanted byte string first stands, for those that do."""
    found: dict[bytes, int] = {}
    overlap = max(map(len, wanted)) - 1
    window.seek(0)
    before, position = b"", 0
    while chunk := window.read(_CHUNK_BYTES):
        text = before + chunk
        for each in wanted:
            if each not in found and (at := text.find(each)) >= 0:
                found[each] = position - len(before) + at
        position += len(chunk)
        before = text[-overlap:]
    return found
