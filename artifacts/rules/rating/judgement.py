"""From evidence to a judgement: all metrics, the net score, the gate. No input or output."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artifacts.exceptions import TooMuchToRead
from artifacts.rules.budget import judging
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.citation import Citation
from artifacts.rules.rating.copies import discount
from artifacts.rules.rating.evidence import Evidence
from artifacts.rules.rating.gate import GateFinding, judge_gate
from artifacts.rules.rating.metric import EvidenceGroup, Metric, MetricName, Result, unknown
from artifacts.rules.rating.metrics.size_score import COMFORTABLE_BYTES
from artifacts.rules.rating.net_score import net_score

logger = logging.getLogger(__name__)

# Increased whenever a formula, weight or threshold changes: scores of different versions are not
# comparable.
RULES_VERSION = 3
# The first version whose gate tells what is unknown from what is too low.
GATE_OF_THREE_VERSION = 3
OTHER_CATEGORY = "other"
# The contract's value for reviewedness without a repository.
_NO_REPOSITORY = -1.0


@dataclass(frozen=True)
class Judgement:
    """The results of all metrics for a model.

    Attributes:
        category: the model's task, `other` if it states none.
        latencies_s: by metric and for `net_score`: the time to gather its evidence and to judge it.
        gate: which metrics reach their thresholds, and which do not.
    """

    category: str
    results: Mapping[str, Result]
    net_score: float
    latencies_s: Mapping[str, float]
    gate: GateFinding

    @property
    def tree_score(self) -> float:
        """The mean of the parents' net scores; without registered parents its own net score."""
        score = self.results[MetricName.TREE_SCORE].score
        return self.net_score if score is None else score

    @property
    def try_later(self) -> Mapping[str, str]:
        """Metrics whose evidence is not, or not all, available now, with the reason."""
        return {
            name: each.reason
            for name, each in self.results.items()
            if each.try_later or each.is_provisional
        }

    def summary(self) -> dict[str, Any]:
        """Return scores and latencies in the form of the contract's ModelRating.

        The API only has numbers: an unknown score is 0.0 there; the results hold the reason.
        """
        numbers: dict[str, Any] = {
            name: summarise(name, result) for name, result in self.results.items()
        }
        numbers["net_score"], numbers[MetricName.TREE_SCORE] = self.net_score, self.tree_score
        latencies = {f"{name}_latency": round(s, 6) for name, s in self.latencies_s.items()}
        return numbers | latencies

    def results_data(self) -> dict[str, Any]:
        """Return score, reason and facts of each metric as JSON data; null means unknown."""
        return {
            name: result_data(result) | {"latency_s": round(self.latencies_s[name], 6)}
            for name, result in self.results.items()
        }


def summarise(name: str, result: Result) -> float | dict[str, float]:
    """Return a result as the contract's ModelRating has it, by device for the size."""
    if name == MetricName.SIZE_SCORE:
        return dict(result.parts) or dict.fromkeys(COMFORTABLE_BYTES, 0.0)
    if name == MetricName.REVIEWEDNESS and not result.is_applicable:
        return _NO_REPOSITORY
    return result.score or 0.0


def result_data(result: Result) -> dict[str, Any]:
    """Return a result as JSON data."""
    return {
        "score": result.score,
        "reason": result.reason,
        "facts": dict(result.facts),
        "parts": dict(result.parts),
        "try_later": result.try_later,
        "is_applicable": result.is_applicable,
        "is_optional": result.is_optional,
        "citations": [each.as_data() for each in result.citations],
        "is_provisional": result.is_provisional,
    }


def read_results(data: Mapping[str, Any]) -> dict[str, Result]:
    """Return the results in the data that `Judgement.results_data` made."""
    return {name: _read_result(each) for name, each in data.items()}


def _read_result(data: Mapping[str, Any]) -> Result:
    """Return one result; ratings by older rules have no citations, and nothing optional."""
    names = ("score", "reason", "facts", "try_later", "parts", "is_applicable")
    citations = tuple(Citation.from_data(each) for each in data.get("citations", ()))
    return Result(
        **{key: data[key] for key in names},
        is_optional=data.get("is_optional", False),
        citations=citations,
        is_provisional=data.get("is_provisional", False),
    )


def unheard(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the metrics in such data whose source did not answer, with the reason."""
    return {name: each["reason"] for name, each in data.items() if each["try_later"]}


def unasked(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the metrics in such data for which there is more to ask, with the reason."""
    return {name: each["reason"] for name, each in data.items() if each.get("is_provisional")}


def judge(
    evidence: Evidence,
    gathered_s: Mapping[EvidenceGroup, float],
    thresholds: Mapping[str, float] | None = None,
) -> Judgement:
    """Judge a model.

    Args:
        gathered_s: how many seconds gathering each group of evidence took (see `Metric.uses`).
        thresholds: those of the gate that the company has set, by metric.
    """
    started_s = time.monotonic()
    results: dict[str, Result] = {}
    latencies_s: dict[str, float] = {}
    for metric in METRICS:
        metric_started_s = time.monotonic()
        with judging():
            results[metric.name] = _contained(metric, evidence)
        judged_s = time.monotonic() - metric_started_s
        gathering_s = max((gathered_s.get(group, 0.0) for group in metric.uses), default=0.0)
        latencies_s[metric.name] = gathering_s + judged_s
    results = discount(results, evidence.copy)
    net = net_score(results)
    latencies_s["net_score"] = max(gathered_s.values(), default=0.0) + time.monotonic() - started_s
    category = evidence.model.task or OTHER_CATEGORY
    gate = judge_gate(results, thresholds, evidence.model.scanned)
    return Judgement(category, results, net, latencies_s, gate)


def _contained(metric: Metric, evidence: Evidence) -> Result:
    """Run one metric so that unreadable evidence, or an error in it, does not affect the others."""
    try:
        return metric.judge(evidence)
    except TooMuchToRead as error:
        return unknown(error.message, try_later=error.try_later)
    except Exception:
        # Cards are hostile input, and there are many metrics: one must not fail a registration.
        logger.exception("metric.failed", extra={"metric": metric.name})
        return unknown("This metric failed on the model's evidence; the registry's log says why.")
