"""What is shown of a model's trust: the verdict of the gate, and the scores that it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from artifacts.database.first_rows import FirstRows, take_first_rows
from artifacts.enums import ArtifactType, GateVerdict
from artifacts.limits import EVIDENCE_SHOWN_MAX_CHARS, RATINGS_SHOWN_MAX
from artifacts.models import Artifact, Rating
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.gate import (
    Standing,
    complete_thresholds,
    find_standing,
    judge_gate,
)
from artifacts.rules.rating.judgement import GATE_OF_THREE_VERSION, read_results
from artifacts.rules.rating.metric import Metric, Result
from artifacts.selectors.trust.citations import CitationLine, show_citation


class Badge(StrEnum):
    """The one word that stands for an artifact's verdict, the same on every page."""

    PASSED = "passed"
    FAILED = "failed"
    # No known score is too low, but something is unknown.
    UNDECIDED = "undecided"
    EXEMPT = "exempt"
    # The source has not answered, or the rating is on its way.
    WAITING = "waiting"
    # Data sets and code.
    UNRATED = "unrated"


@dataclass(frozen=True)
class ScoreLine:
    """What one metric says.

    Attributes:
        score: from 0 to 1, None for unknown.
        parts: the numbers that the score is the mean of, by name; mostly none.
        threshold: what the gate asked for.
        fails: whether the score is known and under the threshold.
        is_open: whether the gate counts it as unknown, perhaps in spite of a score.
        citations: where the facts come from, the most telling first.
    """

    name: str
    title: str
    sentence: str
    score: float | None
    parts: tuple[tuple[str, float], ...]
    reason: str
    latency_s: float
    is_applicable: bool
    threshold: float
    fails: bool
    is_open: bool
    citations: tuple[CitationLine, ...] = ()


@dataclass(frozen=True)
class PastRating:
    """A rating of the past, or the present one."""

    created_at: datetime
    net_score: float
    badge: Badge
    is_incomplete: bool
    created_by: str
    rules_version: int


@dataclass(frozen=True)
class Verdict:
    """Whether an artifact passed the gate.

    Attributes:
        net_score: from 0 to 1, None for what is not rated.
        failures: the metrics that fail, the worst first.
        open: those that are unknown, or count as unknown.
        judged: how many metrics the gate looked at.
        summary: the same in numbers, as in "fails 2 of 9 known, 4 unknown"; "" without a rating.
        threshold: what the gate asked of every metric; None if not the same of all.
        is_incomplete: whether evidence is missing because a source did not answer.
    """

    badge: Badge
    net_score: float | None = None
    failures: tuple[ScoreLine, ...] = ()
    open: tuple[ScoreLine, ...] = ()
    judged: int = 0
    summary: str = ""
    threshold: float | None = None
    is_incomplete: bool = False
    rated_at: datetime | None = None
    rated_by: str = ""


@dataclass(frozen=True)
class Scores:
    """All metrics of a model, the worst first, and its earlier ratings.

    Attributes:
        threshold: what the gate asked of every metric; None if not the same of all.
        evidence: the facts as they were gathered, as JSON text; "" for none.
        evidence_left_out_chars: how much more of that text there is.
    """

    badge: Badge
    threshold: float | None = None
    lines: tuple[ScoreLine, ...] = ()
    history: FirstRows[PastRating] = field(default_factory=FirstRows)
    evidence: str = ""
    evidence_left_out_chars: int = 0


def choose_badge(artifact: Artifact) -> Badge:
    """Return the badge of an artifact whose current revision and rating were read."""
    revision = artifact.current_revision
    if revision is None:
        return Badge.WAITING
    if artifact.type != ArtifactType.MODEL:
        return Badge.UNRATED
    if revision.current_rating is None:
        return Badge.WAITING
    return choose_rating_badge(revision.current_rating)


def choose_rating_badge(rating: Rating) -> Badge:
    """Return the badge of a rating.

    Older rules had no `undecided`: what failed on incomplete evidence may have been just unknown.
    """
    is_older = rating.rules_version < GATE_OF_THREE_VERSION
    if is_older and rating.gate == GateVerdict.FAILED and rating.is_incomplete:
        return Badge.UNDECIDED
    return Badge(rating.gate)


def get_verdict(artifact: Artifact) -> Verdict:
    """Return the verdict on an artifact whose current revision and rating were read."""
    rating = _current_rating(artifact)
    return Verdict(choose_badge(artifact)) if rating is None else show_verdict(rating)


def show_verdict(rating: Rating) -> Verdict:
    """Return the verdict of a rating, written or not."""
    lines = list_scores(rating)
    finding = judge_gate(read_results(rating.results), rating.gate_thresholds)
    return Verdict(
        badge=choose_rating_badge(rating),
        net_score=rating.net_score,
        failures=tuple(line for line in lines if line.fails),
        open=tuple(line for line in lines if line.is_open),
        judged=finding.reached + len(finding.failing) + len(finding.open),
        summary=finding.summary,
        threshold=_find_common(finding.thresholds),
        is_incomplete=rating.is_incomplete,
        rated_at=rating.created_at,
        rated_by=rating.created_by,
    )


def get_scores(artifact: Artifact) -> Scores:
    """Return the scores of an artifact, whose revision and rating were read, and its history."""
    badge = choose_badge(artifact)
    if badge == Badge.UNRATED:
        return Scores(badge)
    rating = _current_rating(artifact)
    ratings = Rating.objects.filter(revision__artifact_id=artifact.id).order_by("-id")
    history = take_first_rows(ratings.defer(*Rating.LARGE_FIELDS), RATINGS_SHOWN_MAX, _show_past)
    shown = Scores(badge) if rating is None else show_scores(rating)
    return replace(shown, history=history)


def show_scores(rating: Rating) -> Scores:
    """Return the scores of a rating, written or not, without its history."""
    evidence = _write_evidence(rating)
    return Scores(
        badge=choose_rating_badge(rating),
        threshold=_find_common(complete_thresholds(rating.gate_thresholds)),
        lines=list_scores(rating),
        evidence=evidence[:EVIDENCE_SHOWN_MAX_CHARS],
        evidence_left_out_chars=max(0, len(evidence) - EVIDENCE_SHOWN_MAX_CHARS),
    )


def _current_rating(artifact: Artifact) -> Rating | None:
    """Return the rating that counts."""
    return artifact.current_revision.current_rating if artifact.current_revision else None


def list_scores(rating: Rating) -> tuple[ScoreLine, ...]:
    """Return what each metric says: the low and the unknown first, what does not apply last."""
    results = read_results(rating.results)
    thresholds = complete_thresholds(rating.gate_thresholds)
    lines = [
        _show_score(
            metric, result, thresholds[metric.name], rating.results[metric.name]["latency_s"]
        )
        for metric in METRICS
        if (result := results.get(metric.name))
    ]
    return tuple(sorted(lines, key=_worst_first))


def _show_score(metric: Metric, result: Result, threshold: float, latency_s: float) -> ScoreLine:
    """Return what one metric says."""
    standing = find_standing(result, threshold)
    return ScoreLine(
        name=metric.name,
        title=metric.title,
        sentence=metric.sentence,
        score=result.score,
        parts=tuple(result.parts.items()),
        reason=result.reason,
        latency_s=latency_s,
        is_applicable=result.is_applicable,
        threshold=threshold,
        fails=standing is Standing.FAILING,
        is_open=standing is Standing.OPEN,
        citations=tuple(show_citation(each) for each in result.citations),
    )


def _worst_first(line: ScoreLine) -> tuple[bool, bool, bool, float]:
    """Return what scores are ordered by."""
    score = -1.0 if line.score is None else line.score
    return not line.fails, not line.is_open, not line.is_applicable, score


def _find_common(thresholds: Mapping[str, float]) -> float | None:
    """Return the one threshold of all metrics, None if they differ."""
    found = set(thresholds.values())
    return found.pop() if len(found) == 1 else None


def _show_past(rating: Rating) -> PastRating:
    """Return what is shown of a rating in a history."""
    return PastRating(
        created_at=rating.created_at,
        net_score=rating.net_score,
        badge=choose_rating_badge(rating),
        is_incomplete=rating.is_incomplete,
        created_by=rating.created_by,
        rules_version=rating.rules_version,
    )


def _write_evidence(rating: Rating) -> str:
    """Return facts and evidence as text."""
    data = {
        "metrics": {name: each["facts"] for name, each in rating.results.items()},
        "evidence": rating.evidence,
    }
    return json.dumps(data, indent=2, ensure_ascii=False)
