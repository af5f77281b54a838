"""Deciding on revisions: by people, and by the registry on what it finds itself.

What keeps bytes back takes effect at once, whoever decides it. What lets them out, an approval or
the end of a rejection or quarantine, needs somebody else than who registered the revision, and with
`REGISTRY_DECISIONS_BY=two` two people; the first one's word waits for the second.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from artifacts.database.transactions import DECIDE, RestsOn, writing
from artifacts.enums import CLOSED, AuditAction, DecisionState
from artifacts.exceptions import ArtifactNotFound, InvalidRequest
from artifacts.limits import APPROVAL_MAX_DAYS, DECISION_REASON_MAX_CHARS
from artifacts.models import Decision, Revision, User
from artifacts.rules.text import storable
from artifacts.selectors.trust.decisions import find_failing
from artifacts.services.access.audit import record_act
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


def decide(
    *,
    revision: Revision,
    state: DecisionState,
    reason: str,
    by: User,
    expires_at: datetime | None = None,
    waived: Sequence[str] = (),
) -> Decision:
    """Decide on a revision.

    Args:
        reason: at most `DECISION_REASON_MAX_CHARS` characters, and not empty.
        expires_at: when an approval ends; None for never.
        waived: the metrics by which the model fails the gate; an approval has to name them all.

    Returns:
        The decision; if `is_effective` is False it waits for a second person.

    Raises:
        InvalidRequest: the reason, the end or the waived metrics do not fit.
        PermissionMissing, AuthenticationFailed, ArtifactNotFound: see `writing`.
    """
    reason = _checked_reason(reason)
    _check_end(state, expires_at)
    with writing(RestsOn(by, DECIDE, revision.artifact_id, changes_artifact=True)):
        known = _read(revision)
        _check_waived(known, state, waived)
        others = _waiting(known, state)
        opens = _opens(known, state)
        is_effective = not opens or _is_enough(known, by, others)
        ends = [each for each in (expires_at, *(other.expires_at for other in others)) if each]
        return _write(
            known,
            Decision(
                revision=known,
                state=state,
                reason=reason,
                decided_by=by.username,
                decided_at=timezone.now(),
                # The first person agreed to no more than this.
                expires_at=min(ends, default=None) if is_effective else expires_at,
                waived=sorted(set(waived)),
                is_effective=is_effective,
                seconds=others[-1].decided_by if opens and is_effective and others else "",
            ),
            is_admin=by.is_admin,
        )


def quarantine(*, revision: Revision, reason: str, found_by: str) -> Decision | None:
    """Quarantine what the registry itself found something in; it takes effect at once.

    A person who lifted a quarantine has seen its reason: the same finding does not bring it back.

    Args:
        found_by: what found it, one word such as `scan`.

    Returns:
        None if it is in quarantine already, or was for the same finding.

    Raises:
        ArtifactNotFound: the artifact was deleted meanwhile.
    """
    reason = _checked_reason(reason[:DECISION_REASON_MAX_CHARS])
    with writing(RestsOn(artifact_id=revision.artifact_id, changes_artifact=True)):
        known = _read(revision)
        seen = known.decisions.filter(found_by=found_by, reason=reason)
        if known.decision == DecisionState.QUARANTINED or seen.exists():
            return None
        return _write(
            known,
            Decision(
                revision=known,
                state=DecisionState.QUARANTINED,
                reason=reason,
                found_by=found_by,
                decided_at=timezone.now(),
            ),
            is_admin=True,
        )


def _read(revision: Revision) -> Revision:
    """Return a revision as it is, with its artifact, which is locked, and its rating.

    Raises:
        ArtifactNotFound: it is gone.
    """
    rows = Revision.objects.select_related("artifact", "current_rating")
    known = rows.defer(*Revision.LARGE_FIELDS).filter(pk=revision.pk).first()
    if known is None:
        raise ArtifactNotFound("artifact", revision.artifact_id)
    return known


def _write(revision: Revision, decision: Decision, *, is_admin: bool) -> Decision:
    """Keep a decision, have it hold, and write the audit entry."""
    decision.save()
    if decision.is_effective:
        Revision.objects.filter(pk=revision.pk).update(
            decision=decision.state, approved_until=decision.expires_at
        )
    # Everybody who may search reads the trail; the reason is not for all of them.
    who = f" by {decision.found_by}" if decision.found_by else ""
    waits = "" if decision.is_effective else ", waits for a second person"
    record_act(
        revision.artifact,
        decision.decided_by or "registry",
        is_admin=is_admin,
        action=AuditAction.DECIDE,
        note=f"revision={revision.number} {decision.state}{who}{waits}",
    )
    queue.schedule(Job.STORE_DECISIONS, artifact_id=revision.artifact_id)
    logger.info(
        "revision.decided",
        extra={
            "artifact": revision.artifact_id,
            "revision": revision.number,
            "decision": decision.state,
            "user": decision.decided_by or decision.found_by,
            "is_effective": decision.is_effective,
        },
    )
    return decision


def _opens(revision: Revision, state: DecisionState) -> bool:
    """Whether a decision lets out bytes that are kept back, or shows what is hidden."""
    if state == DecisionState.REJECTED:
        return revision.decision == DecisionState.QUARANTINED
    return state == DecisionState.APPROVED or (
        state == DecisionState.UNDECIDED and revision.decision in CLOSED
    )


def _waiting(revision: Revision, state: DecisionState) -> list[Decision]:
    """Return the words for a state that wait for a second person, in their order."""
    last = revision.decisions.filter(is_effective=True).last()
    words = revision.decisions.filter(state=state, is_effective=False)
    # An approval that has ended agrees to nothing any more.
    words = words.exclude(expires_at__lte=timezone.now())
    if last is not None:
        words = words.filter(decided_at__gt=last.decided_at)
    return list(words)


def _is_enough(revision: Revision, by: User, others: Sequence[Decision]) -> bool:
    """Whether those who agree are enough: never the registrar alone."""
    people = {by.username, *(each.decided_by for each in others)}
    registrars = {revision.created_by, revision.artifact.uploader_name}
    needed = 2 if settings.REGISTRY_DECISIONS_BY == "two" else 1
    return len(people) >= needed and bool(people - registrars)


def _checked_reason(reason: str) -> str:
    """Return a reason as it can be kept.

    Raises:
        InvalidRequest: it is empty or too long.
    """
    kept = storable(reason).strip()
    if not kept or len(kept) > DECISION_REASON_MAX_CHARS:
        raise InvalidRequest(
            f"A decision needs a reason of at most {DECISION_REASON_MAX_CHARS:,} characters: "
            "others will ask why."
        )
    return kept


def _check_end(state: DecisionState, expires_at: datetime | None) -> None:
    """Check that only an approval ends, and in the future.

    Raises:
        InvalidRequest: it does not.
    """
    if expires_at is None:
        return
    if state != DecisionState.APPROVED:
        raise InvalidRequest("Only an approval can have an end. Leave expires_at out.")
    now = timezone.now()
    if not now < expires_at <= now + timedelta(days=APPROVAL_MAX_DAYS):
        raise InvalidRequest(
            f"expires_at must be in the future, and within {APPROVAL_MAX_DAYS:,} days."
        )


def _check_waived(revision: Revision, state: DecisionState, waived: Sequence[str]) -> None:
    """Check that an approval names all that keeps a model from passing, and nothing else.

    Raises:
        InvalidRequest: it does not.
    """
    if state != DecisionState.APPROVED:
        if waived:
            raise InvalidRequest("Only an approval waives anything. Leave waived out.")
        return
    known = set(find_failing(revision.current_rating))
    if set(waived) - known:
        raise InvalidRequest(
            f"waived names {', '.join(sorted(set(waived) - known))}, by which it does not "
            f"fail the gate. It fails by: {', '.join(sorted(known)) or 'nothing'}."
        )
    if known - set(waived):
        raise InvalidRequest(
            "This model fails the gate. To approve it all the same, name in waived what is "
            f"overlooked: {', '.join(sorted(known))}."
        )
