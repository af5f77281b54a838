"""Opening a zip from a stranger: its central directory is read only if it is small enough.

Source: PKWARE APPNOTE.TXT 6.3.10; each rule names its section.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

from artifacts.exceptions import ArchiveRefused
from artifacts.limits import (
    PATH_MAX_CHARS,
    ZIP_CENTRAL_DIRECTORY_MAX_BYTES,
    ZIP_EXTRA_MAX_BYTES,
    ZIP_MEMBERS_MAX,
)

# Section 4.3.12: the fixed part of a directory header, with the lengths of name, extra, comment.
_DIRECTORY_HEADER = struct.Struct("<8xH18x3H12x")
# Section 4.4.4, bit 11: the name is in UTF-8.
UTF8_FLAG = 0x0800
_ZIP64_END_BYTES = 56 + 20
# UTF-8 needs at most four bytes for a character.
_NAME_MAX_BYTES = 4 * PATH_MAX_CHARS
# What `zipfile` raises for bytes that are not a zip.
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError)


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Read the directory of a zip.

    Raises:
        ArchiveRefused: there is none, it is broken, or it has too many or too long entries.
    """
    try:
        _check_directory(file)
        return zipfile.ZipFile(file)
    except _BROKEN as error:
        raise ArchiveRefused("This is no zip, or a broken one. Make it again.") from error


def _check_directory(file: BinaryIO) -> None:
    """Refuse a central directory with too many or too long entries (sections 4.3.12 and 4.3.16).

    This runs before `zipfile` reads the whole directory and makes an object of each member: a
    million entries fit into the allowed bytes. Entries are counted, because the number in the end
    record may be false.
    """
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001  (no public way)
    if end is None:
        raise ArchiveRefused("This is no zip, or a broken one. Make it again.")
    size_bytes: int = end[zipfile._ECD_SIZE]  # type: ignore[attr-defined]  # noqa: SLF001  (likewise)
    location: int = end[zipfile._ECD_LOCATION]  # type: ignore[attr-defined]  # noqa: SLF001  (likewise)
    if size_bytes > ZIP_CENTRAL_DIRECTORY_MAX_BYTES:
        raise ArchiveRefused("The zip's directory is too large.")
    # `zipfile` skips a zip64 end record and its locator between directory and end (4.3.14, 4.3.15),
    # and so does this.
    if end[zipfile._ECD_SIGNATURE] == zipfile.stringEndArchive64:  # type: ignore[attr-defined]  # noqa: SLF001  (likewise)
        location -= _ZIP64_END_BYTES
    file.seek(location - size_bytes)
    directory = memoryview(file.read(size_bytes))
    members = position = 0
    while position + _DIRECTORY_HEADER.size <= len(directory):
        flags, *lengths = _DIRECTORY_HEADER.unpack_from(directory, position)
        name_start = position + _DIRECTORY_HEADER.size
        position = name_start + sum(lengths)
        members += 1
        if members > ZIP_MEMBERS_MAX:
            raise ArchiveRefused(f"The zip has over {ZIP_MEMBERS_MAX:,} members. Make it smaller.")
        name_bytes, extra_bytes, _ = lengths
        if name_bytes > _NAME_MAX_BYTES or extra_bytes > ZIP_EXTRA_MAX_BYTES:
            raise ArchiveRefused(
                f"The name or the extra data of member {members:,} in the zip's directory is too "
                "long. Shorten the name, or make the zip again."
            )
        if flags & UTF8_FLAG:
            _check_utf8(bytes(directory[name_start : name_start + name_bytes]))


def _check_utf8(name: bytes) -> None:
    """Refuse a name that is said to be in UTF-8 and is not: nobody can tell its letters."""
    try:
        name.decode()
    except UnicodeDecodeError as error:
        shown = name.decode(errors="backslashreplace")[:100]
        raise ArchiveRefused(
            f"The name {shown!r} in the zip is said to be in UTF-8 and is not. Rename the file, or "
            "make the zip again with another program."
        ) from error
