"""Rating models: at registration, again on request, and when a parent changes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, GateVerdict, SourceKind
from artifacts.exceptions import ArtifactNotFound, GateFailed, RatingIncomplete, SourceUnavailable
from artifacts.limits import EVIDENCE_DEADLINE_S
from artifacts.models import Artifact, LineageEdge, Rating, Revision, User
from artifacts.models.walks import walk
from artifacts.rules.budget import judging
from artifacts.rules.rating.evidence import (
    DemonstrationFacts,
    Evidence,
    ModelFacts,
    ParentFacts,
)
from artifacts.rules.rating.gate import gate_failures
from artifacts.rules.rating.judgement import (
    RULES_VERSION,
    Judgement,
    judge,
    result_data,
    results_of,
    unheard,
)
from artifacts.rules.rating.metrics.tree_score import judge_parents
from artifacts.rules.text import storable
from artifacts.selectors.artifacts import get_artifact
from artifacts.services import tasks
from artifacts.services.audit import record_act
from artifacts.services.evidence import gather_evidence, registered_parents
from artifacts.services.lineage import schedule_followers
from artifacts.services.model_facts import facts_of_revision, facts_of_snapshot
from artifacts.services.parent_links import ParentLink, links_of, links_of_edges, with_evidence
from artifacts.services.records import store_record
from artifacts.services.transactions import UPLOAD, RestsOn, writing
from artifacts.sources.base import Deadline, Snapshot

logger = logging.getLogger(__name__)

ENFORCE = "enforce"
_TREE = "tree_score"


@dataclass(frozen=True)
class Assessment:
    """What a model was judged on, and the judgement.

    Attributes:
        parents: what it was made from, with what the evidence says about them.
    """

    evidence: Evidence
    judgement: Judgement
    parents: tuple[ParentLink, ...]
    is_public: bool

    @property
    def gate(self) -> GateVerdict:
        """The verdict; own models, which were uploaded, are exempt."""
        if not self.is_public:
            return GateVerdict.EXEMPT
        return _verdict(self.judgement.gate_failures)


def assess_snapshot(
    artifact_type: str, snapshot: Snapshot, deadline: Deadline
) -> Assessment | None:
    """Judge a model that is about to be registered; None for what is not rated.

    Raises:
        GateFailed: the gate is enforced and the model does not pass it.
        SourceUnavailable: the gate is enforced, and evidence is missing that may come later.
    """
    if artifact_type != ArtifactType.MODEL:
        return None
    with judging():
        model = facts_of_snapshot(snapshot)
        assessment = _assess(model, snapshot.commit, links_of(snapshot), deadline)
    if settings.REGISTRY_GATE == ENFORCE and assessment.gate == GateVerdict.FAILED:
        later = assessment.judgement.try_later
        if later:
            raise SourceUnavailable(
                f"The gate cannot judge {', '.join(later)} yet: {next(iter(later.values()))}"
            )
        raise GateFailed(assessment.judgement.gate_failures)
    return assessment


def draft_rating(revision: Revision, assessment: Assessment, user_name: str) -> Rating:
    """Prepare the row of a rating; nothing is written."""
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
        gate_reasons=storable(list(judgement.gate_failures)),
        summary=judgement.summary(),
        results=storable(judgement.results_data()),
        evidence=storable(_evidence_data(assessment.evidence)),
        is_incomplete=bool(judgement.try_later),
    )


def save_rating(rating: Rating, *, is_admin: bool = False) -> None:
    """Write a rating with its audit entry and make it current, inside the caller's transaction.

    An incomplete one never takes the place of a complete one. The children follow by their tree
    score; what is incomplete is rated again by a task.

    Args:
        is_admin: whether who rates is an administrator.
    """
    revision = rating.revision
    rating.save(force_insert=True)
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
    if rating.is_incomplete and not tasks.is_scheduled("rate_model", revision.artifact_id, {}):
        tasks.schedule("rate_model", artifact_id=revision.artifact_id)


def save_late_rating(rating: Rating, *, user: User | None = None) -> None:
    """Write a rating of a revision that was read before the sources were asked.

    Args:
        user: who asked for it; None for the registry itself.

    Raises:
        ArtifactNotFound: the artifact was deleted meanwhile.
        AuthenticationFailed, PermissionMissing: the user went, or may not upload any more.
    """
    artifact_id = rating.revision.artifact_id
    with writing(RestsOn(user, UPLOAD, artifact_id, changes_artifact=True)):
        # Read anew: another rating may have become the current one.
        revisions = Revision.objects.select_related("artifact", "current_rating")
        rating.revision = revisions.get(pk=rating.revision.pk)
        save_rating(rating, is_admin=user is not None and user.is_admin)


def refresh_rating(*, artifact_id: str, user: User) -> Rating:
    """Gather evidence anew and rate a model's current revision, because somebody asked for it.

    Raises:
        ArtifactNotFound: there is no such model, or it was deleted meanwhile.
    """
    rating = _rate(artifact_id, user.username)
    save_late_rating(rating, user=user)
    logger.info("model.rated", extra={"artifact": artifact_id, "net_score": rating.net_score})
    store_record(artifact_id)
    return rating


def complete_rating(*, artifact_id: str) -> None:
    """Rate again what a source's silence left incomplete. Called by its task.

    Raises:
        RatingIncomplete: it still is; nothing is written, and the task tries again later.
    """
    waiting = Artifact.objects.filter(
        id=artifact_id, current_revision__current_rating__is_incomplete=True
    )
    if not waiting.exists():
        return  # Deleted, or rated meanwhile.
    with suppress(ArtifactNotFound):  # Deleted while the sources answered.
        rating = _rate(artifact_id, "registry")
        if rating.is_incomplete:
            raise RatingIncomplete(artifact_id, unheard(rating.results))
        save_late_rating(rating)
        store_record(artifact_id)


def follow_parent(*, parent_key: str) -> None:
    """Bring the tree scores of a model's children up to date, with what follows from them.

    Called by its task after the parent was registered, rated anew or deleted. The children's net
    scores hold no tree score, so nothing has to follow further down.
    """
    edges = LineageEdge.objects.filter(parent_type=ArtifactType.MODEL, parent_key=parent_key)
    for child_id in (edge.child_id for edge in walk(edges.only("child_id"))):
        with writing():
            rating = (
                Rating.objects.select_for_update(of=("self",))
                .filter(revision__artifact__current_revision=F("revision"))
                .filter(revision__current_rating=F("id"), revision__artifact_id=child_id)
                .first()
            )
            if rating is not None:
                _set_parents(rating, registered_parents(links_of_edges(child_id)))


def rate_revision(
    revision: Revision, user_name: str, *, demonstration: DemonstrationFacts | None = None
) -> Rating:
    """Rate a revision on fresh evidence; nothing is written.

    Args:
        demonstration: what came of executing its card; else what came of it before is kept.
    """
    known = revision.current_rating.evidence.get("demonstration") if revision.current_rating else {}
    if demonstration is None and known:
        demonstration = DemonstrationFacts(**known)
    assessment = _assess(
        facts_of_revision(revision),
        revision.commit,
        links_of_edges(revision.artifact_id),
        Deadline(EVIDENCE_DEADLINE_S),
        demonstration,
    )
    return draft_rating(revision, assessment, user_name)


def _rate(artifact_id: str, user_name: str) -> Rating:
    """Rate a model's current revision on fresh evidence; nothing is written."""
    revision_id = get_artifact(ArtifactType.MODEL, artifact_id).current_revision_id or 0
    revisions = Revision.objects.select_related("artifact", "current_rating")
    revision = revisions.filter(pk=revision_id).first()
    if revision is None:
        raise ArtifactNotFound(ArtifactType.MODEL, artifact_id)
    return rate_revision(revision, user_name)


def _assess(
    model: ModelFacts,
    commit: str,
    parents: tuple[ParentLink, ...],
    deadline: Deadline,
    demonstration: DemonstrationFacts | None = None,
) -> Assessment:
    """Gather and judge, on one budget."""
    with judging():
        gathered = gather_evidence(model, commit=commit, parents=parents, deadline=deadline)
        evidence = replace(gathered.evidence, demonstration=demonstration)
        judgement = judge(evidence, gathered.gathered_s)
    return Assessment(
        evidence,
        judgement,
        with_evidence(parents, evidence),
        is_public=model.origin != SourceKind.UPLOAD.value,
    )


def _set_parents(rating: Rating, parents: tuple[ParentFacts, ...]) -> None:
    """Give a rating another tree score; everything else stays as it was judged."""
    tree = judge_parents(parents)
    rating.results[_TREE] |= result_data(tree)
    rating.tree_score = rating.net_score if tree.score is None else tree.score
    rating.summary[_TREE] = rating.tree_score
    rating.evidence["parents"] = [asdict(each) for each in parents]
    if rating.gate != GateVerdict.EXEMPT:
        rating.gate_reasons = gate_failures(results_of(rating.results))
        rating.gate = _verdict(rating.gate_reasons)
    rating.save(
        update_fields=["results", "tree_score", "summary", "evidence", "gate", "gate_reasons"]
    )


def _verdict(failures: Sequence[str]) -> GateVerdict:
    """Return what the gate says about a model of the public."""
    return GateVerdict.FAILED if failures else GateVerdict.PASSED


def _evidence_data(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as JSON data, without what the revision keeps anyway."""
    data = asdict(evidence)
    for kept in ("readme", "card", "config", "files"):
        del data["model"][kept]
    code = data["code"]
    if isinstance(code.get("files"), (list, tuple)):
        # A repository may have 100,000 files; what they came to is in the metrics' facts.
        code["files"] = {"count": len(code["files"])}
    return data
