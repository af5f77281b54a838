"""Listing artifacts page by page, by key: the last page costs what the first does."""

from __future__ import annotations

import base64
import binascii
import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet

from artifacts.exceptions import InvalidOffset, NothingFound, TooManyQueries
from artifacts.limits import PAGE_SIZE, QUERIES_MAX
from artifacts.models import Artifact, VersionTag
from artifacts.models.server_settings import transaction_with
from artifacts.rules.names import RESERVED_NAME
from artifacts.rules.search.versions import parse_version_range

_OFFSET = re.compile(r"after:(\d{1,19}):([A-Za-z0-9\-]{1,64})", re.ASCII)
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


@dataclass(frozen=True)
class Page:
    """Some artifacts, and what to ask for next; None when there is no more."""

    artifacts: list[Artifact]
    next_offset: str | None


def list_artifacts(queries: Sequence[ArtifactQuery], offset: str | None) -> Page:
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
    after = _BEFORE_ALL if offset is None else _parse_offset(offset)
    walks = [_page_of(query, after) for query in dict.fromkeys(queries)]
    merged = heapq.merge(*walks, key=_key)
    unique: dict[str, Artifact] = {}
    for artifact in merged:
        unique.setdefault(artifact.id, artifact)
        if len(unique) > PAGE_SIZE:
            break
    artifacts = list(islice(unique.values(), PAGE_SIZE))
    return Page(artifacts, _offset(artifacts[-1]) if len(unique) > PAGE_SIZE else None)


def find_by_name(name: str) -> list[Artifact]:
    """Return all artifacts of exactly this name, oldest first.

    Raises:
        NothingFound: there is none.
    """
    found = list(_ordered(Artifact.objects.visible().filter(name=name)))
    if not found:
        raise NothingFound(f"No artifact is named {name[:255]!r}. Names are compared exactly.")
    return found


def _page_of(query: ArtifactQuery, after: tuple[int, str]) -> list[Artifact]:
    """Return one query's next page, and one artifact more to know whether another follows."""
    found = Artifact.objects.visible()
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
    created_us, key = after
    # The first condition alone lets the index be entered at the right place.
    found = found.filter(created_us__gte=created_us).filter(
        Q(created_us__gt=created_us) | Q(id__gt=key)
    )
    page = _ordered(found)[: PAGE_SIZE + 1]
    if query.version is None:
        return list(page)
    # Few rows are looked up either way. The planner would rather read both tables to their ends
    # from some hundreds of rows on, at a cost that grows with the registry.
    with transaction_with(enable_seqscan="off", enable_hashjoin="off", enable_mergejoin="off"):
        return list(page)


def _ordered(artifacts: QuerySet[Artifact]) -> QuerySet[Artifact]:
    """Return what a listing shows, in its order."""
    return artifacts.only("id", "type", "name", "created_us").order_by("created_us", "id")


def _key(artifact: Artifact) -> tuple[int, str]:
    """Return what listings are ordered by."""
    return artifact.created_us, artifact.id


def _offset(artifact: Artifact) -> str:
    """Return the offset of what comes after an artifact; opaque to clients."""
    text = f"after:{artifact.created_us}:{artifact.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _parse_offset(offset: str) -> tuple[int, str]:
    """Return where an offset points.

    Raises:
        InvalidOffset: it is none of ours.
    """
    try:
        padded = offset + "=" * (-len(offset) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise InvalidOffset from error
    found = _OFFSET.fullmatch(text)
    if found is None or int(found[1]) >= 2**63:
        raise InvalidOffset
    return int(found[1]), found[2]
