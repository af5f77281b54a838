"""An object on S3 as a file that supports reading and seeking."""

from __future__ import annotations

import errno
import io
from typing import Any, BinaryIO, Protocol, cast

from artifacts.limits import S3_READ_AHEAD_MAX_BYTES, S3_READ_AHEAD_MIN_BYTES

_GROWTH = 4


class _Ranges(Protocol):
    """Reads ranges of objects."""

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`."""
        ...


def open_range_reader(store: _Ranges, key: str, size_bytes: int) -> BinaryIO:
    """Return an object as a file."""
    return cast("BinaryIO", io.BufferedReader(_RangeReader(store, key, size_bytes)))


class _RangeReader(io.RawIOBase):
    """Requests short ranges after a seek, and longer and longer ones while reading continues.

    So reading a zip's directory does not cost megabytes for each entry, and reading a file of
    gigabytes does not cost a request for each megabyte.
    """

    def __init__(self, store: _Ranges, key: str, size_bytes: int) -> None:
        """Begin at the start."""
        self._store, self._key, self._size_bytes = store, key, size_bytes
        self._position = 0
        self._ahead = b""
        self._ahead_start = 0
        self._asked_bytes = 0

    def readable(self) -> bool:
        """Return True, for the buffer around this."""
        return True

    def seekable(self) -> bool:
        """Return True, for the buffer around this."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move without sending a request.

        Raises:
            OSError: the position is before the start, as with any file.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size_bytes}
        position = base[whence] + offset
        if position < 0:
            raise OSError(errno.EINVAL, "There is nothing before the start.")
        self._position = position
        return position

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from what was read ahead, reading further if necessary."""
        if self._position >= self._size_bytes:
            return 0
        ahead_end = self._ahead_start + len(self._ahead)
        if not self._ahead_start <= self._position < ahead_end:
            self._read_on(is_next=self._position == ahead_end)
        start = self._position - self._ahead_start
        data = self._ahead[start : start + len(buffer)]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _read_on(self, *, is_next: bool) -> None:
        """Request the range that begins here."""
        self._asked_bytes = (
            min(self._asked_bytes * _GROWTH, S3_READ_AHEAD_MAX_BYTES)
            if is_next and self._asked_bytes
            else S3_READ_AHEAD_MIN_BYTES
        )
        end = min(self._position + self._asked_bytes, self._size_bytes)
        self._ahead = self._store.read_range(self._key, self._position, end)
        self._ahead_start = self._position
