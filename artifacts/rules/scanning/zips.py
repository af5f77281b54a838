"""Zips, such as PyTorch, numpy and Keras write: each member is looked into.

`zipfile` refuses what other readers accept: a wrong checksum, a flag, a name that differs between
directory and member. So it only finds the end of the directory; entries and members are
read here. Where there is no directory, members are found one after the other.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7 and 4.3.12.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import SCAN_MEMBERS_MAX
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.unpacking import BROKEN, unpack
from artifacts.rules.scanning.window import Cut, Window

NAME = "zips"

_LOCAL = struct.Struct("<4s5H3I2H")
# Section 4.3.12: an entry of the directory.
_ENTRY = struct.Struct("<4s6xH8xIIHHH8xI")
_ENTRY_SIGNATURE = b"PK\x01\x02"
_ZIP64_END, _ZIP64_END_BYTES = b"PK\x06\x06", 56 + 20
_ENTRIES_AT_ONCE = 1_000
_TOO_LARGE = 0xFFFFFFFF
_SIGNATURE = b"PK\x03\x04"
_END = b"PK\x05\x06"
# How far from the end of a file the end of its directory may stand.
_END_WITHIN_BYTES = 65_536 + 22
_STORED, _DEFLATED, _BZIP2, _LZMA = 0, 8, 12, 14
_METHODS = {_DEFLATED: "deflate", _BZIP2: "bzip2"}


def fits(look: Look) -> bool:
    """Whether it begins like a zip, or is named like a file that may have one at its end."""
    return look.start.startswith(b"PK") or (
        look.is_named(".pt", ".pth", ".bin", ".ckpt", ".npz", ".keras", ".zip", ".pkl", ".nemo")
        and _has_end(look.window)
    )


def scan(look: Look) -> Iterator[ScanFinding]:
    """Scan the members."""
    count = 0
    for name, member in list_members(look.window):
        count += 1
        if count > SCAN_MEMBERS_MAX:
            raise TooMuchToRead("The zip", f"it has over {SCAN_MEMBERS_MAX:,} members")
        if isinstance(member, int):
            yield _closed(look, name, member)
            continue
        try:
            yield from look.inner(name, member)
        except (Cut, *BROKEN):
            yield look.finding(
                NAME, ScanVerdict.UNREADABLE, f"The member {name[:100]!r} of the zip is broken."
            )
    if not count and look.start.startswith(_SIGNATURE):
        yield look.finding(NAME, ScanVerdict.UNREADABLE, "It is a broken zip: it cannot be loaded.")


def _closed(look: Look, name: str, method: int) -> ScanFinding:
    """Return the finding about a member that is packed in another way than archives of models."""
    # Python unpacks LZMA; no loader of models has the other methods.
    verdict = ScanVerdict.SUSPICIOUS if method == _LZMA else ScanVerdict.UNREADABLE
    told = f"The member {name[:100]!r} is packed by the method {method}, and was not looked into."
    return look.finding(NAME, verdict, told)


def list_members(window: Window) -> Iterator[tuple[str, Window | int]]:
    """Yield the name and the unpacked bytes of each member, also of those of one name.

    A member that is packed by a method that is not unpacked here comes with the method's number.
    """
    is_any = is_torch = False
    entries = _list_directory(window)
    # Some entries, then their members: to go back and forth would cost a request for each.
    while step := list(islice(entries, _ENTRIES_AT_ONCE)):
        for name, position, size, method in step:
            is_any = True
            is_torch = is_torch or name.endswith("/data.pkl")
            if name.endswith("/") or (is_torch and _is_storage(name)):
                continue
            found = _open_member(window, position, size, method)
            if found is not None:
                yield name, found[0]
    if not is_any:
        yield from _walk(window)


def _list_directory(window: Window) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, place, packed size and method of each entry of the directory, as it stands."""
    end = _find_end(window)
    if end is None:
        return
    position, size_bytes, shift = end
    until = position + size_bytes
    while position + _ENTRY.size <= until:
        window.seek(position)
        fields = _ENTRY.unpack(window.take(_ENTRY.size))
        if fields[0] != _ENTRY_SIGNATURE:
            return
        method, size, whole = fields[1], fields[2], fields[3]
        name_bytes, extra_bytes, comment_bytes, offset = fields[4:]
        name = window.take(name_bytes)
        offset, size = _read_zip64(window.take(extra_bytes), whole, size, offset)
        yield name.decode("utf-8", "replace"), offset + shift, size, method
        position += _ENTRY.size + name_bytes + extra_bytes + comment_bytes


def _find_end(window: Window) -> tuple[int, int, int] | None:
    """Return where the directory stands, its size, and what precedes the zip; None for none."""
    if window.size is None:
        return None
    try:
        end = zipfile._EndRecData(io.BufferedReader(_AsFile(window)))  # type: ignore[attr-defined]  # noqa: SLF001  (no public way)
    except (OSError, ValueError, struct.error, zipfile.BadZipFile):
        return None
    if end is None:
        return None
    size_bytes, offset, location = end[5], end[6], end[9]
    if end[0] == _ZIP64_END:
        location -= _ZIP64_END_BYTES
    start = location - size_bytes
    return (start, size_bytes, start - offset) if start >= 0 else None


def _read_zip64(extra: bytes, whole: int, size: int, offset: int) -> tuple[int, int]:
    """Return place and packed size of a member, from its extra field where they are too large."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            numbers = list(struct.unpack_from(f"<{length // 8}Q", extra + bytes(8), at + 4))
            if whole == _TOO_LARGE and numbers:
                numbers.pop(0)
            if size == _TOO_LARGE and numbers:
                size = numbers.pop(0)
            if offset == _TOO_LARGE and numbers:
                offset = numbers.pop(0)
        at += 4 + length
    return offset, size


def _walk(window: Window) -> Iterator[tuple[str, Window | int]]:
    """Yield the members one after the other, as far as each tells where the next one begins."""
    position = 0
    while True:
        window.seek(position)
        header = window.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(_SIGNATURE):
            return
        fields = _LOCAL.unpack(header)
        size, name_bytes = fields[7], fields[9]
        name = window.read(name_bytes).decode("utf-8", "replace")
        if not name:
            return
        found = _open_member(window, position, size, fields[3])
        if found is None:
            return
        member, end = found
        yield name, member
        if not size:
            return
        position = end


def _open_member(
    window: Window, position: int, size: int, method: int
) -> tuple[Window | int, int] | None:
    """Return a member's unpacked bytes and where its packed ones end; None if it has none.

    Args:
        size: of its packed bytes; 0 for unknown, which takes all that follows.
    """
    window.seek(position)
    header = window.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(_SIGNATURE):
        return None
    name_bytes, extra_bytes = _LOCAL.unpack(header)[9:11]
    start = position + _LOCAL.size + name_bytes + extra_bytes
    left = (window.size or 0) - start
    packed = window.part(start, size if size or method == _STORED else left)
    if method == _STORED:
        return packed, start + size
    if method not in _METHODS:
        return method, start + size
    return unpack(packed, _METHODS[method]), start + size


def _is_storage(name: str) -> bool:
    """Whether a member holds the numbers of a tensor, which PyTorch never unpickles."""
    folder, _, last = name.rpartition("/")
    return last.isdecimal() and folder.endswith("data")


def _has_end(window: Window) -> bool:
    """Whether a zip ends with the file."""
    if not window.size:
        return False
    start = max(0, window.size - _END_WITHIN_BYTES)
    window.seek(start)
    return _END in window.read(window.size - start)


class _AsFile(io.RawIOBase):
    """A window as `zipfile` reads it."""

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
