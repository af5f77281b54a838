"""Headers of GGUF: whether they are whole, and whether their chat template reaches for code.

Source: ggml, `docs/gguf.md`; CVE-2024-34359 (templates that were rendered without a sandbox).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.limits import SCAN_ENTRIES_MAX, SCAN_TEXT_MAX_BYTES
from artifacts.rules.scanning.chat_templates import SAID_LONG, find_way_out, say_way_out
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.window import Cut, Window

NAME = "GGUF headers"

_MAGIC = b"GGUF"
# By the number of a type: its struct, or its kind.
_WIDTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9
_KEY_MAX_BYTES = 65_535
_NESTED_MAX = 4
_LONG_LENGTHS_SINCE = 2


def fits(look: Look) -> bool:
    """Whether it begins like GGUF, or is named so."""
    return look.start.startswith(_MAGIC) or look.is_named(".gguf")


def scan(look: Look) -> Iterator[ScanFinding]:
    """Read the header."""
    broken = look.finding(
        NAME, ScanVerdict.UNREADABLE, "Its GGUF header is broken: it cannot be loaded."
    )
    if not look.start.startswith(_MAGIC):
        yield broken
        return
    try:
        for key, text in _read_texts(look.window):
            if "template" not in key:
                continue
            if text is None:
                yield look.finding(NAME, ScanVerdict.SUSPICIOUS, SAID_LONG)
            elif way := find_way_out(text):
                yield look.finding(NAME, ScanVerdict.DANGEROUS, say_way_out(way))
    except (Cut, struct.error):
        yield broken


def _read_texts(window: Window) -> Iterator[tuple[str, str | None]]:
    """Yield key and value of the header's entries: None for a long text, "" for what is none."""
    window.seek(4)
    (version,) = struct.unpack("<I", window.take(4))
    # The first version had lengths of 32 bits; a header of the other byte order is no model here.
    width = 8 if version >= _LONG_LENGTHS_SINCE else 4
    if not 1 <= version < 100:  # noqa: PLR2004  (the other byte order)
        return
    _read_number(window, width)
    count = _read_number(window, width)
    if count > SCAN_ENTRIES_MAX:
        raise Cut
    for _ in range(count):
        key = window.take(_bounded(_read_number(window, width), _KEY_MAX_BYTES))
        value = _read_value(window, _read_number(window, 4), width, 0)
        yield key.decode("utf-8", "replace"), value


def _read_value(window: Window, kind: int, width: int, depth: int) -> str | None:
    """Return a text, None for a long one, and pass everything else by."""
    if kind in _WIDTHS:
        window.skip(_WIDTHS[kind])
        return ""
    if kind == _STRING:
        size = _read_number(window, width)
        if size > SCAN_TEXT_MAX_BYTES:
            window.skip(size)
            return None
        return window.take(size).decode("utf-8", "replace")
    if kind != _ARRAY or depth >= _NESTED_MAX:
        raise Cut
    inner, count = _read_number(window, 4), _read_number(window, width)
    if inner in _WIDTHS:
        window.skip(_WIDTHS[inner] * count)
        return ""
    if count > SCAN_ENTRIES_MAX:
        raise Cut
    for _ in range(count):
        if inner == _STRING:
            window.skip(_read_number(window, width))
        else:
            _read_value(window, inner, width, depth + 1)
    return ""


def _read_number(window: Window, width: int) -> int:
    """Return a number without sign."""
    return int.from_bytes(window.take(width), "little")


def _bounded(size: int, most: int) -> int:
    """Return a size that is not too large.

    Raises:
        Cut: it is.
    """
    if size > most:
        raise Cut
    return size
