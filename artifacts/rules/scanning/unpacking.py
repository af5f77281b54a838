"""Compressed bytes as a file that can be read and moved in, with little memory.

Source: RFC 1950 to 1952; joblib, `numpy_pickle_utils._detect_compressor`.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any

from artifacts.limits import SCAN_UNPACKER_MAX_BYTES
from artifacts.rules.scanning.window import Window

_PACKED_BYTES = 64 * 1024
# How compressed streams begin.
MAGICS = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x5d\x00\x00", "lzma"),
    (b"\x78\x01", "zlib"),
    (b"\x78\x5e", "zlib"),
    (b"\x78\x9c", "zlib"),
    (b"\x78\xda", "zlib"),
)
# Compressions for which Python has no program.
CLOSED_MAGICS = (
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
)
BROKEN = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)


class _Zlib:
    """zlib's way to unpack, as bz2 and lzma have it."""

    def __init__(self, bits: int) -> None:
        """Begin a stream."""
        self._inner = zlib.decompressobj(bits)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most so many unpacked bytes."""
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)

    @property
    def needs_input(self) -> bool:
        """Whether more packed bytes are needed."""
        return not self._inner.unconsumed_tail

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        """What follows the stream."""
        return self._inner.unused_data


def _xz() -> Any:
    return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=SCAN_UNPACKER_MAX_BYTES)


_UNPACKERS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: _Zlib(31),
    "zlib": lambda: _Zlib(15),
    "deflate": lambda: _Zlib(-15),
    "bzip2": bz2.BZ2Decompressor,
    "xz": _xz,
    "lzma": _xz,
}


class Unpacked:
    """A compressed part of a file, unpacked as it is read.

    Moving back begins again at the start; the tick of the packed window bounds what that costs.
    """

    def __init__(self, packed: Window, method: str) -> None:
        """Begin at the start."""
        self._packed, self._make = packed, _UNPACKERS[method]
        self._unpacker: Any = None
        self._left, self._position = b"", 0
        self._restart()

    def seek(self, offset: int, whence: int = 0, /) -> int:  # noqa: ARG002  (a file's signature)
        """Move to an offset, reading what lies before it."""
        if offset < self._position:
            self._restart()
        while self._position < offset and self.read(min(offset - self._position, _PACKED_BYTES)):
            pass
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        """Return the next unpacked bytes; b"" at the end."""
        while True:
            if self._unpacker.eof and not self._next_stream():
                return b""
            data = b""
            if self._unpacker.needs_input:
                data = self._left or self._packed.read(_PACKED_BYTES)
                self._left = b""
                if not data:
                    return b""
            found: bytes = self._unpacker.decompress(data, max(1, size))
            self._packed.tick(len(found))
            if found:
                self._position += len(found)
                return found

    def _restart(self) -> None:
        """Go back to the start."""
        self._packed.seek(0)
        self._unpacker, self._left, self._position = self._make(), b"", 0

    def _next_stream(self) -> bool:
        """Go on with a stream that follows directly, as gzip and its kin allow."""
        left = self._unpacker.unused_data or self._packed.read(_PACKED_BYTES)
        if not left.startswith(tuple(magic for magic, _ in MAGICS[:3])):
            return False
        self._unpacker, self._left = self._make(), left
        return True


def unpack(packed: Window, method: str) -> Window:
    """Return a compressed part as an unpacked one of unknown length."""
    return Window(Unpacked(packed, method), packed.tick, jumps=False)
