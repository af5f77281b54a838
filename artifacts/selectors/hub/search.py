"""Listing what the Hub's clients search for, in pages that each examine a bounded number of rows.

`narrowing` asks indexes first. Whatever they leave is compared with what is shown of it, so that a
page never holds what was not asked for. It ends where it is full, or where enough was examined:
it may be short, even empty, and have a next one, which clients fetch of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from artifacts.enums import ArtifactType
from artifacts.limits import (
    REPOSITORIES_PAGE_BYTES,
    REPOSITORIES_PAGE_SIZE,
    REPOSITORIES_SEARCHED_MAX,
)
from artifacts.models import Rating, Revision
from artifacts.rules.paging import Rows, make_offset
from artifacts.selectors.hub.infos import Info, count_downloads, make_info
from artifacts.selectors.hub.names import Current, name_repositories
from artifacts.selectors.hub.orders import Row, Wish, walk_rows
from artifacts.selectors.hub.repositories import Repository

# So many rows' cards are read at once: few, as the page may be full before.
_STEP_ROWS = 200


class Listed(NamedTuple):
    """A repository with what is told of its current revision; files are not listed."""

    repository: Repository
    info: Info


def list_repositories(artifact_type: ArtifactType, wish: Wish) -> Rows[Listed]:
    """Return a page of what somebody looks for.

    Raises:
        InvalidOffset: the offset was not given out by us, or for another order.
    """
    limit = max(1, min(wish.limit, REPOSITORIES_PAGE_SIZE))
    page: list[Listed] = []
    last, used_bytes, examined = None, 0, 0
    for rows in walk_rows(artifact_type, wish, limit + 1):
        for row, found in _read_infos(rows, wish):
            used_bytes += row.size_bytes if found is not None else 0
            is_full = len(page) == limit or used_bytes > REPOSITORIES_PAGE_BYTES
            if (page and is_full) or examined == REPOSITORIES_SEARCHED_MAX:
                return _count(page, last)
            page += [found] if found is not None else []
            last, examined = row, examined + 1
    return _count(page, None)


def _count(page: list[Listed], last: Row | None) -> Rows[Listed]:
    """Return a page with how often each was fetched; after `last` there is another."""
    counts = count_downloads([each.repository.artifact.id for each in page])
    counted = [
        each._replace(info=replace(each.info, downloads=counts.get(each.repository.artifact.id, 0)))
        for each in page
    ]
    return Rows(counted, None if last is None else make_offset(*last.key))


def _read_infos(rows: Sequence[Row], wish: Wish) -> Iterator[tuple[Row, Listed | None]]:
    """Yield each row with what is told of it; None for one that was not asked for."""
    for step in _steps(rows):
        ids = _name(step, wish)
        wanted = [row.revision.pk for row in step if row.is_shown and row.artifact.id in ids]
        whole = Revision.objects.in_bulk(wanted) if wanted else {}
        for row in step:
            revision = whole.get(row.revision.pk)
            repo_id = ids.get(row.artifact.id, "")
            # One that was deleted meanwhile has no row any more.
            yield row, _show(row, revision, repo_id, wish) if revision is not None else None


def _steps(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the rows whose cards are read at once."""
    step: list[Row] = []
    step_bytes = 0
    for row in rows:
        size_bytes = row.size_bytes * row.is_shown
        if step and (len(step) == _STEP_ROWS or step_bytes + size_bytes > REPOSITORIES_PAGE_BYTES):
            yield step
            step, step_bytes = [], 0
        step.append(row)
        step_bytes += size_bytes
    if step:
        yield step


def _name(rows: Sequence[Row], wish: Wish) -> Mapping[str, str]:
    """Return the ids under which rows are served, of those with the right author and name."""
    shown = [Current(row.artifact, row.revision) for row in rows if row.is_shown]
    names = {artifact.id: artifact.name for artifact, _ in shown}
    return {
        key: repo_id
        for key, repo_id in name_repositories(shown).items()
        if _is_by(repo_id, wish.author) and _is_named(names[key], repo_id, wish.words)
    }


def _is_by(repo_id: str, author: str) -> bool:
    """Whether an id has this owner; "" for any."""
    return not author or repo_id.partition("/")[0].lower() == author.lower()


def _is_named(name: str, repo_id: str, words: tuple[str, ...]) -> bool:
    """Whether a name holds all words, or the only word is the owner."""
    held = all(word.casefold() in name.casefold() for word in words)
    return held or (len(words) == 1 and _is_by(repo_id, words[0]))


def _show(row: Row, revision: Revision, repo_id: str, wish: Wish) -> Listed | None:
    """Return what is told of a row; None if other tags were asked for."""
    rating: Rating | None = row.revision.current_rating
    info = make_info(row.artifact, revision, rating)
    if not {each.lower() for each in wish.tags} <= {each.lower() for each in info.tags}:
        return None
    if wish.is_gated is not None and wish.is_gated != info.is_refused:
        return None
    return Listed(Repository(row.artifact, row.revision, repo_id), info)
