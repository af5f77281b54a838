"""What is told of a repository as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from artifacts.enums import AuditAction, GateVerdict
from artifacts.exceptions import ArtifactNotFound
from artifacts.limits import COMMITS_PAGE_SIZE, DOWNLOADS_COUNTED_S, ROWS_COUNTED_MAX
from artifacts.models import AuditEntry, Revision
from artifacts.rules.hub.tags import make_tags
from artifacts.rules.paging import Rows, cut_page, read_key
from artifacts.selectors.hub.repositories import Repository
from artifacts.selectors.hub.trees import Leaf, list_siblings
from artifacts.selectors.trust.gate import is_refused


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
    rating = revision.current_rating
    gate = GateVerdict(rating.gate) if rating is not None else None
    since = timezone.now() - timedelta(seconds=DOWNLOADS_COUNTED_S)
    fetched = AuditEntry.objects.filter(
        artifact_id=artifact.id, action=AuditAction.DOWNLOAD, created_at__gte=since
    )
    return Info(
        revision=whole,
        created_at=datetime.fromtimestamp(artifact.created_us / 1_000_000, UTC),
        siblings=list_siblings(revision),
        tags=make_tags(card=whole.card, facts=whole.facts, license_name=whole.license, gate=gate),
        downloads=fetched.order_by()[:ROWS_COUNTED_MAX].count(),
        is_refused=is_refused(gate),
    )


def list_revisions(
    revision: Revision, *, offset: str | None = None, limit: int = COMMITS_PAGE_SIZE
) -> Rows[Revision]:
    """Return a page of a revision and those before it, the newest first.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    found = Revision.objects.filter(
        artifact_id=revision.artifact_id, number__lte=revision.number
    ).defer("card", "config", "facts")
    if offset is not None:
        (last,) = read_key(offset, int)
        found = found.filter(number__lt=last)
    size = max(1, min(limit, COMMITS_PAGE_SIZE))
    return cut_page(list(found.order_by("-number")[: size + 1]), size, lambda row: (row.number,))
