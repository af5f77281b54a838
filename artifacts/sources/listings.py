"""From a source's file list to ours, with hostile paths refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from artifacts.enums import Part
from artifacts.exceptions import (
    ArchiveRefused,
    SourceRefused,
    SourceTooLarge,
    SourceUnavailable,
    TooMuchToRead,
)
from artifacts.limits import FILES_MAX, LISTED_SIZE_MAX_BYTES, PATH_MAX_CHARS
from artifacts.rules.archives.paths import check_member_path, find_clash
from artifacts.rules.budget import judging
from artifacts.rules.parts import part_of
from artifacts.rules.values import is_hexadecimal
from artifacts.sources.base import SourceFile

# Hexadecimal digits of the digests that sources state.
_DIGEST_CHARS = {"sha256": 64, "git": 40}


@dataclass(frozen=True)
class Entry:
    """A file as a source lists it: path from the repository's root, size, digest.

    The values are as they came; `list_files` judges them.
    """

    path: object
    size_bytes: object
    digest: str


@dataclass(frozen=True)
class Listing:
    """The files of an artifact, and why their content cannot be kept, "" when it can.

    There are none where they are more than can be listed.
    """

    files: tuple[SourceFile, ...]
    link_only_reason: str = ""


def list_files(entries: Iterable[Entry], folder: str, source: str) -> Listing:
    """Return the files of a folder ("" for all), with paths relative to it.

    Args:
        source: its name, for messages.

    Raises:
        SourceRefused: there is no such folder, a path would leave the artifact's folder, or stands
            there twice.
        SourceUnavailable: the list has another form than documented, or judging it takes longer
            than a request may: a task can.
        SourceTooLarge: it takes longer than a task may.
    """
    try:
        return _listing(entries, folder, source)
    except TooMuchToRead as error:
        kind = SourceUnavailable if error.try_later else SourceTooLarge
        raise kind(error.message) from error


def _listing(entries: Iterable[Entry], folder: str, source: str) -> Listing:
    """Do so.

    Raises:
        SourceRefused, SourceUnavailable: see `list_files`.
        TooMuchToRead: judging the list takes more than it may.
    """
    if len(folder) > PATH_MAX_CHARS:
        raise SourceRefused(f"The url names a folder of over {PATH_MAX_CHARS:,} characters.")
    prefix = f"{folder}/" if folder else ""
    files: dict[str, SourceFile] = {}
    with judging() as budget:
        for entry in budget.each(entries, f"{source}'s file list"):
            if not isinstance(entry.path, str):
                raise _other_form(source)
            if not entry.path.startswith(prefix):
                continue
            file = _listed(entry.path.removeprefix(prefix), entry, source)
            if file.path in files:
                raise SourceRefused(f"{source} lists the file {file.path[:100]!r} twice.")
            files[file.path] = file
            if len(files) > FILES_MAX:
                return Listing((), f"There are over {FILES_MAX:,} files, more than are kept.")
    if folder and not files:
        raise SourceRefused(f"{source} has no folder {folder[:100]!r} in this revision.")
    clash = find_clash(list(files))
    if clash is not None:
        # As in a zip; but who registers somebody else's repository cannot rename anything there.
        return Listing(
            tuple(files.values()),
            f"{source} lists {clash[:100]!r} beside a file or folder of the same name (case and "
            "Unicode form do not count): one would overwrite the other where they are unpacked.",
        )
    return Listing(tuple(files.values()))


def _listed(path: str, entry: Entry, source: str) -> SourceFile:
    """Return one file."""
    try:
        check_member_path(path)
    except ArchiveRefused as error:
        raise SourceRefused(f"{source} lists an unsafe file. {error.message}") from error
    size_bytes = entry.size_bytes
    if type(size_bytes) is not int or not 0 <= size_bytes <= LISTED_SIZE_MAX_BYTES:
        raise _other_form(source)
    kind, _, digits = entry.digest.partition(":")
    if kind not in _DIGEST_CHARS or not is_hexadecimal(digits, _DIGEST_CHARS[kind]):
        raise _other_form(source)
    return SourceFile(path, size_bytes, entry.digest, Part(part_of(path)))


def _other_form(source: str) -> SourceUnavailable:
    """Return the error for a list that is none."""
    return SourceUnavailable(f"{source}'s file list has another form than documented.")
