"""What a commit makes of the files that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from artifacts.exceptions import ContentTooLarge, InvalidRequest, PathNotThere
from artifacts.limits import COMMIT_FILES_MAX
from artifacts.rules.archives.paths import find_clash
from artifacts.rules.budget import judging
from artifacts.rules.hub.operations import AddLarge, AddRegular, Delete, Operation

Kept = TypeVar("Kept")


def change(
    kept: Mapping[str, Kept], operations: Iterable[Operation]
) -> dict[str, Kept | AddRegular | AddLarge]:
    """Return the files after a commit, by path: those that stay, and those that it adds.

    Args:
        kept: the files before it, by path.

    Raises:
        PathNotThere: it deletes what is not there.
        InvalidRequest: two files would have names that are one for some file systems.
        ContentTooLarge: there would be too many files.
        TooMuchToRead: working it out costs too much.
    """
    files: dict[str, Kept | AddRegular | AddLarge] = dict(kept)
    with judging() as budget:  # Each folder that is deleted takes a walk over all paths.
        for each in budget.each(operations, "The commit"):
            if isinstance(each, Delete):
                _delete(files, each)
            else:
                files[each.path] = each
    if len(files) > COMMIT_FILES_MAX:
        raise ContentTooLarge(
            f"There would be {len(files):,} files; {COMMIT_FILES_MAX:,} are kept. Pack small ones."
        )
    clash = find_clash(list(files))
    if clash is not None:
        raise InvalidRequest(
            f"The path {clash[:100]!r} clashes with another: two files whose names differ only in "
            "case or Unicode form overwrite each other, and no file is a folder, too. Rename one."
        )
    return files


def _delete(files: dict[str, Kept | AddRegular | AddLarge], what: Delete) -> None:
    """Leave out a file or a folder."""
    prefix = f"{what.path}/"
    gone = (
        [path for path in files if path.startswith(prefix)]
        if what.is_folder
        else [what.path] * (what.path in files)
    )
    if not gone:
        raise PathNotThere(what.path, "folder" if what.is_folder else "file")
    for path in gone:
        del files[path]
