"""Reading a part of a file, a piece at a time: no scanner ever holds a whole file."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Protocol

# Enough that a pickle's opcodes cost no request each, and little beside a scan's other memory.
_BUFFER_BYTES = 64 * 1024
# What is skipped in a stream that cannot jump is read in such pieces.
_SKIPPED_BYTES = 256 * 1024


class Readable(Protocol):
    """What a window reads: a file, or an unpacked stream."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most so many; b"" at the end."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to an offset."""
        ...


class Cut(Exception):
    """The bytes end where more were expected."""


class Window:
    """A part of a file, with a position of its own.

    Several windows may share one file: each moves it before it reads.
    """

    def __init__(
        self,
        file: Readable,
        tick: Callable[[int], None],
        *,
        start: int = 0,
        size: int | None = None,
        jumps: bool = True,
    ) -> None:
        """Begin at the start of the part.

        Args:
            tick: called with the number of bytes after each read; may raise to stop the scan.
            size: None for a stream whose end nobody knows.
            jumps: whether moving ahead costs nothing, as in a file; an unpacked stream is read.
        """
        self._file, self.tick, self._start, self._jumps = file, tick, start, jumps
        self.size = size
        self._buffer, self._at, self._buffer_start = b"", 0, 0

    def tell(self) -> int:
        """Return the position in the part."""
        return self._buffer_start + self._at

    def seek(self, position: int) -> None:
        """Move to a position in the part."""
        at = position - self._buffer_start
        if 0 <= at <= len(self._buffer):
            self._at = at
            return
        self._buffer, self._at, self._buffer_start = b"", 0, position

    def skip(self, size: int) -> None:
        """Move ahead.

        Raises:
            Cut: the part ends before.
        """
        target = self.tell() + size
        if self._jumps or target <= self._buffer_start + len(self._buffer):
            self.seek(target)
            if self.size is not None and target > self.size:
                raise Cut
            return
        while (left := target - self.tell()) > 0:
            self.take(min(left, _SKIPPED_BYTES))

    def read(self, size: int) -> bytes:
        """Return the next bytes; fewer at the end."""
        found = self._buffer[self._at : self._at + size]
        if len(found) == size:
            self._at += size
            return found
        position = self.tell() + len(found)
        more = self._fetch(position, max(size - len(found), _BUFFER_BYTES))
        wanted = size - len(found)
        self._buffer, self._at, self._buffer_start = more, min(wanted, len(more)), position
        return found + more[:wanted]

    def take(self, size: int) -> bytes:
        """Return exactly so many bytes.

        Raises:
            Cut: there are fewer.
        """
        found = self.read(size)
        if len(found) < size:
            raise Cut
        return found

    def line(self, most: int) -> bytes:
        """Return the bytes before the next newline, and move behind it.

        Of a line with more than `most` bytes one more than that is returned.

        Raises:
            Cut: there is no newline.
        """
        end = self._buffer.find(b"\n", self._at, self._at + most)
        if end < 0:
            return self._long_line(most)
        found = self._buffer[self._at : end]
        self._at = end + 1
        return found

    def _long_line(self, most: int) -> bytes:
        """Return a line that goes on behind the buffer."""
        found = b""
        while piece := self.read(_BUFFER_BYTES):
            end = piece.find(b"\n")
            if len(found) <= most:
                found += piece if end < 0 else piece[:end]
            if end >= 0:
                self.seek(self.tell() - len(piece) + end + 1)
                return found[: most + 1]
        raise Cut

    def part(self, start: int, size: int) -> Window:
        """Return a part of this part."""
        left = size if self.size is None else max(0, min(size, self.size - start))
        return Window(
            self._file, self.tick, start=self._start + start, size=left, jumps=self._jumps
        )

    def _fetch(self, position: int, size: int) -> bytes:
        """Return bytes of the file from a position in the part; fewer at the end."""
        if self.size is not None:
            size = min(size, self.size - position)
        if size <= 0:
            return b""
        self._file.seek(self._start + position)
        pieces, left = [], size
        while left:
            piece = self._file.read(min(left, _SKIPPED_BYTES))
            if not piece:
                break
            self.tick(len(piece))
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)


class AsFile(io.RawIOBase):
    """A window as a file of Python, for readers that want one."""

    def __init__(self, window: Window) -> None:
        """Begin at the start."""
        self._window = window
        self._position = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move."""
        size = self._window.size or 0
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: size}
        position = base[whence] + offset
        if position < 0:
            raise OSError("There is nothing before the start.")
        self._position = position
        return position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        view = memoryview(buffer)
        self._window.seek(self._position)
        data = self._window.read(len(view))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)
