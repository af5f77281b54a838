"""Listing what the Hub's clients search for, in pages that each examine a bounded number of rows.

`narrowing` asks indexes first. Whatever they leave is compared with what is shown of it, so that a
page never holds what was not asked for. It ends where it is full, or where enough was examined:
it may be short, even empty, and have a next one, which clients fetch of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db.models import F, Func, IntegerField, Q, QuerySet

from artifacts.enums import ArtifactType
from artifacts.exceptions import InvalidOffset
from artifacts.limits import (
    REPOSITORIES_PAGE_BYTES,
    REPOSITORIES_PAGE_SIZE,
    REPOSITORIES_SEARCHED_MAX,
)
from artifacts.models import Artifact, Rating, Revision
from artifacts.rules.paging import Rows, make_offset, read_key
from artifacts.selectors.hub.infos import Info, count_downloads, make_info
from artifacts.selectors.hub.names import Current, name_repositories
from artifacts.selectors.hub.narrowing import (
    filter_owner,
    find_owner_key,
    in_order_of_index,
    narrow,
)
from artifacts.selectors.hub.repositories import Repository

# So many rows' cards are read at once: few, as the page may be full before.
_STEP_ROWS = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Order(StrEnum):
    """What a list is ordered by."""

    CREATED = "created"
    CHANGED = "changed"


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; "" and () for everything.

    Attributes:
        words: in any case, each of which the name holds, or which alone is the owner.
        author: the part of ids before the slash.
        tags: all of them are to be among those shown.
        is_gated: whether the bytes are to be kept back; None for both.
        offset: where the page before ended; None for the first.
        limit: at most so many on a page.
    """

    words: tuple[str, ...] = ()
    author: str = ""
    tags: tuple[str, ...] = ()
    is_gated: bool | None = None
    order: Order = Order.CREATED
    is_ascending: bool = False
    offset: str | None = None
    limit: int = REPOSITORIES_PAGE_SIZE

    @property
    def is_for_all(self) -> bool:
        """Whether nothing has to be compared."""
        return not (self.words or self.author or self.tags or self.is_gated is not None)


class Listed(NamedTuple):
    """A repository with what is told of its current revision; files are not listed."""

    repository: Repository
    info: Info


class _Row(NamedTuple):
    """An artifact with its current revision.

    Attributes:
        key: its place in the order.
        size_bytes: of what the source said, as text.
        is_shown: False for a row that only lies on the way, such as an earlier revision.
    """

    artifact: Artifact
    revision: Revision
    key: tuple[int | str, ...]
    size_bytes: int
    is_shown: bool = True


class _TextBytes(Func):
    """The size of JSON, as text."""

    template = "OCTET_LENGTH(CAST(%(expressions)s AS text))"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the same in the words of SQLite."""
        template = "LENGTH(CAST(%(expressions)s AS BLOB))"
        return self.as_sql(compiler, connection, template=template, **context)


_SAID: Final = ("card", "facts", "config")


def list_repositories(artifact_type: ArtifactType, wish: Wish) -> Rows[Listed]:
    """Return a page of what somebody looks for.

    Raises:
        InvalidOffset: the offset was not given out by us, or for another order.
    """
    limit = max(1, min(wish.limit, REPOSITORIES_PAGE_SIZE))
    is_plain = wish.is_for_all and wish.order == Order.CREATED
    most = limit if is_plain else REPOSITORIES_SEARCHED_MAX
    rows = _read_rows(artifact_type, wish, most + 1)
    page: list[Listed] = []
    last, used_bytes = None, 0
    for row, found in _read_infos(rows[:most], wish):
        if found is not None:
            used_bytes += row.size_bytes
            if page and (len(page) == limit or used_bytes > REPOSITORIES_PAGE_BYTES):
                return _count(page, last)
            page.append(found)
        last = row
    return _count(page, last if len(rows) > most else None)


def _count(page: list[Listed], last: _Row | None) -> Rows[Listed]:
    """Return a page with how often each was fetched; after `last` there is another."""
    counts = count_downloads([each.repository.artifact.id for each in page])
    counted = [
        each._replace(info=replace(each.info, downloads=counts.get(each.repository.artifact.id, 0)))
        for each in page
    ]
    return Rows(counted, None if last is None else make_offset(*last.key))


def _read_rows(artifact_type: ArtifactType, wish: Wish, count: int) -> list[_Row]:
    """Return the next rows in the order of the list, without what is large."""
    ids = narrow(artifact_type, wish.words, wish.author, wish.tags)
    if wish.order == Order.CHANGED:
        return _read_changed(artifact_type, wish, ids, count)
    found: QuerySet[Artifact] = Artifact.objects.visible().filter(type=artifact_type)
    is_owned = ids is None and bool(find_owner_key(artifact_type, wish.author))
    if ids is not None:
        found = found.filter(pk__in=ids)
    elif is_owned:
        found = filter_owner(found, artifact_type, wish.author)
    columns = ("created_us", "id")
    if wish.offset is not None:
        found = found.filter(_beyond(columns, read_key(wish.offset, int, str), wish))
    chosen = (
        found.select_related("current_revision__current_rating")
        .annotate(said_bytes=_said_bytes("current_revision__"))
        .defer(
            *(f"current_revision__{each}" for each in _SAID),
            *(f"current_revision__current_rating__{each}" for each in Rating.LARGE_FIELDS),
        )
        .order_by(*_directed(columns, wish))
    )
    with in_order_of_index() if is_owned else nullcontext():
        rows = list(chosen[:count])
    return [
        _Row(each, each.current_revision, (each.created_us, each.id), each.said_bytes)
        for each in rows
        if each.current_revision is not None
    ]


def _read_changed(
    artifact_type: ArtifactType, wish: Wish, ids: frozenset[str] | None, count: int
) -> list[_Row]:
    """Return the next rows by the dates of revisions.

    Where nothing narrows, earlier revisions and other types lie on the way: no index leaves them
    out, so they count among what is examined.
    """
    found: QuerySet[Revision] = Revision.objects.all()
    if ids is not None:
        found = found.filter(artifact__in=ids, artifact__current_revision=F("pk"))
    columns = ("created_at", "id")
    if wish.offset is not None:
        found = found.filter(_beyond(columns, _read_date(wish.offset), wish))
    chosen = (
        found.select_related("artifact", "current_rating")
        .annotate(said_bytes=_said_bytes(""))
        .defer(*_SAID, *(f"current_rating__{each}" for each in Rating.LARGE_FIELDS))
        .order_by(*_directed(columns, wish))
    )
    return [
        _Row(
            each.artifact,
            each,
            ((each.created_at - _EPOCH) // _MICROSECOND, each.pk),
            each.said_bytes,
            is_shown=each.artifact.type == artifact_type
            and each.artifact.current_revision_id == each.pk,
        )
        for each in chosen[:count]
    ]


def _read_date(offset: str) -> tuple[datetime, int]:
    """Return the key that an offset in the order of changes holds.

    Raises:
        InvalidOffset: it was not given out by us.
    """
    at_us, pk = read_key(offset, int, int)
    try:
        return _EPOCH + int(at_us) * _MICROSECOND, int(pk)
    except OverflowError as error:
        raise InvalidOffset from error


def _said_bytes(place: str) -> Any:
    """Return an expression for the size of what a source said."""
    sizes = [_TextBytes(f"{place}{each}") for each in _SAID]
    return sizes[0] + sizes[1] + sizes[2]


def _beyond(columns: tuple[str, str], key: Sequence[Any], wish: Wish) -> Q:
    """Ask for what comes after a key."""
    first, second = columns
    word = "gt" if wish.is_ascending else "lt"
    is_past = Q(**{f"{first}__{word}": key[0]}) | Q(**{f"{second}__{word}": key[1]})
    # The first part alone lets an index be entered at the right place.
    return Q(**{f"{first}__{word}e": key[0]}) & is_past


def _directed(columns: Sequence[str], wish: Wish) -> list[str]:
    """Return what rows are ordered by, as Django takes it."""
    return [f"{'' if wish.is_ascending else '-'}{each}" for each in columns]


def _read_infos(rows: Sequence[_Row], wish: Wish) -> Iterator[tuple[_Row, Listed | None]]:
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


def _steps(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Yield the rows whose cards are read at once."""
    step: list[_Row] = []
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


def _name(rows: Sequence[_Row], wish: Wish) -> Mapping[str, str]:
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


def _show(row: _Row, revision: Revision, repo_id: str, wish: Wish) -> Listed | None:
    """Return what is told of a row; None if other tags were asked for."""
    rating: Rating | None = row.revision.current_rating
    info = make_info(row.artifact, revision, rating)
    if not {each.lower() for each in wish.tags} <= {each.lower() for each in info.tags}:
        return None
    if wish.is_gated is not None and wish.is_gated != info.is_refused:
        return None
    return Listed(Repository(row.artifact, row.revision, repo_id), info)
