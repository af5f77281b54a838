"""The gate: whether a model reaches the threshold of every metric (requirements C3 and C7).

Four places where a metric may stand, three verdicts:

* One known score below its threshold: `failed`.
* None, but a score is unknown: `undecided`.
* Every score that is judged reaches its threshold: `passed`, and only then (requirement C3).

Nobody has to have a code repository, and a gate that punished the link to one would teach people
to hide it. So what only such a repository shows (`Result.is_optional`) is unknown without it, and a
low score of it counts as unknown, too: the link can let a model pass, and can never make its
verdict worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from artifacts.enums import GateVerdict
from artifacts.rules.rating.metric import MetricName, Result
from artifacts.rules.rating.metrics.size_score import best_fit
from artifacts.said import title

# Requirement C3, where the company has set no other.
THRESHOLD = 0.5


class Standing(Enum):
    """Where a metric stands against its threshold."""

    REACHED = auto()
    FAILING = auto()
    OPEN = auto()
    # It does not apply (ancestors that are not registered), or its threshold is 0.
    NOT_JUDGED = auto()


@dataclass(frozen=True)
class GateFinding:
    """What the gate finds in the results of a model.

    Attributes:
        thresholds: of every metric, by name.
        failing: the metrics with a known score below their threshold.
        open: those whose score is unknown, or counts as unknown.
        reached: how many reach their threshold.
        reasons: a sentence for each metric that keeps the model from passing, the failing first.
    """

    thresholds: Mapping[str, float]
    failing: tuple[str, ...]
    open: tuple[str, ...]
    reached: int
    reasons: tuple[str, ...]

    @property
    def verdict(self) -> GateVerdict:
        """The verdict on a public model; own models, which are uploaded, are exempt."""
        if self.failing:
            return GateVerdict.FAILED
        return GateVerdict.UNDECIDED if self.open else GateVerdict.PASSED

    @property
    def summary(self) -> str:
        """The verdict in numbers, as in "fails 2 of 9 known, 4 unknown"."""
        known = self.reached + len(self.failing)
        return f"fails {len(self.failing)} of {known} known, {len(self.open)} unknown"


def complete_thresholds(given: Mapping[str, float]) -> dict[str, float]:
    """Return the threshold of every metric: the given ones, and `THRESHOLD` for the others."""
    return {name.value: given.get(name, THRESHOLD) for name in MetricName}


def judge_gate(
    results: Mapping[str, Result], thresholds: Mapping[str, float] | None = None
) -> GateFinding:
    """Hold each metric against its threshold.

    Args:
        thresholds: from 0 to 1 by metric, where they differ from `THRESHOLD`. A metric with the
            threshold 0 is not judged.
    """
    limits = complete_thresholds(thresholds or {})
    standings = {name: find_standing(each, limits[name]) for name, each in results.items()}
    failing = [name for name, each in standings.items() if each is Standing.FAILING]
    unknown = [name for name, each in standings.items() if each is Standing.OPEN]
    return GateFinding(
        limits,
        tuple(failing),
        tuple(unknown),
        sum(each is Standing.REACHED for each in standings.values()),
        tuple(_say(name, results[name], limits[name]) for name in (*failing, *unknown)),
    )


def find_standing(result: Result, threshold: float) -> Standing:
    """Return where a metric stands against its threshold."""
    score = _gate_score(result)
    is_asked = result.is_applicable or result.is_optional
    if not threshold or (score is None and not is_asked):
        return Standing.NOT_JUDGED
    if score is None:
        return Standing.OPEN
    if score >= threshold:
        return Standing.REACHED
    return Standing.OPEN if result.is_optional else Standing.FAILING


def _say(name: str, result: Result, threshold: float) -> str:
    """Return why a metric does not reach its threshold."""
    score = _gate_score(result)
    if score is None:
        return f"{title(name)} is unknown: {result.reason}"
    said = f"{title(name)} is {score:.2f}, under {threshold:g}"
    if result.is_optional:
        said += ", which counts as unknown, since nobody has to have a code repository"
    return f"{said}: {result.reason}"


def say_reason(reason: str) -> str:
    """Return a reason as people say it: older ratings kept the metric's internal name in it."""
    name, _, rest = reason.partition(" ")
    return f"{title(name)} {rest}" if name in set(MetricName) else reason


def _gate_score(result: Result) -> float | None:
    """Return the score that the gate compares, None for unknown.

    Of the size score the best device counts: a model for servers is no worse for being too large
    for a Raspberry Pi.
    """
    if result.score is None or not result.parts:
        return result.score
    return best_fit(result.parts)
