"""What the front page shows: how much there is, and what came in lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection

from artifacts.enums import ArtifactType
from artifacts.limits import HOME_COUNTED_MAX, LATEST_SHOWN_MAX
from artifacts.models import Artifact, Listing
from artifacts.selectors.catalogue.orders import NEWEST
from artifacts.selectors.catalogue.rows import Row, read_rows

_TABLE: Final = Artifact._meta.db_table  # noqa: SLF001  (Django's documented name for this)
# Through the index of a type, as far as is counted.
_COUNT: Final = (
    f"(SELECT COUNT(*) FROM (SELECT 1 FROM {_TABLE}"  # noqa: S608  (constants)
    " WHERE type = %s AND current_revision_id IS NOT NULL AND NOT (id IN (SELECT a.id"
    " FROM artifacts_revision r JOIN artifacts_artifact a ON a.current_revision_id = r.id"
    " WHERE r.decision = 'quarantined'))"
    " LIMIT %s) AS counted)"
)


@dataclass(frozen=True)
class TypeCount:
    """How many artifacts of a type there are; more than `count` if `is_cut`."""

    artifact_type: ArtifactType
    count: int
    is_cut: bool


@dataclass(frozen=True)
class Front:
    """What the front page shows."""

    counts: tuple[TypeCount, ...]
    latest: tuple[Row, ...]


def get_front() -> Front:
    """Return how much of each type there is, and the newest artifacts, in two queries."""
    newest = NEWEST.arrange(Listing.objects.all(), is_backward=False)
    return Front(tuple(_count()), tuple(read_rows(newest[:LATEST_SHOWN_MAX])))


def _count() -> Iterator[TypeCount]:
    """Yield how many artifacts of each type everybody may see."""
    types = list(ArtifactType)
    parameters = [each for kind in types for each in (kind.value, HOME_COUNTED_MAX + 1)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join([_COUNT] * len(types)), parameters)
        counted = cursor.fetchone()
    for kind, count in zip(types, counted, strict=True):
        yield TypeCount(kind, min(count, HOME_COUNTED_MAX), is_cut=count > HOME_COUNTED_MAX)
