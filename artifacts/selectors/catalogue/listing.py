"""Listing artifacts page by page, by key: the last page costs what the first does."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from artifacts.exceptions import NothingFound, TooManyQueries
from artifacts.limits import ARTIFACTS_BY_NAME_PAGE_SIZE, PAGE_SIZE, QUERIES_MAX
from artifacts.models import Artifact, VersionTag
from artifacts.models.artifact import quarantined_ids
from artifacts.models.server_settings import transaction_with
from artifacts.rules.names import RESERVED_NAME
from artifacts.rules.paging import Rows, cut_page, read_key
from artifacts.rules.search.versions import parse_version_range

# Where the first page begins: no id is empty, and none was made before 1970.
_BEFORE_ALL = (0, "")


@dataclass(frozen=True)
class ArtifactQuery:
    """What is looked for (contract: ArtifactQuery).

    Attributes:
        name: exact; `*` stands for every name.
        types: empty for all.
        version: a range, see `rules.search.versions`; None for any.
    """

    name: str
    types: tuple[str, ...] = ()
    version: str | None = None


def list_artifacts(queries: Sequence[ArtifactQuery], offset: str | None) -> Rows[Artifact]:
    """Return a page of the artifacts that fit at least one of the queries, oldest first, each once.

    Each query walks its own index from where the last page ended; their walks are merged here,
    since no index serves several conditions at once.

    Raises:
        TooManyQueries: there are more than `QUERIES_MAX`.
        InvalidOffset: the offset is none of ours.
        InvalidVersionRange: a query's version is malformed.
    """
    if len(queries) > QUERIES_MAX:
        raise TooManyQueries(
            f"One request holds {len(queries)} queries; at most {QUERIES_MAX} are taken."
        )
    after = _after(offset)
    walks = [_page_of(query, after) for query in dict.fromkeys(queries)]
    merged = heapq.merge(*walks, key=_key)
    unique: dict[str, Artifact] = {}
    for artifact in merged:
        unique.setdefault(artifact.id, artifact)
        if len(unique) > PAGE_SIZE:
            break
    return cut_page(list(unique.values()), PAGE_SIZE, _key)


def find_by_name(name: str, offset: str | None = None) -> Rows[Artifact]:
    """Return a page of the artifacts of exactly this name, oldest first.

    Raises:
        NothingFound: there is none.
        InvalidOffset: the offset is none of ours.
    """
    after = _after(offset)
    rows = _beyond(Artifact.objects.shown().filter(name=name), after)
    found = list(_ordered(rows)[: ARTIFACTS_BY_NAME_PAGE_SIZE + 1])
    if not found and offset is None:
        raise NothingFound(f"No artifact is named {name[:255]!r}. Names are compared exactly.")
    return cut_page(found, ARTIFACTS_BY_NAME_PAGE_SIZE, _key)


def _page_of(query: ArtifactQuery, after: tuple[int, str]) -> list[Artifact]:
    """Return one query's next page, and one artifact more to know whether another follows."""
    found = Artifact.objects.shown() if query.version is None else _shown_one_by_one()
    if query.name != RESERVED_NAME:
        found = found.filter(name=query.name)
    if query.types:
        types = set(query.types)
        found = found.filter(type__in=types) if len(types) > 1 else found.filter(type=min(types))
    if query.version is not None:
        range_ = parse_version_range(query.version)
        tags = VersionTag.objects.filter(
            version_key__gte=range_.low_key, version_key__lt=range_.end_key
        )
        # No join, since that would gather all that fit, only to leave out what came twice. So the
        # database begins with the tags where few fit, and with the listing's order where many do.
        found = found.filter(current_revision__in=tags.values("revision"))
    page = _ordered(_beyond(found, after))[: PAGE_SIZE + 1]
    if query.version is None:
        return list(page)
    # Few rows are looked up either way. The planner would rather read both tables to their ends
    # from some hundreds of rows on, at a cost that grows with the registry.
    with transaction_with(enable_seqscan="off", enable_hashjoin="off", enable_mergejoin="off"):
        return list(page)


def _shown_one_by_one() -> QuerySet[Artifact]:
    """Return what is shown, with the few that are hidden by their ids.

    The planner takes a subquery for one that leaves half of the rows out, and would read versions
    and artifacts to their ends.
    """
    found = Artifact.objects.visible()
    hidden = list(quarantined_ids().values_list("pk", flat=True))
    return found.exclude(pk__in=hidden) if hidden else found


def _beyond(artifacts: QuerySet[Artifact], after: tuple[int, str]) -> QuerySet[Artifact]:
    """Return what comes after a key."""
    created_us, key = after
    # The first condition alone lets the index be entered at the right place.
    return artifacts.filter(created_us__gte=created_us).filter(
        Q(created_us__gt=created_us) | Q(id__gt=key)
    )


def _ordered(artifacts: QuerySet[Artifact]) -> QuerySet[Artifact]:
    """Return what a listing shows, in its order."""
    return artifacts.only("id", "type", "name", "created_us").order_by("created_us", "id")


def _key(artifact: Artifact) -> tuple[int, str]:
    """Return what listings are ordered by."""
    return artifact.created_us, artifact.id


def _after(offset: str | None) -> tuple[int, str]:
    """Return the key that a page begins behind.

    Raises:
        InvalidOffset: the offset is none of ours.
    """
    if offset is None:
        return _BEFORE_ALL
    created_us, artifact_id = read_key(offset, int, str)
    return int(created_us), str(artifact_id)
