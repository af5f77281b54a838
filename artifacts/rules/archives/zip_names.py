"""What the names in a zip mean, whichever program wrote it.

Programs differ in how they encode names, in the separator, in what they put beside the user's files
and in whether they keep the folder that was packed. All of that is settled here, once: from the
names in a directory to the paths of files. `zips.py` judges the members themselves.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.4.2 (hosts), 4.4.17 (names), 4.6.9 (Info-ZIP Unicode
Path) and appendix D (encodings); Info-ZIP's `unzip` and libarchive, which read names in this way.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from artifacts.exceptions import ArchiveRefused
from artifacts.rules.archives.paths import check_member_path, escape_path
from artifacts.rules.archives.zip_directory import UTF8_FLAG
from artifacts.rules.budget import judging
from artifacts.rules.weights import is_one_thing

# `zipfile` decodes names without the flag by this; it has a letter for each byte, so the bytes can
# be had back.
_CODE_PAGE = "cp437"
_WHAT = "The zip's directory"
_UNICODE_PATH = 0x7075
# The attribute of a folder on MS-DOS, in the lower half of the external attributes.
_FOLDER_OF_DOS = 0x10
# Of an extra field: its id and how many bytes follow.
_EXTRA = struct.Struct("<HH")
# Of a Unicode path: its version, and the CRC-32 of the plain name that it was made for.
_UNICODE_HEAD = struct.Struct("<BI")
# Hosts whose file systems cannot have a backslash within a name: FAT, OS/2, NTFS, VFAT.
_BACKSLASH_SEPARATES = frozenset((0, 6, 10, 11, 14))
# What programs of the operating system, version control and the Hub's client lay beside the files,
# in any case of letters. None of it was made by the user, and `.git` may hold credentials.
_SIDE_FOLDERS = frozenset((
    "__macosx", ".appledouble", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems",
    "$recycle.bin", "system volume information", "@eadir", ".git", ".svn", ".hg",
))  # fmt: skip
_SIDE_FILES = frozenset((
    ".ds_store", ".localized", "icon\r", "thumbs.db", "ehthumbs.db", "desktop.ini", ".directory",
))  # fmt: skip
# The Hub's client notes there what it downloaded: `.cache/huggingface/download/...`.
_SIDE_PLACE = (".cache", "huggingface")
# AppleDouble: what a Mac's file system keeps beside a file, where the volume has no place for it.
_APPLE_DOUBLE = "._"


def read_raw_name(info: zipfile.ZipInfo) -> bytes:
    """Return a member's name as the directory has it; `zipfile` may have cut or replaced it."""
    encoding = "utf-8" if info.flag_bits & UTF8_FLAG else _CODE_PAGE
    return info.orig_filename.encode(encoding)


def read_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name as text.

    Without the flag for UTF-8 the encoding is not stated. What is valid UTF-8 and not ASCII is
    hardly ever anything else, so only the rest is read by the code page of the standard.
    """
    if info.flag_bits & UTF8_FLAG:
        return info.orig_filename
    raw = read_raw_name(info)
    stated = _read_unicode_path(info.extra, zlib.crc32(raw))
    if stated:
        return stated
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(_CODE_PAGE)


@dataclass(frozen=True)
class NamedMember:
    """A member of a zip, and where it lies when unpacked.

    Attributes:
        path: its place, as it is kept.
        own_path: its place by its own name, where that cannot be kept; else "".
    """

    info: zipfile.ZipInfo
    path: str
    own_path: str


def find_paths(infos: Sequence[zipfile.ZipInfo]) -> list[NamedMember]:
    """Return the files that a zip was made for, in the zip's order.

    Left out are folders, and the files that programs add on their own. Folders around everything
    that is left are taken off: most programs keep the folder that was packed.

    Raises:
        ArchiveRefused: a path leads out of the folder where the zip is unpacked.
        TooMuchToRead: reading the names exceeds the budget.
    """
    split: list[tuple[list[str], zipfile.ZipInfo]] = []
    with judging() as budget:
        named = [(info, read_name(info)) for info in budget.each(infos, _WHAT)]
        has_slash = any("/" in name for _, name in named)
        for info, name in budget.each(named, _WHAT):
            separates = not has_slash or info.create_system in _BACKSLASH_SEPARATES
            path = name.replace("\\", "/") if separates else name
            if path.endswith("/") or _is_folder(info):
                continue
            segments = _split(path, name)
            if not _is_beside(segments):
                split.append((segments, info))
        depth = _count_wrappers([segments for segments, _ in split])
        return [_name(info, segments[depth:]) for segments, info in budget.each(split, _WHAT)]


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """Whether an entry is an empty folder although its name lacks the slash (section 4.4.15)."""
    says_so = stat.S_ISDIR(info.external_attr >> 16) or bool(info.external_attr & _FOLDER_OF_DOS)
    return says_so and info.file_size == 0


def _read_unicode_path(extra: bytes, crc: int) -> str:
    """Return the name that Info-ZIP's extra field states; "" if none fits the plain name."""
    place = 0
    while place + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, place)
        content = extra[place + _EXTRA.size : place + _EXTRA.size + length]
        place += _EXTRA.size + length
        if kind != _UNICODE_PATH or len(content) < _UNICODE_HEAD.size:
            continue
        version, of_name = _UNICODE_HEAD.unpack_from(content)
        if version == 1 and of_name == crc:
            return content[_UNICODE_HEAD.size :].decode("utf-8", "replace")
    return ""


def _split(path: str, name: str) -> list[str]:
    """Return the segments of a path, without those that mean nothing.

    Raises:
        ArchiveRefused: it is absolute or climbs ("zip slip").
    """
    segments = [segment for segment in path.split("/") if segment not in ("", ".")]
    is_absolute = path.startswith("/") or (len(segments) > 1 and _is_drive(segments[0]))
    if is_absolute or ".." in segments or not segments:
        fault = "is absolute" if is_absolute else "holds an empty or '..' segment"
        raise ArchiveRefused(
            f"The path {name[:100]!r} in the zip {fault}: it would be unpacked elsewhere. Pack the "
            "folder itself, with paths below it."
        )
    return segments


def _is_drive(segment: str) -> bool:
    """Whether the first segment of a path is a drive of Windows."""
    return len(segment) == 2 and segment[0].isalpha() and segment[1] == ":"  # noqa: PLR2004  (C:)


def _is_beside(segments: list[str]) -> bool:
    """Whether a program put this file beside the user's."""
    folded = [segment.casefold() for segment in segments]
    name = folded[-1]
    return (
        name in _SIDE_FILES
        or name.startswith(_APPLE_DOUBLE)
        or not _SIDE_FOLDERS.isdisjoint(folded[:-1])
        or _SIDE_PLACE in pairwise(folded[:-1])
    )


def _count_wrappers(paths: list[list[str]]) -> int:
    """Return how many folders lie around all files, one within the other.

    A folder that is itself a model, such as `m.mlpackage`, is no wrapper.
    """
    if not paths:
        return 0
    # What is common to the first and the last in order is common to all.
    pairs = zip(min(paths)[:-1], max(paths)[:-1], strict=False)
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1] and not is_one_thing(pair[0]), pairs)
    )


def _name(info: zipfile.ZipInfo, segments: Iterable[str]) -> NamedMember:
    """Return a member with a path that can be kept: what its name may not hold is escaped."""
    own_path = "/".join(segments)
    path = check_member_path(escape_path(own_path))
    return NamedMember(info, path, "" if path == own_path else own_path)
