"""Judging a zip from a stranger by its central directory, before anything is unpacked.

`zip_names.py` says what the names in it mean. A refusal names the member and what to do about it.

Source: PKWARE APPNOTE.TXT 6.3.10; each rule names its section.
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

from artifacts.exceptions import ArchiveRefused, TooMuchToRead
from artifacts.limits import (
    CHUNK_BYTES,
    UPLOAD_MAX_BYTES,
    ZIP_RATIO_FLOOR_BYTES,
    ZIP_RATIO_MAX,
)
from artifacts.rules.archives.paths import find_clash
from artifacts.rules.archives.zip_directory import open_zip
from artifacts.rules.archives.zip_names import (
    NamedMember,
    find_paths,
    read_name,
    read_raw_name,
)
from artifacts.rules.budget import judging

# Section 4.4.5. Other methods need programs that we do not run on strangers' input: decoders that
# Python lacks, or of which a few bytes take gigabytes of memory.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
METHOD_NAMES = {
    1: "Shrink", 6: "Implode", 9: "Deflate64", 10: "Implode of the PKWARE library", 12: "bzip2",
    14: "LZMA", 16: "CMPSC", 18: "TERSE", 19: "LZ77", 20: "Zstandard", 93: "Zstandard", 94: "MP3",
    95: "XZ", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES",
}  # fmt: skip
_REPACK = (
    "Pack the folder again with the method Deflate or without compression (`zip -r`; in 7-Zip: Add "
    "to archive, Compression method Deflate)."
)
# Section 4.4.4, bit 0: the member is encrypted; bit 13: the directory is.
_ENCRYPTED = 0x0001 | 0x2000
# Section 4.3.7: the fixed part of a local header.
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_WHAT = "The zip's directory"


@dataclass(frozen=True)
class ZipMember:
    """A file in a zip.

    Attributes:
        path: its place when unpacked, without the folders that may wrap the whole zip.
        name: its name in the zip.
        size_bytes: its unpacked size.
        own_path: its place by its own name, where that cannot be kept; else "".
    """

    path: str
    name: str
    size_bytes: int
    own_path: str = ""


class CheckedZip:
    """A zip that is safe to unpack. Its directory is read once, however many files are read.

    Attributes:
        members: the files.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Check a zip.

        Raises:
            ArchiveRefused: it is broken, or unsafe in one of the ways below.
            TooMuchToRead: checking the names in it exceeds the budget.
        """
        self._file, self._archive = file, open_zip(file)
        checked = _checked_members(file, self._archive)
        self._infos = {each.path: each.info for each in checked}
        self.members = tuple(
            ZipMember(each.path, each.info.filename, each.info.file_size, each.own_path)
            for each in checked
        )

    @contextmanager
    def open(self, member: ZipMember) -> Iterator[IO[bytes]]:
        """Open one file for reading.

        Raises:
            ArchiveRefused: its bytes are broken, or it is not the file that the directory names.
        """
        info = self._infos[member.path]
        _check_local_header(self._file, info)
        try:
            with self._archive.open(info) as opened:
                yield opened
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise ArchiveRefused(
                f"The file {member.path[:100]!r} in the zip is broken. Make the zip again."
            ) from error

    def read(self, member: ZipMember) -> Iterator[bytes]:
        """Yield a file's bytes, and stop if it unpacks to more than the directory states.

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
                f"The file {member.path[:100]!r} unpacks to another size than the zip says. Make "
                "the zip again."
            )


def check_zip(file: BinaryIO) -> tuple[ZipMember, ...]:
    """Return the files of a zip that is safe to unpack.

    Folders around everything are left out, and so is what programs lay beside the user's files.
    Archives inside count as plain files and are never opened.

    Raises:
        ArchiveRefused: it is broken, or unsafe in one of the ways below.
    """
    return CheckedZip(file).members


def find_refusal(file: BinaryIO) -> str:
    """Say why a zip will be refused, as far as its directory tells without opening a member.

    Returns:
        "" if it will not be, and for bytes without a directory: they may have been damaged on their
        way, which their digest tells better.
    """
    try:
        archive = open_zip(file)
    except ArchiveRefused:
        return ""
    try:
        _checked_members(file, archive)
    except ArchiveRefused as error:
        return error.message
    except TooMuchToRead:
        return ""
    return ""


def _checked_members(file: BinaryIO, archive: zipfile.ZipFile) -> list[NamedMember]:
    """Return the files of a zip after checking everything that the directory states."""
    found = find_paths(archive.infolist())
    infos = [each.info for each in found]
    with judging() as budget:
        for info in budget.each(infos, _WHAT):
            _check_member(info)
    if not found:
        raise ArchiveRefused("The zip holds no files. Pack the folder that holds them.")
    _check_sizes(file, infos)
    _check_layout(infos, directory_start=archive.start_dir)
    clash = find_clash([each.path for each in found])
    if clash is not None:
        raise ArchiveRefused(
            f"The zip holds {clash[:100]!r} beside a file or folder of the same name (case and "
            "Unicode form do not count). Rename one of them."
        )
    return found


def _check_member(info: zipfile.ZipInfo) -> None:
    """Check that a member is a plain file that can be unpacked."""
    name = read_name(info)[:100]
    if "\0" in info.orig_filename:
        raise ArchiveRefused(f"The zip holds the name {name!r}, cut by a NUL. Rename the file.")
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveRefused(
            f"The file {name!r} in the zip is encrypted. Pack it without a password."
        )
    if info.compress_type not in _METHODS:
        method = METHOD_NAMES.get(info.compress_type, f"number {info.compress_type}")
        raise ArchiveRefused(
            f"The file {name!r} in the zip is packed by the method {method}, which this registry "
            f"does not unpack. {_REPACK}"
        )
    # Section 4.4.15: in a zip made on Unix, the upper half holds the mode.
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise ArchiveRefused(
            f"{name!r} in the zip is a link or a device. Put the file itself into the zip."
        )


def _check_sizes(file: BinaryIO, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip that unpacks to too many bytes, or to very many out of almost nothing.

    What a zip costs is what it unpacks to: zeros of fresh weights or of a mask are no attack. Only
    where that is much is it also compared with what was sent for it.
    """
    total = sum(info.file_size for info in infos)
    if total > UPLOAD_MAX_BYTES:
        raise ArchiveRefused(
            f"The zip unpacks to {total:,} bytes; at most {UPLOAD_MAX_BYTES:,} are taken. Leave "
            f"out files; the largest is {_name_largest(infos)!r}."
        )
    packed = file.seek(0, 2)
    if total > ZIP_RATIO_FLOOR_BYTES and total > ZIP_RATIO_MAX * packed:
        raise ArchiveRefused(
            f"The zip unpacks to {total:,} bytes, over {ZIP_RATIO_MAX} times its size, as bombs "
            f"do; the largest file is {_name_largest(infos)!r}. If it is right, pack it without "
            "compression."
        )


def _name_largest(infos: list[zipfile.ZipInfo]) -> str:
    """Return the name of the largest member."""
    return read_name(max(infos, key=lambda each: each.file_size))[:100]


def _check_layout(infos: list[zipfile.ZipInfo], *, directory_start: int) -> None:
    """Check that members do not overlap, as far as the directory tells where they lie.

    Overlapping members make a bomb out of one compressed block (Fifield, "A better zip bomb",
    2019). The directory does not state the length of a local header's extra data, and reading each
    header would cost one request to the bucket. Even without it, the members' compressed bytes add
    up to no more than the file has, so that no block counts twice.
    """
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        name = read_name(info)[:100]
        if info.header_offset < end:
            raise ArchiveRefused(
                f"The file {name!r} in the zip overlaps with another, as in bombs. Make it again."
            )
        raw_name = read_raw_name(info)
        end = info.header_offset + _LOCAL_HEADER.size + len(raw_name) + info.compress_size
        if end > directory_start:
            raise ArchiveRefused(
                f"The file {name!r} in the zip reaches into its directory, as in bombs. Make it "
                "again."
            )


def _check_local_header(file: BinaryIO, info: zipfile.ZipInfo) -> None:
    """Check that a local header exists and agrees with the directory.

    Otherwise a file could be checked under one name and unpacked under another.
    """
    name = read_name(info)[:100]
    file.seek(info.header_offset)
    raw = file.read(_LOCAL_HEADER.size)
    if len(raw) < _LOCAL_HEADER.size or raw[:4] != b"PK\x03\x04":
        raise ArchiveRefused(
            f"The zip's directory points at no file for {name!r}. Make the zip again."
        )
    name_bytes = _LOCAL_HEADER.unpack(raw)[9]
    if file.read(name_bytes) != read_raw_name(info):
        raise ArchiveRefused(f"The file {name!r} in the zip has two names. Make the zip again.")
