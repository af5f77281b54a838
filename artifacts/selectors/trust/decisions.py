"""What was decided on revisions, and what of it holds now."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from artifacts.enums import ArtifactType, DecisionState, GateVerdict
from artifacts.exceptions import (
    ApprovalMissing,
    ArtifactQuarantined,
    GateFailed,
    RevisionQuarantined,
    RevisionRejected,
)
from artifacts.models import Artifact, Decision, Rating, Revision, User
from artifacts.rules.rating.gate import judge_gate
from artifacts.rules.rating.judgement import read_results
from artifacts.said import say
from artifacts.selectors.trust.gate import is_refused


def may_decide(user: object) -> bool:
    """Whether somebody decides, and so sees what is in quarantine, and why."""
    return isinstance(user, User) and user.may("decide")


def find_state(revision: Revision) -> DecisionState:
    """Return the decision that holds now; an approval that has ended is none. No query."""
    state = DecisionState(revision.decision)
    end = revision.approved_until
    if state == DecisionState.APPROVED and end is not None and end <= timezone.now():
        return DecisionState.UNDECIDED
    return state


def find_decision(revision: Revision) -> Decision | None:
    """Return the last decision that took effect, whether or not it still holds; None for none."""
    return Decision.objects.filter(revision=revision, is_effective=True).last()


def require_shown(artifact: Artifact, revision: Revision, user: object) -> None:
    """Check that a revision is not in quarantine, or that the caller is one of those who decide.

    Raises:
        ArtifactQuarantined: neither.
    """
    if revision.decision == DecisionState.QUARANTINED and not may_decide(user):
        raise ArtifactQuarantined(artifact.type, artifact.id)


def require_lifted(artifact: Artifact, revision: Revision, user: object) -> None:
    """Check that a revision is not in quarantine, whoever asks; no query unless it is.

    Raises:
        ArtifactQuarantined: it is in quarantine, which the caller may not know more of.
        RevisionQuarantined: the decision, with its reason.
    """
    require_shown(artifact, revision, user)
    if revision.decision == DecisionState.QUARANTINED:
        raise RevisionQuarantined(_reason(revision))


def require_obtainable(artifact: Artifact, revision: Revision, user: object) -> None:
    """Check that decisions, gate and settings let the bytes of a revision out.

    Every door asks this before it gives a link. No query unless something is refused; the revision
    comes with `decision`, `approved_until` and its current rating's `gate`.

    Raises:
        ArtifactQuarantined: it is in quarantine, which the caller may not know more of.
        RevisionQuarantined, RevisionRejected: the decision, with its reason.
        GateFailed: the gate is enforced and refuses the model, and no approval overlooks that.
        ApprovalMissing: `REGISTRY_DOWNLOADS` asks for more.
    """
    require_lifted(artifact, revision, user)
    state = find_state(revision)
    if state == DecisionState.REJECTED:
        raise RevisionRejected(_reason(revision))
    rating = revision.current_rating
    verdict = GateVerdict(rating.gate) if rating is not None else None
    is_approved = state == DecisionState.APPROVED
    if rating is not None and is_refused(verdict) and not (is_approved and _overlooks(revision)):
        raise GateFailed(f"has the verdict {say(rating.gate)!r}", rating.gate_reasons)
    if is_approved or settings.REGISTRY_DOWNLOADS == "any":
        return
    if settings.REGISTRY_DOWNLOADS == "approved":
        raise ApprovalMissing("Only what was approved can be downloaded here, and this was not.")
    if artifact.type == ArtifactType.MODEL and not _is_passed(verdict):
        raise ApprovalMissing(
            "Only models that pass the gate, or were approved, can be downloaded here. This one "
            + (f"has the verdict {say(verdict)!r}." if verdict else "is not rated yet.")
        )


def find_failing(rating: Rating | None) -> tuple[str, ...]:
    """Return the metrics by which a model fails the gate; none for what is not rated or exempt."""
    if rating is None or rating.gate != GateVerdict.FAILED:
        return ()
    return judge_gate(read_results(rating.results), rating.gate_thresholds).failing


def _reason(revision: Revision) -> str:
    """Return why it was decided so; "" if that is not known."""
    found = find_decision(revision)
    return found.reason if found is not None else ""


def _overlooks(revision: Revision) -> bool:
    """Whether the approval waives all by which the model fails the gate by now."""
    found = find_decision(revision)
    rating = Rating.objects.filter(pk=revision.current_rating_id or 0).first()
    return found is not None and set(find_failing(rating)) <= set(found.waived)


def _is_passed(verdict: GateVerdict | None) -> bool:
    """Whether a verdict is good enough for `REGISTRY_DOWNLOADS=passed`."""
    if verdict == GateVerdict.UNDECIDED:
        return bool(settings.REGISTRY_GATE_UNKNOWN == "accept")
    return verdict in (GateVerdict.PASSED, GateVerdict.EXEMPT)
