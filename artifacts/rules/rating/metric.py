"""What a metric is, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from artifacts.rules.rating.evidence import Evidence


@dataclass(frozen=True)
class Result:
    """What a metric found. Make one with `scored` or `unknown`, which check what they are given.

    Attributes:
        score: from 0 to 1, or None for unknown.
        reason: one or two sentences that tell people why it is this score.
        facts: what was looked at, as JSON data.
        try_later: the evidence is missing because its source did not answer.
        parts: for a metric of several numbers, each by name (the four devices of the size score);
            `score` is their mean then.
        is_applicable: False when the question does not arise, as for reviews without a repository.
    """

    score: float | None
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    try_later: bool = False
    parts: Mapping[str, float] = field(default_factory=dict)
    is_applicable: bool = True


def scored(
    score: float,
    reason: str,
    facts: Mapping[str, Any] | None = None,
    parts: Mapping[str, float] | None = None,
) -> Result:
    """Return a score.

    Raises:
        ValueError: a number is not between 0 and 1. A mistake in a formula must not be hidden by
            cutting it to fit.
    """
    for number in (score, *(parts or {}).values()):
        if not 0.0 <= number <= 1.0:
            raise ValueError(f"A score of {number} is not between 0 and 1.")
    return Result(score, reason, facts or {}, parts=parts or {})


def unknown(
    reason: str,
    facts: Mapping[str, Any] | None = None,
    *,
    try_later: bool = False,
    is_applicable: bool = True,
) -> Result:
    """Return that there is nothing to judge, and why; the reason becomes a sentence."""
    sentence = reason[:1].upper() + reason[1:]
    return Result(None, sentence, facts or {}, try_later=try_later, is_applicable=is_applicable)


@dataclass(frozen=True)
class Scale:
    """What the numbers of a metric mean, in sentences for people."""

    zero: str
    middle: str
    one: str
    unknown: str


@dataclass(frozen=True)
class Metric:
    """One measure of a model.

    Attributes:
        name: its field in the contract's ModelRating.
        title: its name on pages.
        sentence: what it tells, in one sentence.
        sources: standards, specifications and papers that it follows.
        judge: from evidence to result; it looks at nothing else, and asks nobody.
        uses: the groups of evidence it looks at; its latency has the time of gathering them.
    """

    name: str
    title: str
    sentence: str
    scale: Scale
    sources: tuple[str, ...]
    judge: Callable[[Evidence], Result]
    uses: tuple[str, ...] = ("model",)
