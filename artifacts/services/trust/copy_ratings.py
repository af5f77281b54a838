"""Rating copies again: whether a card is copied may show only when the original is registered."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, Revision
from artifacts.rules.rating.attribution import CopyFacts
from artifacts.services.lineage.parent_links import read_parent_links
from artifacts.services.records.artifact_records import store_record
from artifacts.services.trust.copies import find_copy, find_neighbours, list_marks
from artifacts.services.trust.model_facts import read_revision_facts
from artifacts.services.trust.rating import rate_revision, save_late_rating

logger = logging.getLogger(__name__)


def rate_copies(*, artifact_id: str) -> None:
    """Rate again what turns out to be a copy, or no copy, now that a model is registered.

    The model itself is among them: two that are registered at the same moment do not see each
    other. Called by its task.
    """
    revision = _find_revision(artifact_id)
    if revision is not None:
        for pk in find_neighbours(list_marks(read_revision_facts(revision))):
            _rate_if_changed(pk)


def _rate_if_changed(artifact_id: str) -> None:
    """Rate a model again if it copies another one than its rating says."""
    revision = _find_revision(artifact_id)
    if revision is None or revision.current_rating is None:
        return
    copy = find_copy(read_revision_facts(revision), read_parent_links(artifact_id))
    if _read_sign(copy) == _read_sign(revision.current_rating.evidence.get("copy")):
        return
    with suppress(ArtifactNotFound):  # Deleted meanwhile.
        save_late_rating(rate_revision(revision, "registry"))
        store_record(artifact_id)
        logger.info("model.copy_rated", extra={"artifact": artifact_id})


def _find_revision(artifact_id: str) -> Revision | None:
    """Return a model's current revision, None if it was deleted."""
    current = Artifact.objects.filter(id=artifact_id).values("current_revision")
    revisions = Revision.objects.select_related("artifact", "current_rating")
    return revisions.filter(pk__in=current).first()


def _read_sign(copy: CopyFacts | dict[str, Any] | None) -> tuple[Any, ...] | None:
    """Return what a rating depends on: whose copy it is, and whether that is sure."""
    if copy is None:
        return None
    data = asdict(copy) if isinstance(copy, CopyFacts) else copy
    return tuple(data.get(name) for name in ("original", "is_certain", "is_derived"))
