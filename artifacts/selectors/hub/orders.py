"""The orders of lists: the next rows in each, without what is large.

`search` compares the rows with what somebody looks for, and makes pages of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db.models import F, Func, IntegerField, Q, QuerySet

from artifacts.enums import ArtifactType, DecisionState
from artifacts.exceptions import InvalidOffset
from artifacts.limits import REPOSITORIES_PAGE_SIZE, REPOSITORIES_SEARCHED_MAX
from artifacts.models import Artifact, Rating, Revision
from artifacts.rules.paging import make_offset, read_key
from artifacts.selectors.hub.infos import count_downloads
from artifacts.selectors.hub.narrowing import (
    filter_owner,
    find_owner_key,
    in_order_of_index,
    list_all,
    narrow,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# Where little fits, a few statements read all that a page examines; where all does, one suffices.
_STEP_MIN_ROWS: Final = 50
_STEP_GROWTH: Final = 4


class Order(StrEnum):
    """What a list is ordered by."""

    CREATED = "created"
    CHANGED = "changed"
    # Of more artifacts than a page examines, the newest come first instead: no index counts.
    DOWNLOADS = "downloads"


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


class Row(NamedTuple):
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


def walk_rows(artifact_type: ArtifactType, wish: Wish, count: int) -> Iterator[list[Row]]:
    """Yield the rows after the wish's offset, without what is large, in growing steps.

    Args:
        count: how many are wanted at first.

    Raises:
        InvalidOffset: the offset was not given out by us, or for another order.
    """
    ids = narrow(artifact_type, wish.words, wish.author, wish.tags)
    if wish.order == Order.DOWNLOADS:
        ids = list_all(artifact_type) if ids is None else ids
        if ids is not None:
            yield _sort_by_downloads(artifact_type, wish, ids)
            return
    read = _read_changed if wish.order == Order.CHANGED else _read_created
    step = max(count, _STEP_MIN_ROWS)
    while True:
        rows = read(artifact_type, wish, ids, step)
        yield rows
        if len(rows) < step:
            return
        wish = replace(wish, offset=make_offset(*rows[-1].key))
        step = min(_STEP_GROWTH * step, REPOSITORIES_SEARCHED_MAX)


def _sort_by_downloads(artifact_type: ArtifactType, wish: Wish, ids: frozenset[str]) -> list[Row]:
    """Return the next rows by how often each was fetched lately, of equals the newest first."""
    whole = replace(wish, order=Order.CREATED, is_ascending=False, offset=None)
    rows = _read_created(artifact_type, whole, ids, len(ids))
    counts = count_downloads([row.artifact.id for row in rows])
    counted = [row._replace(key=(counts.get(row.artifact.id, 0), *row.key)) for row in rows]
    counted.sort(key=lambda row: row.key, reverse=not wish.is_ascending)
    if wish.offset is None:
        return counted
    last = read_key(wish.offset, int, int, str)
    return [row for row in counted if (row.key > last if wish.is_ascending else row.key < last)]


def _read_created(
    artifact_type: ArtifactType, wish: Wish, ids: frozenset[str] | None, count: int
) -> list[Row]:
    """Return the next rows in the order of registration."""
    found: QuerySet[Artifact] = Artifact.objects.shown().filter(type=artifact_type)
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
        Row(each, each.current_revision, (each.created_us, each.id), each.said_bytes)
        for each in rows
        if each.current_revision is not None
    ]


def _read_changed(
    artifact_type: ArtifactType, wish: Wish, ids: frozenset[str] | None, count: int
) -> list[Row]:
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
        Row(
            each.artifact,
            each,
            ((each.created_at - _EPOCH) // _MICROSECOND, each.pk),
            each.said_bytes,
            is_shown=each.artifact.type == artifact_type
            and each.artifact.current_revision_id == each.pk
            and each.decision != DecisionState.QUARANTINED,
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
