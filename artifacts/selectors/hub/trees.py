"""The files of a revision as the Hub's clients list them: a tree of files and folders, in pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, CharField, Min, QuerySet, Value, When
from django.db.models.functions import StrIndex, Substr

from artifacts.exceptions import EntryNotFound
from artifacts.limits import FOLDERS_ASKED_MAX, PATH_MAX_CHARS, SIBLINGS_MAX, TREE_PAGE_SIZE
from artifacts.models import File, Revision
from artifacts.rules.digest import Sha256
from artifacts.rules.hub.pointers import Names, name_file
from artifacts.rules.paging import Rows, cut_page, make_offset, read_key
from artifacts.selectors.hub.repositories import get_commit

# Raw SQL, as in `selectors/artifacts.py`: clients ask this twice for each file.
_FIND = f"""
    SELECT id, path, size_bytes, source_digest, blob_id FROM {File._meta.db_table}
    WHERE revision_id = %s AND path = %s
"""  # noqa: S608, SLF001  (the table's name comes from the model)
# Likewise: what follows a path, in the order of paths.
_WALK = f"""
    SELECT id, path, size_bytes, source_digest, blob_id FROM {File._meta.db_table}
    WHERE revision_id = %s AND path > %s AND substr(path, 1, %s) = %s ORDER BY path LIMIT %s
"""  # noqa: S608, SLF001  (likewise)
_COLUMNS = ("id", "path", "size_bytes", "source_digest", "blob_id")


@dataclass(frozen=True)
class Folder:
    """A folder: whatever files lie in."""

    path: str


class Leaf(NamedTuple):
    """A file as clients know it; a tuple, since a page makes a thousand.

    Attributes:
        size_bytes: 0 where it is unknown.
        names: its digests.
        blob: the SHA-256 of the bytes that are kept; None for none.
    """

    path: str
    size_bytes: int
    names: Names
    blob: Sha256 | None


Entry = Folder | Leaf


def find_file(revision: Revision, path: str) -> Leaf:
    """Return a file of a revision, in one query.

    Raises:
        EntryNotFound: it has none of this path.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [revision.pk, path[: PATH_MAX_CHARS + 1]])
        row = cursor.fetchone()
    if row is None:
        raise EntryNotFound(path, get_commit(revision))
    return _show(row)


def list_siblings(revision: Revision) -> list[Leaf] | None:
    """Return all files; None if there are more than `SIBLINGS_MAX`."""
    rows = _files(revision).order_by("path").values_list(*_COLUMNS)
    found = list(rows[: SIBLINGS_MAX + 1])
    return list(map(_show, found)) if len(found) <= SIBLINGS_MAX else None


def list_tree(
    revision: Revision,
    folder: str = "",
    *,
    is_recursive: bool = False,
    offset: str | None = None,
    limit: int = TREE_PAGE_SIZE,
) -> Rows[Entry]:
    """Return a page of what a folder holds, in the order of paths.

    Args:
        folder: without slashes at its ends; "" for all.
        is_recursive: whether to go into folders; a folder then stands before its first file.
        offset: where the page before ended; None for the first.
        limit: at most so many files, or entries of the folder.

    Raises:
        EntryNotFound: there is no such folder.
        InvalidOffset: the offset was not given out by us.
    """
    size = max(1, min(limit, TREE_PAGE_SIZE))
    last = _find_last(revision, offset)
    if last is None:
        return Rows([], None)
    look = _walk if is_recursive else _list
    page = look(revision, folder, last, size)
    if folder and not page.rows and offset is None:
        raise EntryNotFound(folder, get_commit(revision))
    return page


def find_entries(revision: Revision, paths: Sequence[str]) -> list[Entry]:
    """Return the files of these paths, and the folders if few others are asked for.

    Unknown paths are left out.
    """
    # PostgreSQL accepts no NUL in a text, so no path has one.
    asked = sorted({each.strip("/") for each in paths if "\0" not in each} - {""})
    files = _files(revision)
    rows = files.filter(path__in=asked).values_list(*_COLUMNS)
    found: dict[str, Entry] = {str(row[1]): _show(row) for row in rows}
    others = [path for path in asked if path not in found]
    if len(others) <= FOLDERS_ASKED_MAX:
        found |= {path: Folder(path) for path in others if _below(files, path).exists()}
    return [found[path] for path in asked if path in found]


def _files(revision: Revision) -> QuerySet[File]:
    """Return the files of a revision, in no order."""
    return File.objects.filter(revision_id=revision.pk).order_by()


def _below(files: QuerySet[File], folder: str) -> QuerySet[File]:
    """Return the files in a folder and below it; SQLite's LIKE would take `B` for `b`."""
    start = f"{folder}/"
    return files.alias(start=Substr("path", 1, len(start))).filter(start=start)


def _find_last(revision: Revision, offset: str | None) -> str | None:
    """Return the path at which the page before ended; "" for the first page.

    By its row, since paths may be longer than an address.

    Returns:
        None if the row is gone, which ends the list.
    """
    if offset is None:
        return ""
    (last,) = read_key(offset, int)
    return _files(revision).filter(pk=last).values_list("path", flat=True).first()


def _walk(revision: Revision, folder: str, last: str, size: int) -> Rows[Entry]:
    """Return a page of all files below a folder, with the folders between."""
    start = f"{folder}/" if folder else ""
    with connection.cursor() as cursor:
        cursor.execute(_WALK, [revision.pk, last, len(start), start, size + 1])
        found = cut_page(cursor.fetchall(), size, lambda row: (row[0],))
    entries: list[Entry] = []
    # The folders of the last file stood on the page before.
    seen = {folder, *_folders(last)}
    for row in found.rows:
        path = row[1]
        if path.rpartition("/")[0] not in seen:
            new = [each for each in _folders(path) if each not in seen]
            seen.update(new)
            entries += [Folder(each) for each in new if len(each) > len(folder)]
        entries.append(_show(row))
    return Rows(entries, found.next_offset)


def _list(revision: Revision, folder: str, last: str, size: int) -> Rows[Entry]:
    """Return a page of what lies in a folder itself."""
    files = _below(_files(revision), folder) if folder else _files(revision)
    start = len(folder) + 1 if folder else 0
    rest = Substr("path", start + 1)
    slash = StrIndex(rest, Value("/"))
    # Up to the first slash, which stays: no file has the name of a folder.
    name = Case(
        When(slash=0, then=rest),
        default=Substr(rest, 1, slash),
        output_field=CharField(max_length=PATH_MAX_CHARS),
    )
    rows = files.annotate(slash=slash).annotate(entry=name).values("entry")
    if last:
        head, slash_after, _ = last[start:].partition("/")
        rows = rows.filter(entry__gt=head + slash_after)
    found = list(rows.annotate(first=Min("pk")).order_by("entry")[: size + 1])
    shown = found[:size]
    paths = [folder + "/" * bool(folder) + row["entry"] for row in shown]
    here = [path for path in paths if not path.endswith("/")]
    known = {str(row[1]): _show(row) for row in files.filter(path__in=here).values_list(*_COLUMNS)}
    entries = [known.get(path) or Folder(path.rstrip("/")) for path in paths]
    return Rows(entries, make_offset(shown[-1]["first"]) if len(found) > size else None)


def _folders(path: str) -> Iterable[str]:
    """Return the folders that a path leads through, the outermost first."""
    segments = path.split("/")[:-1]
    return ["/".join(segments[: end + 1]) for end in range(len(segments))]


def _show(row: tuple[Any, ...]) -> Leaf:
    """Return what is shown of a file's row."""
    _, path, size_bytes, stated, blob = row
    return Leaf(path, size_bytes or 0, name_file(stated, blob, size_bytes), blob)
