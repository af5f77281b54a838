"""What is told of a repository as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from artifacts.enums import AuditAction, GateVerdict
from artifacts.exceptions import ArtifactNotFound
from artifacts.limits import COMMITS_PAGE_SIZE, DOWNLOADS_COUNTED_S, ROWS_COUNTED_MAX
from artifacts.models import Artifact, AuditEntry, Rating, Revision
from artifacts.rules.hub.tags import make_tags
from artifacts.rules.paging import Rows, cut_page, read_key
from artifacts.selectors.hub.repositories import Repository
from artifacts.selectors.hub.trees import Leaf, list_siblings
from artifacts.selectors.trust.gate import is_refused

_ENTRIES, _ARTIFACTS = (
    each._meta.db_table  # noqa: SLF001  (documented)
    for each in (AuditEntry, Artifact)
)
# The action stands in the text, since SQLite uses no partial index for a parameter.
_COUNTED = f"""
    SELECT a.id, (SELECT COUNT(*) FROM (
        SELECT 1 FROM {_ENTRIES} e
        WHERE e.artifact_id = a.id AND e.action = '{AuditAction.DOWNLOAD}' AND e.created_at >= %s
        LIMIT %s
    ) AS fetched)
    FROM {_ARTIFACTS} a WHERE a.id IN ({{ids}})
"""  # noqa: S608  (names and words of our own)


@dataclass(frozen=True)
class Info:
    """What is told of a revision.

    Attributes:
        revision: with all its columns.
        created_at: when the artifact was registered.
        siblings: its files; None if there are too many for one answer.
        downloads: those of this registry in the last 30 days, counted up to `ROWS_COUNTED_MAX`.
        is_refused: whether the gate keeps its bytes back.
    """

    revision: Revision
    created_at: datetime
    siblings: list[Leaf] | None
    tags: list[str]
    downloads: int
    is_refused: bool


def get_info(repository: Repository, revision: Revision) -> Info:
    """Return what is told of a revision, in three queries.

    Raises:
        ArtifactNotFound: it was deleted meanwhile.
    """
    artifact = repository.artifact
    whole = Revision.objects.filter(pk=revision.pk).first()
    if whole is None:
        raise ArtifactNotFound(artifact.type, artifact.id)
    return replace(
        make_info(artifact, whole, revision.current_rating),
        siblings=list_siblings(revision),
        downloads=count_downloads([artifact.id]).get(artifact.id, 0),
    )


def make_info(artifact: Artifact, revision: Revision, rating: Rating | None) -> Info:
    """Return what the rows tell of a revision, without its files and downloads; no query.

    Args:
        revision: with all its columns.
        rating: its current one.
    """
    gate = GateVerdict(rating.gate) if rating is not None else None
    return Info(
        revision=revision,
        created_at=datetime.fromtimestamp(artifact.created_us / 1_000_000, UTC),
        siblings=None,
        tags=make_tags(
            card=revision.card, facts=revision.facts, license_name=revision.license, gate=gate
        ),
        downloads=0,
        is_refused=is_refused(gate),
    )


def count_downloads(artifact_ids: Sequence[str]) -> dict[str, int]:
    """Return how often each was fetched here in the last 30 days, up to `ROWS_COUNTED_MAX`."""
    if not artifact_ids:
        return {}
    since = timezone.now() - timedelta(seconds=DOWNLOADS_COUNTED_S)
    statement = _COUNTED.format(ids=", ".join(["%s"] * len(artifact_ids)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [since, ROWS_COUNTED_MAX, *artifact_ids])
        return dict(cursor.fetchall())


def list_revisions(
    revision: Revision, *, offset: str | None = None, limit: int = COMMITS_PAGE_SIZE
) -> Rows[Revision]:
    """Return a page of a revision and those before it, the newest first.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    found = (
        Revision.objects.shown()
        .filter(artifact_id=revision.artifact_id, number__lte=revision.number)
        .defer(*Revision.LARGE_FIELDS)
    )
    if offset is not None:
        (last,) = read_key(offset, int)
        found = found.filter(number__lt=last)
    size = max(1, min(limit, COMMITS_PAGE_SIZE))
    return cut_page(list(found.order_by("-number")[: size + 1]), size, lambda row: (row.number,))
