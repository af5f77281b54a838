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

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import SCAN_MEMBERS_MAX
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.unpacking import BROKEN, unpack
from artifacts.rules.scanning.window import AsFile, Cut, Window

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
# Section 4.3.9: sizes behind a member, for which bit 3 of its flags stands.
_DESCRIPTOR, _SIZE_FOLLOWS = b"PK\x07\x08", 8
_BEHIND_MEMBERS = (_ENTRY_SIGNATURE, _END, _ZIP64_END, b"PK\x06\x07", b"PK\x06\x08")
# Honest files have one; a comment may hold the signature.
_ENDS_MAX = 16
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
    # numpy loads every member, also one that is named like a tensor of PyTorch.
    for name, member in list_members(look.window, skips_storages=not look.is_named(".npz")):
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


def list_members(
    window: Window, *, skips_storages: bool = True
) -> Iterator[tuple[str, Window | int]]:
    """Yield the name and the unpacked bytes of each member, also of those of one name.

    A member that is packed by a method that is not unpacked here comes with the method's number.

    Args:
        skips_storages: whether to pass by the numbers of tensors in an archive of PyTorch.

    Raises:
        TooMuchToRead: without a directory, not all members are found.
    """
    is_any = is_torch = False
    entries = _list_directory(window)
    # Some entries, then their members: to go back and forth would cost a request for each.
    while step := list(islice(entries, _ENTRIES_AT_ONCE)):
        for name, position, size, method in step:
            is_any = True
            is_torch = is_torch or name.endswith("/data.pkl")
            if name.endswith("/") or (skips_storages and is_torch and _is_storage(name)):
                continue
            found = _open_member(window, position, size, method)
            if found is not None:
                yield name, found[0]
    if not is_any:
        yield from _walk(window)


def _list_directory(window: Window) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, place, packed size and method of each entry of the directory, as it stands.

    Where it says itself that it stands elsewhere than before its end, both places are read:
    readers go by either.
    """
    for start, size_bytes, shift in _find_ends(window):
        yield from _list_entries(window, start, size_bytes, shift)


def _list_entries(
    window: Window, position: int, size_bytes: int, shift: int
) -> Iterator[tuple[str, int, int, int]]:
    """Yield the entries of a directory at a place.

    Args:
        shift: how many bytes precede the zip.
    """
    until = position + size_bytes
    while position + _ENTRY.size <= until:
        window.seek(position)
        entry = window.read(_ENTRY.size)
        if len(entry) < _ENTRY.size:
            return
        fields = _ENTRY.unpack(entry)
        if fields[0] != _ENTRY_SIGNATURE:
            return
        method, size, whole = fields[1], fields[2], fields[3]
        name_bytes, extra_bytes, comment_bytes, offset = fields[4:]
        name = window.take(name_bytes)
        offset, size = _read_zip64(window.take(extra_bytes), whole, size, offset)
        yield name.decode("utf-8", "replace"), offset + shift, size, method
        position += _ENTRY.size + name_bytes + extra_bytes + comment_bytes


def _find_ends(window: Window) -> list[tuple[int, int, int]]:
    """Return where the directory may stand, its size, and what precedes the zip."""
    if window.size is None:
        return []
    size = window.size
    for _ in range(_ENDS_MAX):
        part = window if size == window.size else window.part(0, size)
        places = _find_end(part)
        if places:
            return places
        # What looks like an end and is none, such as a part of one, may stand behind it.
        start = max(0, size - _END_WITHIN_BYTES)
        part.seek(start)
        at = part.read(size - start).rfind(_END)
        if at < 0:
            return []
        size = start + at
    raise TooMuchToRead("The zip", "it has too many ends")


def _find_end(window: Window) -> list[tuple[int, int, int]]:
    """Return what the last end of a directory says."""
    try:
        end = zipfile._EndRecData(io.BufferedReader(AsFile(window)))  # type: ignore[attr-defined]  # noqa: SLF001  (no public way)
    except (OSError, ValueError, struct.error, zipfile.BadZipFile):
        return []
    if end is None:
        return []
    size_bytes, offset, location = end[5], end[6], end[9]
    if end[0] == _ZIP64_END:
        location -= _ZIP64_END_BYTES
    start = location - size_bytes
    places = [(start, size_bytes, start - offset)] if start >= 0 else []
    if offset != start:
        places.append((offset, size_bytes, 0))
    return [each for each in places if _is_directory(window, each[0])]


def _is_directory(window: Window, position: int) -> bool:
    """Whether a directory begins here, or ends at once."""
    window.seek(position)
    return window.read(4).startswith((_ENTRY_SIGNATURE, _END, _ZIP64_END))


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
    """Yield the members one after the other, as far as each tells where the next one begins.

    Raises:
        TooMuchToRead: one does not, so that the rest is not seen.
    """
    unseen = TooMuchToRead("The zip", "it does not say where all its members are")
    position = 0
    while True:
        window.seek(position)
        header = window.read(_LOCAL.size)
        if header.startswith(_DESCRIPTOR):
            position += 24 if header[24:26] == b"PK" else 16
            continue
        if len(header) < _LOCAL.size or header.startswith(_BEHIND_MEMBERS):
            return
        if not header.startswith(_SIGNATURE):
            if position:
                raise unseen
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
        if size == _TOO_LARGE or (not size and fields[2] & _SIZE_FOLLOWS):
            raise unseen
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
