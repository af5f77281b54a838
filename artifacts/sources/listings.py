"""Turning a source's file list into ours, with safe names in place of hostile ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from artifacts.exceptions import (
    SourceRefused,
    SourceTooLarge,
    SourceUnavailable,
    TooMuchToRead,
)
from artifacts.limits import (
    FILES_MAX,
    LISTED_SIZE_MAX_BYTES,
    PATH_MAX_CHARS,
    RENAMED_FILES_MAX,
)
from artifacts.rules.archives.paths import escape_path, find_clashes, mark_apart
from artifacts.rules.budget import judging
from artifacts.rules.digest import parse_digest
from artifacts.rules.listing_notes import note_renamed
from artifacts.rules.parts import classify_part
from artifacts.sources.base import SourceFile


@dataclass(frozen=True)
class Entry:
    """A file as a source lists it: path from the repository's root, size, digest.

    The values are unchecked; `list_files` checks them.
    """

    path: object
    size_bytes: object
    digest: str


@dataclass(frozen=True)
class Listing:
    """The files of an artifact, and why their content cannot be stored, "" if it can.

    The list is empty if there are more files than we list.
    """

    files: tuple[SourceFile, ...]
    link_only_reason: str = ""

    @property
    def known_sizes(self) -> dict[str, int | None] | None:
        """The sizes of all files by their paths, in bytes; None if the files are not known."""
        is_cut = not self.files and self.link_only_reason
        return None if is_cut else {each.path: each.size_bytes for each in self.files}

    @property
    def facts(self) -> dict[str, Any]:
        """What a revision's facts say of the files that are kept under other names."""
        return note_renamed(
            {each.path: each.source_path for each in self.files if each.source_path}
        )


def list_files(entries: Iterable[Entry], folder: str, source: str) -> Listing:
    """Return the files of a folder ("" for all), with paths relative to it.

    Args:
        source: its name, for messages.

    A file whose name cannot be kept, or clashes with another, is kept under a name that can be
    (`SourceFile.source_path` has its own): nobody can rename files in another's repository.

    Raises:
        SourceRefused: there is no such folder, or a path is listed twice.
        SourceUnavailable: the list has another form than documented, or checking it takes longer
            than a request may; a task has more time.
        SourceTooLarge: checking it takes longer than a task may.
    """
    try:
        return _listing(entries, folder, source)
    except TooMuchToRead as error:
        kind = SourceUnavailable if error.try_later else SourceTooLarge
        raise kind(error.message) from error


def _listing(entries: Iterable[Entry], folder: str, source: str) -> Listing:
    """Do what `list_files` does, without translating its errors.

    Raises:
        SourceRefused, SourceUnavailable: see `list_files`.
        TooMuchToRead: checking the list costs too much.
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
    for path in find_clashes(list(files)):
        file = files.pop(path)
        marked = mark_apart(path)
        files[marked] = replace(file, path=marked, source_path=file.source_path or path)
    renamed = sum(bool(file.source_path) for file in files.values())
    if renamed > RENAMED_FILES_MAX:
        return Listing((), f"Over {RENAMED_FILES_MAX:,} files have names that cannot be kept.")
    return Listing(tuple(files.values()))


def _listed(path: str, entry: Entry, source: str) -> SourceFile:
    """Return one file."""
    size_bytes = entry.size_bytes
    if type(size_bytes) is not int or not 0 <= size_bytes <= LISTED_SIZE_MAX_BYTES:
        raise _other_form(source)
    digest = parse_digest(entry.digest)
    if not path or digest is None or not digest.is_well_formed:
        raise _other_form(source)
    kept = escape_path(path)
    return SourceFile(
        kept,
        size_bytes,
        entry.digest,
        classify_part(path, size_bytes),
        source_path="" if kept == path else path,
    )


def _other_form(source: str) -> SourceUnavailable:
    """Return the error for a list of another form than documented."""
    return SourceUnavailable(f"{source}'s file list has another form than documented.")
