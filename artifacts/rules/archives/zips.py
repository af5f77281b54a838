"""Judging a zip from a stranger by its central directory, before anything is unpacked.

Source: PKWARE APPNOTE.TXT 6.3.10; the section stands beside each rule.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO

from artifacts.exceptions import ArchiveRefused
from artifacts.limits import (
    CHUNK_BYTES,
    PATH_MAX_CHARS,
    UPLOAD_MAX_BYTES,
    ZIP_CENTRAL_DIRECTORY_MAX_BYTES,
    ZIP_EXTRA_MAX_BYTES,
    ZIP_MEMBERS_MAX,
    ZIP_RATIO_FLOOR_BYTES,
    ZIP_RATIO_MAX,
)
from artifacts.rules.archives.paths import check_member_path, find_clash
from artifacts.rules.budget import judging

# Section 4.4.5. Others need programs that we do not run on strangers' input.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Section 4.4.4, bit 0: encrypted; bit 13: the directory itself is.
_ENCRYPTED = 0x0001 | 0x2000
# Section 4.3.7: the fixed part of a local header.
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
# Section 4.3.12: the fixed part of a directory header; of it the lengths of name, extra, comment.
_DIRECTORY_HEADER = struct.Struct("<28s3H12x")
_ZIP64_END_BYTES = 56 + 20
_UTF8_NAME = 0x0800
# UTF-8 takes at most four bytes for a character.
_NAME_MAX_BYTES = 4 * PATH_MAX_CHARS
_WHAT = "The zip's directory"
# What `zipfile` raises for bytes that are no zip.
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError)


@dataclass(frozen=True)
class ZipMember:
    """A file in a zip.

    Attributes:
        path: where it goes, without the one folder that the whole zip may be wrapped in.
        name: what it is called in the zip.
        size_bytes: unpacked.
    """

    path: str
    name: str
    size_bytes: int


class CheckedZip:
    """A zip that is safe to unpack. Its directory is read once, however many files are read.

    Attributes:
        members: the files.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Judge a zip.

        Raises:
            ArchiveRefused: it is broken, or unsafe in one of the ways below.
            TooMuchToRead: judging the names in it takes more than it may.
        """
        try:
            _check_directory(file)
            self._archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise ArchiveRefused("This is no zip, or a broken one. Make it again.") from error
        self._file = file
        self.members = _checked_members(file, self._archive)

    @contextmanager
    def open(self, member: ZipMember) -> Iterator[IO[bytes]]:
        """Open one file for reading.

        Raises:
            ArchiveRefused: its bytes are broken, or it is not the file that the directory says.
        """
        _check_local_header(self._file, self._archive.getinfo(member.name))
        try:
            with self._archive.open(member.name) as opened:
                yield opened
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise ArchiveRefused(f"The file {member.path[:100]!r} in the zip is broken.") from error

    def read(self, member: ZipMember) -> Iterator[bytes]:
        """Yield a file's bytes, and stop if it unpacks to more than the directory says.

        Raises:
            ArchiveRefused: its bytes are broken, or more or fewer than stated.
        """
        unpacked = 0
        with self.open(member) as opened:
            while (chunk := opened.read(CHUNK_BYTES)) and unpacked <= member.size_bytes:
                unpacked += len(chunk)
                yield chunk
        if unpacked != member.size_bytes:
            raise ArchiveRefused(
                f"The file {member.path[:100]!r} unpacks to another size than the zip says."
            )


def check_zip(file: BinaryIO) -> tuple[ZipMember, ...]:
    """Return the files of a zip that is safe to unpack.

    A single folder around everything (what most programs make of a folder) is left out. Archives
    inside are plain files: they are never opened.

    Raises:
        ArchiveRefused: it is broken, or unsafe in one of the ways below.
    """
    return CheckedZip(file).members


def _checked_members(file: BinaryIO, archive: zipfile.ZipFile) -> tuple[ZipMember, ...]:
    """Return the files of a zip after judging all that the directory says of them."""
    # Not `is_dir`, which fails on an empty name.
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if not infos:
        raise ArchiveRefused("The zip holds no files.")
    with judging() as budget:
        for info in budget.each(infos, _WHAT):
            _check_member(info)
    _check_sizes(file, infos)
    _check_layout(infos, directory_start=archive.start_dir)
    clash = find_clash([info.filename for info in infos])
    if clash is not None:
        raise ArchiveRefused(
            f"The zip holds {clash[:100]!r} beside a file or folder of the same name (case and "
            "Unicode form do not count). Rename one of them."
        )
    wrapper = _wrapper([info.filename for info in infos])
    return tuple(
        ZipMember(info.filename.removeprefix(wrapper), info.filename, info.file_size)
        for info in infos
    )


def _check_directory(file: BinaryIO) -> None:
    """Refuse a central directory of too many or too long entries (sections 4.3.12 and 4.3.16).

    Looked at before `zipfile` reads it whole and makes an object of each member: in the bytes that
    are allowed fit a million of them. They are counted, because the number in the end record may
    lie.
    """
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001  (no public way)
    if end is None:
        raise ArchiveRefused("This is no zip, or a broken one. Make it again.")
    size_bytes: int = end[zipfile._ECD_SIZE]  # type: ignore[attr-defined]  # noqa: SLF001  (likewise)
    location: int = end[zipfile._ECD_LOCATION]  # type: ignore[attr-defined]  # noqa: SLF001  (likewise)
    if size_bytes > ZIP_CENTRAL_DIRECTORY_MAX_BYTES:
        raise ArchiveRefused("The zip's directory is too large.")
    # Where a zip64 end record and its locator stand between directory and end (4.3.14, 4.3.15), it
    # is they that `zipfile` leaves out, and so does this.
    if end[zipfile._ECD_SIGNATURE] == zipfile.stringEndArchive64:  # type: ignore[attr-defined]  # noqa: SLF001  (likewise)
        location -= _ZIP64_END_BYTES
    file.seek(location - size_bytes)
    directory = memoryview(file.read(size_bytes))
    members = position = 0
    while position + _DIRECTORY_HEADER.size <= len(directory):
        fields = _DIRECTORY_HEADER.unpack_from(directory, position)
        position += _DIRECTORY_HEADER.size + sum(fields[1:])
        members += 1
        if members > ZIP_MEMBERS_MAX:
            raise ArchiveRefused(f"The zip has over {ZIP_MEMBERS_MAX:,} members. Make it smaller.")
        _, name_bytes, extra_bytes, _ = fields
        if name_bytes > _NAME_MAX_BYTES or extra_bytes > ZIP_EXTRA_MAX_BYTES:
            raise ArchiveRefused(
                "The zip's directory has an entry that is too long. Make it again."
            )


def _check_member(info: zipfile.ZipInfo) -> None:
    """See that one member is a plain file with a safe name."""
    check_member_path(info.filename)
    if info.orig_filename != info.filename:
        raise ArchiveRefused(f"The zip holds the name {info.orig_filename[:100]!r}, cut by a NUL.")
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveRefused(f"The file {info.filename[:100]!r} is encrypted. Send it unencrypted.")
    if info.compress_type not in _METHODS:
        raise ArchiveRefused(
            f"The file {info.filename[:100]!r} is packed in an unusual way. Use deflate."
        )
    # Section 4.4.15: the upper half holds the mode where the zip was made on Unix.
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise ArchiveRefused(
            f"{info.filename[:100]!r} is a link or a device. Put the file itself into the zip."
        )


def _check_sizes(file: BinaryIO, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip that unpacks to too much, or to far more than it is."""
    total = sum(info.file_size for info in infos)
    if total > UPLOAD_MAX_BYTES:
        raise ArchiveRefused(
            f"The zip unpacks to {total:,} bytes; at most {UPLOAD_MAX_BYTES:,} are taken."
        )
    packed = file.seek(0, 2)
    for size, held in [(total, packed), *((i.file_size, i.compress_size) for i in infos)]:
        if size > ZIP_RATIO_FLOOR_BYTES and size > ZIP_RATIO_MAX * max(held, 1):
            raise ArchiveRefused(
                f"The zip unpacks to over {ZIP_RATIO_MAX} times its size, as bombs do."
            )


def _check_layout(infos: list[zipfile.ZipInfo], *, directory_start: int) -> None:
    """See that members lie side by side, as far as the directory tells where they are.

    Members that overlap make a bomb out of one compressed block (Fifield, "A better zip bomb",
    2019). How long a local header's extra data are is not in the directory, and asking each header
    would be a request each to the bucket. Without them the members' compressed bytes still add up
    to no more than the file has, so that no block counts twice.
    """
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise ArchiveRefused("Files in the zip overlap, as in bombs.")
        name_bytes = len(info.orig_filename.encode("utf-8" if _is_utf8(info) else "cp437"))
        end = info.header_offset + _LOCAL_HEADER.size + name_bytes + info.compress_size
    if end > directory_start:
        raise ArchiveRefused("A file in the zip reaches into its directory, as in bombs.")


def _check_local_header(file: BinaryIO, info: zipfile.ZipInfo) -> None:
    """See that a local header is there and agrees with the directory.

    A local name that differs is unpacked under one name and checked under another.
    """
    file.seek(info.header_offset)
    raw = file.read(_LOCAL_HEADER.size)
    if len(raw) < _LOCAL_HEADER.size or raw[:4] != b"PK\x03\x04":
        raise ArchiveRefused("The zip's directory points at no file. Make it again.")
    fields = _LOCAL_HEADER.unpack(raw)
    flags, name_bytes = fields[2], fields[9]
    name = file.read(name_bytes).decode("utf-8" if flags & _UTF8_NAME else "cp437", "replace")
    if name != info.filename:
        raise ArchiveRefused("A file in the zip has two names. Make the zip again.")


def _is_utf8(info: zipfile.ZipInfo) -> bool:
    """Whether a member's name is written in UTF-8 (section 4.4.4, bit 11)."""
    return bool(info.flag_bits & _UTF8_NAME)


def _wrapper(names: list[str]) -> str:
    """Return the one folder around all files with its slash, "" when there is none."""
    folder, slash, _ = names[0].partition("/")
    prefix = folder + slash
    return prefix if slash and all(name.startswith(prefix) for name in names) else ""
