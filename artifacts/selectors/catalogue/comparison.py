"""Several models beside each other: what each is, and what each metric says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from artifacts.enums import ArtifactType
from artifacts.exceptions import TooManyDependencies
from artifacts.models import Artifact
from artifacts.rules.licensing.names import parse_license
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.sizes import human_size
from artifacts.selectors.catalogue.cost import get_totals_bytes
from artifacts.selectors.trust.verdict import (
    Badge,
    ScoreLine,
    choose_badge,
    get_verdict,
    list_scores,
)

# Scores that differ by less look the same in two decimals.
_SAME_SCORE = 0.005


@dataclass(frozen=True)
class Compared:
    """A model, as the head of a column.

    Attributes:
        summary: the verdict in numbers, as in "fails 2 of 9 known, 4 unknown"; "" without a rating.
    """

    artifact_id: str
    name: str
    badge: Badge
    summary: str


@dataclass(frozen=True)
class FactLine:
    """What each model says to one question, in the order of the columns."""

    title: str
    values: tuple[str, ...]

    @property
    def is_different(self) -> bool:
        """Whether the models differ in it."""
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class ScoreCell:
    """The score of one model for one metric.

    Attributes:
        score: None for unknown, or where there is no rating.
        is_best: whether it is higher than others of its line, and none is higher.
    """

    score: float | None
    fails: bool = False
    is_applicable: bool = True
    threshold: float | None = None
    reason: str = ""
    is_best: bool = False


@dataclass(frozen=True)
class MetricLine:
    """One metric of all models; `difference` says in words how they differ, "" if they do not."""

    title: str
    sentence: str
    cells: tuple[ScoreCell, ...]
    difference: str


@dataclass(frozen=True)
class Comparison:
    """Models beside each other.

    Attributes:
        missing: the ids that are no artifact that everybody may see.
        others: the names of data sets and code, which have no scores.
    """

    models: tuple[Compared, ...]
    facts: tuple[FactLine, ...]
    metrics: tuple[MetricLine, ...]
    missing: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def are_verdicts_different(self) -> bool:
        """Whether the gate says different things of them."""
        return len({each.badge for each in self.models}) > 1


def compare(ids: Sequence[str]) -> Comparison:
    """Return models beside each other, in the order of their ids, which are few and different."""
    rows = Artifact.objects.shown().filter(pk__in=ids)
    rows = rows.select_related("current_revision__current_rating").defer(
        "current_revision__card", "current_revision__config", "current_revision__facts",
        "current_revision__current_rating__evidence", "current_revision__current_rating__summary",
    )  # fmt: skip
    found = {each.id: each for each in rows}
    models = [
        found[each] for each in ids if each in found and found[each].type == ArtifactType.MODEL
    ]
    return Comparison(
        models=tuple(_head(each) for each in models),
        facts=_list_facts(models) if models else (),
        metrics=_list_metrics(models),
        missing=tuple(each for each in ids if each not in found),
        others=tuple(each.name for each in found.values() if each.type != ArtifactType.MODEL),
    )


def _head(artifact: Artifact) -> Compared:
    """Return what stands above a model's column."""
    return Compared(
        artifact.id, artifact.name, choose_badge(artifact), get_verdict(artifact).summary
    )


def _list_facts(models: Sequence[Artifact]) -> tuple[FactLine, ...]:
    """Return what is compared besides the scores."""
    try:
        totals = get_totals_bytes([each.id for each in models])
        with_all = [human_size(totals[each.id]) for each in models]
    except TooManyDependencies as error:
        with_all = [error.message] * len(models)
    revisions = [each.current_revision for each in models]
    ratings = [each and each.current_rating for each in revisions]
    tasks = [each.category if each else "not rated yet" for each in ratings]
    licenses = [each.license if each else "" for each in revisions]
    return (
        FactLine("Task", tuple("none stated" if each == "other" else each for each in tasks)),
        FactLine("License", tuple(parse_license(each).text or "none stated" for each in licenses)),
        FactLine(
            "Size", tuple(human_size(each.size_bytes if each else None) for each in revisions)
        ),
        FactLine("To download with all that it rests on", tuple(with_all)),
        FactLine("Registered by", tuple(each.uploader_name for each in models)),
    )


def _list_metrics(models: Sequence[Artifact]) -> tuple[MetricLine, ...]:
    """Return the net score and every metric that at least one model has a word on."""
    ratings = [each.current_revision and each.current_revision.current_rating for each in models]
    if not any(ratings):
        return ()
    net = [ScoreCell(each.net_score if each else None) for each in ratings]
    lines = [_line("Net score", "All metrics together, by their weights.", net)]
    said = [{each.name: each for each in list_scores(rating)} if rating else {}
            for rating in ratings]  # fmt: skip
    for metric in METRICS:
        cells = [_cell(each.get(metric.name)) for each in said]
        lines.append(_line(metric.title, metric.sentence, cells))
    return tuple(lines)


def _cell(line: ScoreLine | None) -> ScoreCell:
    """Return what a metric says of one model."""
    if line is None:
        return ScoreCell(None)
    return ScoreCell(
        score=line.score,
        fails=line.fails,
        is_applicable=line.is_applicable,
        threshold=line.threshold,
        reason=line.reason,
    )


def _line(title: str, sentence: str, cells: Sequence[ScoreCell]) -> MetricLine:
    """Return a line, with what is best in it marked if they differ."""
    scores = [each.score for each in cells if each.score is not None]
    spread = max(scores) - min(scores) if scores else 0.0
    is_spread = spread >= _SAME_SCORE
    marked = tuple(
        replace(
            each,
            is_best=is_spread and each.score is not None and max(scores) - each.score < _SAME_SCORE,
        )
        for each in cells
    )
    words = [f"differ by {spread:.2f}"] if is_spread else []
    if 0 < len(scores) < len(cells):
        words.append("not known of all")
    return MetricLine(title, sentence, marked, ", ".join(words))
