"""All that was decided on an artifact, as pages and the API show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.db.models import F
from django.utils import timezone

from artifacts.enums import CLOSED, DecisionState
from artifacts.exceptions import NotFound
from artifacts.limits import DECISIONS_SHOWN_MAX, LINK_LIFETIME_S
from artifacts.models import Artifact, Decision, LineageEdge, Revision
from artifacts.selectors.trust.decisions import find_failing, find_state, may_decide


@dataclass(frozen=True)
class DecisionLine:
    """One decision.

    Attributes:
        revision: the number.
        reason: None for a quarantine, where who asks does not decide.
        decided_by: None where the registry decided itself.
        found_by: None for a person.
        seconds: whose word it completed; None where that was not needed.
    """

    revision: int
    state: str
    reason: str | None
    decided_by: str | None
    found_by: str | None
    decided_at: datetime
    expires_at: datetime | None
    waived: tuple[str, ...]
    is_effective: bool
    seconds: str | None


@dataclass(frozen=True)
class AgainstParent:
    """A parent whose current revision was rejected or is in quarantine."""

    artifact_id: str
    artifact_type: str
    name: str
    decision: str


@dataclass(frozen=True)
class Decisions:
    """What was decided on an artifact.

    Attributes:
        revision: the number of the revision that `state` and `failures` are about; 0 for none yet.
        state: the decision that holds now.
        holds: the decision by which it does; None where nothing was decided, or what was has ended.
        waiting: what takes effect once somebody else agrees; None for nothing.
        failures: the metrics by which it fails the gate.
        lines: the newest on all revisions, the last first.
        links_end_within_s: how long links that were given out before may work.
    """

    artifact_id: str
    revision: int
    state: str
    expires_at: datetime | None = None
    holds: DecisionLine | None = None
    waiting: DecisionLine | None = None
    failures: tuple[str, ...] = ()
    parents_against: tuple[AgainstParent, ...] = ()
    lines: tuple[DecisionLine, ...] = ()
    links_end_within_s: int = LINK_LIFETIME_S

    @property
    def is_closed(self) -> bool:
        """Whether the decision that holds keeps the bytes back."""
        return self.state in CLOSED

    @property
    def choices(self) -> list[str]:
        """What can be decided, the usual first."""
        words = DecisionState.values()
        return [*words[1:], words[0]]


def get_revision(artifact: Artifact, number: int | None = None) -> Revision:
    """Return a revision with its rating, the current one unless a number is given.

    Raises:
        NotFound: the artifact has none of this number.
    """
    rows = Revision.objects.filter(artifact_id=artifact.id).select_related("current_rating")
    asked = {"pk": artifact.current_revision_id or 0} if number is None else {"number": number}
    large = (*Revision.LARGE_FIELDS, "current_rating__evidence", "current_rating__summary")
    found = rows.defer(*large).filter(**asked).first()
    if found is None:
        raise NotFound(f"{artifact.id} has no revision {number}.")
    return found


def find_decisions(artifact: Artifact, user: object) -> Decisions:
    """Return what a page shows: no query where nothing was decided, unless for who may decide.

    Args:
        artifact: with its current revision and rating; if it has none, nothing can be decided.
    """
    revision = artifact.current_revision
    is_decided = revision is not None and revision.decision != DecisionState.UNDECIDED
    if revision is not None and (is_decided or may_decide(user)):
        return get_decisions(artifact, revision, user)
    return Decisions(artifact.id, revision.number if revision else 0, DecisionState.UNDECIDED)


def get_decisions(artifact: Artifact, revision: Revision, user: object) -> Decisions:
    """Return what was decided on an artifact, in two queries.

    Args:
        revision: with its current rating.
        user: who asks: the reason of a quarantine is for those who decide.
    """
    knows = may_decide(user)

    def show(decision: Decision) -> DecisionLine:
        is_told = knows or decision.state != DecisionState.QUARANTINED
        return DecisionLine(
            revision=decision.number,  # type: ignore[attr-defined]  # annotated below
            state=decision.state,
            reason=decision.reason if is_told else None,
            decided_by=decision.decided_by or None,
            found_by=decision.found_by or None,
            decided_at=decision.decided_at,
            expires_at=decision.expires_at,
            waived=tuple(decision.waived),
            is_effective=decision.is_effective,
            seconds=decision.seconds or None,
        )

    rows = Decision.objects.filter(revision__artifact_id=artifact.id)
    newest = rows.annotate(number=F("revision__number")).order_by("-decided_at", "-id")
    lines = tuple(map(show, newest[:DECISIONS_SHOWN_MAX]))
    own = [each for each in lines if each.revision == revision.number]
    last = next((each for each in own if each.is_effective), None)
    state = find_state(revision)
    return Decisions(
        artifact_id=artifact.id,
        revision=revision.number,
        state=state,
        expires_at=revision.approved_until if state == DecisionState.APPROVED else None,
        holds=last if last is not None and last.state == state else None,
        waiting=next(filter(_waits, takewhile(lambda each: not each.is_effective, own)), None),
        failures=find_failing(revision.current_rating),
        parents_against=_list_against(artifact.id),
        lines=lines,
    )


def _waits(line: DecisionLine) -> bool:
    """Whether a word for a second person still holds: an approval that has ended does not."""
    return line.expires_at is None or line.expires_at > timezone.now()


def _list_against(artifact_id: str) -> tuple[AgainstParent, ...]:
    """Return the parents that were decided against; a card names few parents at all."""
    edges = LineageEdge.objects.filter(
        child_id=artifact_id, parent__current_revision__decision__in=CLOSED
    ).order_by("id")
    rows = edges.values_list(
        "parent_id", "parent_type", "parent_name", "parent__current_revision__decision"
    )
    return tuple(AgainstParent(*row) for row in rows[:DECISIONS_SHOWN_MAX])
