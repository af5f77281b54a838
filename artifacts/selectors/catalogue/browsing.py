"""Browsing the catalogue: what fits, page by page, with counts for what would narrow it further.

What is typed names candidates through an index; the facets narrow them. The newest
`CATALOGUE_COUNTED_MAX` of what fits are read in one statement and counted here. If that is all of
it, it is sorted and cut into pages here too; else the database walks the order's index to the page.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from artifacts.enums import SourceKind
from artifacts.limits import CATALOGUE_COUNTED_MAX, CATALOGUE_PAGE_SIZE
from artifacts.models import Listing, Revision, VersionTag
from artifacts.rules.search.expressions import Expression, compile_expression
from artifacts.rules.search.sought import list_matched, list_sought
from artifacts.rules.search.versions import parse_version_range
from artifacts.selectors.catalogue.facets import FACETS, FacetCount, count_facets, count_values
from artifacts.selectors.catalogue.libraries import LIBRARY, read_libraries
from artifacts.selectors.catalogue.nearest import list_near_names
from artifacts.selectors.catalogue.orders import MATCH, NEWEST, ORDERS, Order, order_by_match
from artifacts.selectors.catalogue.rows import Row, read_rows
from artifacts.selectors.catalogue.search import find_ids_by_expression, list_meant
from artifacts.selectors.catalogue.typed import Typed, find_typed


@dataclass(frozen=True)
class Wish:
    """What somebody looks for.

    Attributes:
        typed: what stands in the search field, "" for nothing.
        chosen: a word for each facet that was narrowed.
        expression: of RE2 over names and READMEs, "" for none.
        version: a range, "" for none.
        order: the word of an order, "" for the usual one.
        after, before: the offset at which the page begins or ends, "" for the first page.
    """

    typed: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    expression: str = ""
    version: str = ""
    order: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Line:
    """A row as it is shown.

    Attributes:
        owner: whose it is at its source, "" where sources have no owners.
    """

    row: Row
    owner: str


@dataclass(frozen=True)
class Findings:
    """A page of the catalogue.

    Attributes:
        count: of what fits; if `is_cut`, there is more of it than was counted.
        is_names_only: whether READMEs were not searched, as too many hold what was typed.
        url: the URL that was typed, "" for none.
        left_out: how many have no place in the order, None if that was not counted.
        orders: those that can be chosen.
        before, after: the offsets of the pages on both sides, "" for none.
        is_library_open: whether too many fit to tell their libraries apart.
        nearest: names like what was typed, if nothing fits.
        sought: ids of the artifacts that the search was for; none on pages after the first.
    """

    lines: tuple[Line, ...]
    count: int
    is_cut: bool
    facets: tuple[FacetCount, ...]
    order: Order
    orders: tuple[Order, ...]
    left_out: int | None = 0
    is_names_only: bool = False
    url: str = ""
    before: str = ""
    after: str = ""
    is_library_open: bool = False
    nearest: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Page:
    """Rows of a page, and whether there are pages on both sides."""

    rows: list[Row]
    has_before: bool
    has_after: bool


def browse(wish: Wish) -> Findings:
    """Return a page of what somebody looks for.

    Raises:
        InvalidExpression, SearchTooCostly, TooManyQueries: see `find_ids_by_expression`.
        InvalidVersionRange: the version is malformed.
        InvalidOffset: the page was not one of this order.
    """
    typed = find_typed(wish.typed) if wish.typed else None
    orders = (order_by_match(typed.words), *ORDERS) if typed and typed.words else ORDERS
    order = next((each for each in orders if each.word == wish.order), orders[0])
    expression = compile_expression(wish.expression) if wish.expression else None
    ids, is_cut = _find_candidates(expression, typed)
    found = _narrow(wish, ids)
    if typed and typed.ids is None:
        for word in typed.words:
            found = found.filter(name__icontains=word)
    rows, are_more = _read_newest(found)
    libraries = read_libraries(rows)
    if libraries is not None and LIBRARY in wish.chosen:
        rows = [row for row in rows if libraries.get(row.id) == wish.chosen[LIBRARY]]
    if are_more:
        # What fits is not all here, so the database has to know the order.
        order = NEWEST if order.word == MATCH else order
        page = _walk(found, order, wish)
    else:
        page = _cut(order.sort(rows), order, wish)
    return Findings(
        lines=_show(page.rows),
        count=len(rows),
        is_cut=is_cut or are_more,
        facets=(*count_facets(rows, wish.chosen), *_count_libraries(rows, libraries, wish)),
        order=order,
        orders=orders,
        left_out=None if are_more else len(rows) - sum(map(order.has_place, rows)),
        is_names_only=typed is not None and typed.is_names_only,
        url=typed.url if typed else "",
        before=order.write(page.rows[0]) if page.has_before else "",
        after=order.write(page.rows[-1]) if page.has_after else "",
        is_library_open=libraries is None,
        nearest=list_near_names(wish.typed) if typed and typed.words and not rows else (),
        sought=tuple(_list_sought(wish, typed, expression, page.rows)),
    )


def _find_candidates(
    expression: Expression | None, typed: Typed | None
) -> tuple[frozenset[str] | None, bool]:
    """Return the ids that fit what was typed, and whether there are more than were read.

    The ids are None if nothing was typed that an index could look up.
    """
    sets = [] if typed is None or typed.ids is None else [typed.ids]
    is_cut = typed is not None and typed.is_cut
    if expression is not None:
        sets.append(find_ids_by_expression(expression))
    return (frozenset.intersection(*sets) if sets else None), is_cut


def _list_sought(
    wish: Wish, typed: Typed | None, expression: Expression | None, rows: list[Row]
) -> list[str]:
    """Return which rows of a first page were looked for, by words, id, URL or expression."""
    if wish.after or wish.before:
        return []
    if typed is not None and typed.words:
        return list_sought(rows, " ".join(typed.words))
    if typed is not None:
        # An id or a URL is for what it names.
        return list_matched(rows, lambda _: True)
    return list_meant(expression, rows) if expression is not None else []


def _has_version(text: str) -> Q:
    """Ask for the artifacts with a version in a range.

    Those of few tags are named. Where many have one, each of the newest is asked for its own, which
    ends as soon as enough are found.

    Raises:
        InvalidVersionRange: the range is malformed.
    """
    range_ = parse_version_range(text)
    tags = VersionTag.objects.filter(
        version_key__gte=range_.low_key, version_key__lt=range_.end_key
    )
    first = tags.order_by("version_key").values_list("revision_id", flat=True)
    tagged = list(first[: CATALOGUE_COUNTED_MAX + 1])
    if len(tagged) <= CATALOGUE_COUNTED_MAX:
        return Q(revision_id__in=set(tagged))
    return Q(Exists(tags.filter(revision_id=OuterRef("revision_id"))))


def _narrow(wish: Wish, ids: frozenset[str] | None) -> QuerySet[Listing]:
    """Return a query for what fits all choices, but for the library."""
    asked = Q() if ids is None else Q(pk__in=ids)
    if wish.version:
        asked &= _has_version(wish.version)
    for facet in FACETS:
        if facet.key in wish.chosen:
            asked &= facet.ask(wish.chosen[facet.key])
    return Listing.objects.filter(asked)


def _read_newest(found: QuerySet[Listing]) -> tuple[list[Row], bool]:
    """Return the newest of what fits, and whether there is more."""
    rows = read_rows(NEWEST.arrange(found, is_backward=False)[: CATALOGUE_COUNTED_MAX + 1])
    return rows[:CATALOGUE_COUNTED_MAX], len(rows) > CATALOGUE_COUNTED_MAX


def _cut(rows: list[Row], order: Order, wish: Wish) -> _Page:
    """Return a page of all rows, which are sorted."""
    is_down = order.is_descending
    offset = wish.before or wish.after
    if not offset:
        start, end = 0, CATALOGUE_PAGE_SIZE
    else:
        key = order.read(offset)

        def is_reached(row: Row) -> bool:
            place = order.place(row)
            is_beyond = place < key if is_down else place > key
            # The row of the key itself ends the page before it, and is not on the one after it.
            return is_beyond or (bool(wish.before) and place == key)

        at = bisect.bisect_left(rows, x=True, key=is_reached)
        start = max(0, at - CATALOGUE_PAGE_SIZE) if wish.before else at
        end = at if wish.before else at + CATALOGUE_PAGE_SIZE
    return _Page(rows[start:end], has_before=start > 0, has_after=end < len(rows))


def _walk(found: QuerySet[Listing], order: Order, wish: Wish) -> _Page:
    """Return a page from where the database finds it in the order's index."""
    is_backward = bool(wish.before)
    offset = wish.before or wish.after
    asked = order.arrange(found, is_backward=is_backward)
    if offset:
        asked = asked.filter(order.beyond(order.read(offset), is_backward=is_backward))
    rows = read_rows(asked[: CATALOGUE_PAGE_SIZE + 1])
    is_more = len(rows) > CATALOGUE_PAGE_SIZE
    rows = rows[:CATALOGUE_PAGE_SIZE]
    if is_backward:
        return _Page(rows[::-1], has_before=is_more, has_after=True)
    return _Page(rows, has_before=bool(offset) and bool(rows), has_after=is_more)


def _count_libraries(
    rows: list[Row], libraries: Mapping[str, str] | None, wish: Wish
) -> tuple[FacetCount, ...]:
    """Return the facet of the libraries, if their cards were read."""
    if libraries is None:
        return ()
    counted = Counter(libraries.get(row.id, "") for row in rows)
    return (count_values(LIBRARY, "Library", counted, wish.chosen, {}),)


def _show(rows: list[Row]) -> tuple[Line, ...]:
    """Add whose the rows of a page are at their sources."""
    current = Revision.objects.filter(pk__in=[row.revision_id for row in rows])
    named = dict(current.values_list("artifact_id", "repository")) if rows else {}
    return tuple(Line(row, _find_owner(row, named.get(row.id, ""))) for row in rows)


def _find_owner(row: Row, repository: str) -> str:
    """Return whose a repository is, "" where sources have no owners."""
    if row.source_kind in (SourceKind.DIRECT, SourceKind.UPLOAD):
        return ""
    owner, slash, _ = repository.partition("/")
    return owner if slash else ""
