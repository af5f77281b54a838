"""ONNX: whether it begins like a model, and whether it reads files outside of its folder.

Source: onnx, `onnx.proto3` (ModelProto, TensorProto.external_data); CVE-2024-27318.
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.limits import PATH_MAX_CHARS
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.window import Window

NAME = "ONNX headers"

# Tags of ModelProto's fields that a model can begin with: 1 to 8, 14, 20, 25.
_TAGS = (
    b"\x08",
    b"\x12",
    b"\x1a",
    b"\x22",
    b"\x28",
    b"\x32",
    b"\x3a",
    b"\x42",
    b"\x72",
    b"\xa2",
    b"\xca",
)
# An entry of external_data: its key, the field `key` of a StringStringEntryProto.
_LOCATION = b"\x0a\x08location\x12"
_CHUNK_BYTES = 1024 * 1024
_TAIL_BYTES = 4 * PATH_MAX_CHARS


def fits(look: Look) -> bool:
    """Whether it is named so."""
    return look.is_named(".onnx", ".ort") and not look.is_named(".ort")


def scan(look: Look) -> Iterator[ScanFinding]:
    """Check the beginning, and each place of tensors outside of the file."""
    if not look.start.startswith(_TAGS):
        yield look.finding(
            NAME, ScanVerdict.UNREADABLE, "It does not begin like a model of ONNX, and is none."
        )
        return
    for location in _list_locations(look.window):
        if location.startswith(("/", "\\", "~")) or ".." in location or ":" in location:
            yield look.finding(
                NAME,
                ScanVerdict.DANGEROUS,
                f"It takes tensors from {location[:100]!r}, outside of its folder: whoever loads "
                "it has that file read.",
            )
            return


def _list_locations(window: Window) -> Iterator[str]:
    """Yield the names of the files in which tensors rest."""
    window.seek(0)
    before = b""
    seen: set[bytes] = set()
    while chunk := window.read(_CHUNK_BYTES):
        text = before + chunk
        at = text.find(_LOCATION)
        while at >= 0:
            start = at + len(_LOCATION)
            size, start = _read_varint(text, start)
            name = text[start : start + size]
            if len(name) == size and name not in seen:
                seen.add(name)
                yield name.decode("utf-8", "replace")
            at = text.find(_LOCATION, at + 1)
        before = text[-_TAIL_BYTES:]


def _read_varint(text: bytes, at: int) -> tuple[int, int]:
    """Return a number of protobuf and where it ends; lengths of paths have two bytes at most."""
    number = shift = 0
    for position in range(at, min(at + 3, len(text))):
        number |= (text[position] & 0x7F) << shift
        if text[position] < 0x80:  # noqa: PLR2004  (the last byte)
            return number, position + 1
        shift += 7
    return 0, at
