"""What a metric is, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

# It stands among the words, since a start imports those alone; metrics find all they need here.
from artifacts.enums import MetricName as MetricName  # noqa: PLC0414
from artifacts.rules.rating.citation import Citation
from artifacts.rules.rating.evidence import Evidence

# Kept for each metric: enough to look up what a score rests on, small enough for a row.
CITATIONS_MAX = 12

# The groups of evidence, each gathered separately.
EvidenceGroup = Literal["model", "commits", "code", "datasets", "parents", "base"]


@dataclass(frozen=True)
class Result:
    """The result of a metric. Make one with `scored` or `unknown`, which check their arguments.

    Attributes:
        score: from 0 to 1, or None for unknown.
        reason: one or two sentences that explain the score to people.
        facts: the facts it is based on, as JSON data.
        try_later: the evidence is missing because its source did not answer.
        is_provisional: there is more evidence than could be asked for; a task asks for the rest.
        parts: for a metric of several numbers, each by name (the four devices of the size score);
            `score` is their mean then.
        is_applicable: False if the metric does not apply, such as reviews without a repository.
        is_optional: it rests on a code repository alone, which nobody has to have: a low score
            counts against the gate no more than none.
        citations: where the facts come from, the most telling first.
    """

    score: float | None
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    try_later: bool = False
    parts: Mapping[str, float] = field(default_factory=dict)
    is_applicable: bool = True
    is_optional: bool = False
    citations: tuple[Citation, ...] = ()
    is_provisional: bool = False


def scored(
    score: float,
    reason: str,
    facts: Mapping[str, Any] | None = None,
    parts: Mapping[str, float] | None = None,
    *,
    is_optional: bool = False,
    citations: Iterable[Citation] = (),
    is_provisional: bool = False,
) -> Result:
    """Return a score.

    Raises:
        ValueError: a number is not between 0 and 1. Clamping it would hide a mistake in a formula.
    """
    for number in (score, *(parts or {}).values()):
        if not 0.0 <= number <= 1.0:
            raise ValueError(f"A score of {number} is not between 0 and 1.")
    return Result(
        score,
        reason,
        facts or {},
        parts=parts or {},
        is_optional=is_optional,
        citations=_distinct(citations),
        is_provisional=is_provisional,
    )


def unknown(
    reason: str,
    facts: Mapping[str, Any] | None = None,
    *,
    try_later: bool = False,
    is_applicable: bool = True,
    is_optional: bool = False,
    citations: Iterable[Citation] = (),
    is_provisional: bool = False,
) -> Result:
    """Return an unknown score with its reason, which becomes a sentence."""
    sentence = reason[:1].upper() + reason[1:]
    return Result(
        None,
        sentence,
        facts or {},
        try_later=try_later,
        is_applicable=is_applicable,
        is_optional=is_optional,
        citations=_distinct(citations),
        is_provisional=is_provisional,
    )


def _distinct(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Return the citations, each once, as many as a rating keeps."""
    return tuple(dict.fromkeys(citations))[:CITATIONS_MAX]


@dataclass(frozen=True)
class Scale:
    """The meaning of a metric's numbers, in sentences for people."""

    zero: str
    middle: str
    one: str
    unknown: str


@dataclass(frozen=True)
class Metric:
    """One measure of a model.

    Attributes:
        sentence: what it tells, in one sentence.
        sources: standards, specifications and papers that it follows.
        judge: turns evidence into a result, without other input or output.
        uses: the groups of evidence it needs; its latency includes the time to gather them.
    """

    name: MetricName
    sentence: str
    scale: Scale
    sources: tuple[str, ...]
    judge: Callable[[Evidence], Result]
    uses: tuple[EvidenceGroup, ...] = ("model",)

    @property
    def title(self) -> str:
        """Its name on pages."""
        return self.name.label
