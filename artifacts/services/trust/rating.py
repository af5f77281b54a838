"""Rating models: at registration, and again on request or when a source answers."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.utils import timezone

from artifacts.database import modes
from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import ArtifactNotFound, RatingIncomplete
from artifacts.limits import EVIDENCE_DEADLINE_S, RATING_FRESH_S, RATING_POLL_S, RATING_WAIT_S
from artifacts.models import Artifact, Rating, Revision, RevisionScan, User
from artifacts.rules.rating.evidence import DemonstrationFacts, Evidence
from artifacts.rules.rating.judgement import (
    RULES_VERSION,
    unasked,
    unheard,
)
from artifacts.rules.text import storable
from artifacts.selectors.artifacts import get_artifact
from artifacts.services.access.audit import record_act
from artifacts.services.lineage.edges import schedule_followers
from artifacts.services.lineage.parent_links import (
    read_parent_links,
)
from artifacts.services.records.artifact_records import store_record
from artifacts.services.trust.amending import tell_scanned
from artifacts.services.trust.assessment import (
    Assessment,
    assess_model,
)
from artifacts.services.trust.copies import keep_rated_marks, list_marks
from artifacts.services.trust.model_facts import read_revision_facts
from artifacts.services.trust.version_tags import add_left_tags
from artifacts.sources.inquiry import Inquiry
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


def draft_rating(revision: Revision, assessment: Assessment, user_name: str) -> Rating:
    """Prepare the row of a rating without writing it."""
    judgement = assessment.judgement
    return Rating(
        revision=revision,
        created_at=timezone.now(),
        created_by=user_name,
        rules_version=RULES_VERSION,
        category=storable(judgement.category)[:100],
        net_score=judgement.net_score,
        tree_score=judgement.tree_score,
        gate=assessment.gate,
        gate_reasons=storable(list(judgement.gate.reasons)),
        gate_thresholds=dict(judgement.gate.thresholds),
        summary=judgement.summary(),
        results=storable(judgement.results_data()),
        evidence=storable(_evidence_data(assessment.evidence)),
        is_incomplete=bool(judgement.try_later),
    )


def save_rating(rating: Rating, *, is_admin: bool = False) -> None:
    """Write a rating with its audit entry and make it current, inside the caller's transaction.

    An incomplete rating never replaces a complete one; a task rates the model again. Another task
    updates the tree scores of the model's children.

    Args:
        is_admin: whether the user who rates is an administrator.
    """
    revision = rating.revision
    rating.save(force_insert=True)
    keep_rated_marks(rating)
    record_act(
        revision.artifact,
        rating.created_by,
        is_admin=is_admin,
        action=AuditAction.RATE,
        note=f"net score {rating.net_score:.2f}",
    )
    current = revision.current_rating
    if current is None or current.is_incomplete or not rating.is_incomplete:
        revision.current_rating = rating
        revision.save(update_fields=["current_rating"])
        schedule_followers(revision.artifact.source_key)
    if rating.is_incomplete:
        queue.schedule_once(Job.RATE_MODEL, artifact_id=revision.artifact_id)


def save_late_rating(rating: Rating, *, user: User | None = None) -> None:
    """Write a rating whose revision was read before the sources were asked.

    Args:
        user: who requested the rating; None for the registry itself.

    Raises:
        ArtifactNotFound: the artifact was deleted meanwhile.
        AuthenticationFailed, PermissionMissing: the user was deleted, or may no longer upload.
    """
    artifact_id = rating.revision.artifact_id
    with writing(RestsOn(user, UPLOAD, artifact_id, changes_artifact=True)):
        # Read again, since another rating may have become the current one.
        revisions = Revision.objects.select_related("artifact", "current_rating")
        rating.revision = revisions.get(pk=rating.revision.pk)
        # And files may have been scanned, or something allowed in them; a task rates by that.
        found = RevisionScan.objects.filter(revision=rating.revision)
        tell_scanned(rating, found.values_list("sentences", flat=True).first() or ())
        save_rating(rating, is_admin=user is not None and user.is_admin)


def refresh_rating(*, artifact_id: str, user: User) -> Rating:
    """Gather new evidence and rate a model's current revision at somebody's request.

    Raises:
        ArtifactNotFound: there is no such model, or it was deleted meanwhile.
        RegistryReadOnly: nothing may be changed now; raised before any source is asked.
    """
    modes.require_open()
    rating = rate_current(artifact_id, user.username)
    save_late_rating(rating, user=user)
    logger.info("model.rated", extra={"artifact": artifact_id, "net_score": rating.net_score})
    store_record(artifact_id)
    return rating


def complete_rating(*, artifact_id: str) -> None:
    """Rate a model again whose rating is incomplete, and add what else its registration left.

    Called by its task, where a source did not answer or there was more to ask for.

    Raises:
        SourceUnavailable: GitHub does not give the tags now.
        RatingIncomplete: it still is; nothing is written, and the task tries again later.
    """
    waiting = Artifact.objects.filter(
        id=artifact_id, current_revision__current_rating__is_incomplete=True
    )
    if not waiting.exists():
        return  # Deleted, or rated meanwhile.
    inquiry = Inquiry(EVIDENCE_DEADLINE_S, is_patient=True)
    add_left_tags(artifact_id, inquiry)
    with suppress(ArtifactNotFound):  # Deleted while the sources answered.
        rating = rate_current(artifact_id, "registry", inquiry)
        if rating.is_incomplete:
            raise RatingIncomplete(artifact_id, unheard(rating.results) | unasked(rating.results))
        save_late_rating(rating)
        store_record(artifact_id)


def wait_for_rating(artifact_id: str) -> bool:
    """Wait for the task that completes a fresh rating, for at most `RATING_WAIT_S`.

    Returns:
        True if the rating is complete now.
    """
    fresh = timezone.now() - timedelta(seconds=RATING_FRESH_S)
    waiting = Artifact.objects.filter(
        id=artifact_id,
        current_revision__current_rating__is_incomplete=True,
        current_revision__current_rating__created_at__gte=fresh,
    )
    ends_at = time.monotonic() + RATING_WAIT_S
    is_waited_for = waiting.exists()
    while is_waited_for and time.monotonic() < ends_at:
        time.sleep(RATING_POLL_S)
        if not waiting.exists():
            return True
    return False


def rate_revision(
    revision: Revision,
    user_name: str,
    *,
    demonstration: DemonstrationFacts | None = None,
    inquiry: Inquiry | None = None,
) -> Rating:
    """Rate a revision on fresh evidence without writing the rating.

    Args:
        demonstration: the result of executing its card; by default the earlier result is kept.
        inquiry: counts what is asked of the sources, for callers that need to know.
    """
    known = revision.current_rating.evidence.get("demonstration") if revision.current_rating else {}
    if demonstration is None and known:
        demonstration = DemonstrationFacts(**known)
    assessment = assess_model(
        read_revision_facts(revision),
        revision.commit,
        read_parent_links(revision.artifact_id),
        inquiry or Inquiry(EVIDENCE_DEADLINE_S, is_patient=True),
        demonstration,
    )
    return draft_rating(revision, assessment, user_name)


def rate_current(artifact_id: str, user_name: str, inquiry: Inquiry | None = None) -> Rating:
    """Rate a model's current revision on fresh evidence without writing the rating.

    Raises:
        ArtifactNotFound: there is no such model.
    """
    found = get_artifact(ArtifactType.MODEL, artifact_id, with_quarantined=True)
    revision_id = found.current_revision_id or 0
    revisions = Revision.objects.select_related("artifact", "current_rating")
    revision = revisions.filter(pk=revision_id).first()
    if revision is None:
        raise ArtifactNotFound(ArtifactType.MODEL, artifact_id)
    return rate_revision(revision, user_name, inquiry=inquiry)


def _evidence_data(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as JSON data, without the parts that the revision keeps anyway."""
    data = asdict(evidence) | {"marks": list_marks(evidence.model)}
    for kept in ("readme", "card", "config", "files", "faults", "pointers"):
        del data["model"][kept]
    code = data["code"]
    if isinstance(code.get("files"), (list, tuple)):
        # A repository may have 100,000 files; the metrics' facts hold what matters about them.
        code["files"] = {"count": len(code["files"])}
    return data
