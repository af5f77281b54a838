"""From a source's file list to ours, with hostile paths refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from artifacts.enums import Part
from artifacts.exceptions import ArchiveRefused, SourceRefused
from artifacts.limits import FILES_MAX
from artifacts.rules.archives.paths import check_member_path
from artifacts.rules.parts import part_of
from artifacts.sources.base import SourceFile


@dataclass(frozen=True)
class Entry:
    """A file as a source lists it: path from the repository's root, size, digest."""

    path: str
    size_bytes: int | None
    digest: str


def list_files(entries: Iterable[Entry], folder: str) -> tuple[SourceFile, ...]:
    """Return the files of a folder ("" for all), with paths relative to it.

    Raises:
        SourceRefused: a path would leave the artifact's folder, stands there twice, or there are
            more than `FILES_MAX`.
    """
    prefix = f"{folder}/" if folder else ""
    files: dict[str, SourceFile] = {}
    for entry in entries:
        if not entry.path.startswith(prefix):
            continue
        path = entry.path.removeprefix(prefix)
        try:
            check_member_path(path)
        except ArchiveRefused as error:
            raise SourceRefused(f"The source lists an unsafe file. {error.message}") from error
        if path in files:
            raise SourceRefused(f"The source lists the file {path[:100]!r} twice.")
        files[path] = SourceFile(path, entry.size_bytes, entry.digest, Part(part_of(path)))
        if len(files) > FILES_MAX:
            raise SourceRefused(f"The source lists over {FILES_MAX:,} files, more than are kept.")
    if folder and not files:
        raise SourceRefused(f"The source has no folder {folder!r} in this revision.")
    return tuple(files.values())
