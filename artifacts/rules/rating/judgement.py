"""From evidence to a judgement: every metric, the net score, the gate. It asks nobody."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artifacts.exceptions import TooMuchToRead
from artifacts.rules.budget import judging
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.evidence import Evidence
from artifacts.rules.rating.gate import gate_failures
from artifacts.rules.rating.metric import Metric, Result, unknown
from artifacts.rules.rating.metrics.size_score import COMFORTABLE_BYTES
from artifacts.rules.rating.net_score import net_score

logger = logging.getLogger(__name__)

# Raised whenever a formula, weight or threshold changes: scores of different versions do not
# compare.
RULES_VERSION = 2
OTHER_CATEGORY = "other"
# The contract's word for reviewedness without a repository.
_NO_REPOSITORY = -1.0


@dataclass(frozen=True)
class Judgement:
    """What all metrics say about a model.

    Attributes:
        category: the model's task, `other` when it states none.
        latencies_s: by metric and for `net_score`: gathering what the metric uses, and judging it.
        gate_failures: a sentence for each metric that fails the gate.
    """

    category: str
    results: Mapping[str, Result]
    net_score: float
    latencies_s: Mapping[str, float]
    gate_failures: tuple[str, ...]

    @property
    def tree_score(self) -> float:
        """The parents' mean; its own net score for a model without registered parents."""
        score = self.results["tree_score"].score
        return self.net_score if score is None else score

    @property
    def try_later(self) -> Mapping[str, str]:
        """Metrics whose evidence could not be had now, with the reason."""
        return {name: each.reason for name, each in self.results.items() if each.try_later}

    def summary(self) -> dict[str, Any]:
        """Return scores and latencies as the contract's ModelRating has them.

        The API answers numbers only: an unknown score is 0.0 there, and the reason stands with the
        results.
        """
        numbers: dict[str, Any] = {
            name: result.score or 0.0 for name, result in self.results.items()
        }
        sizes = self.results["size_score"].parts
        numbers["size_score"] = dict(sizes) or dict.fromkeys(COMFORTABLE_BYTES, 0.0)
        if not self.results["reviewedness"].is_applicable:
            numbers["reviewedness"] = _NO_REPOSITORY
        numbers["net_score"], numbers["tree_score"] = self.net_score, self.tree_score
        latencies = {f"{name}_latency": round(s, 6) for name, s in self.latencies_s.items()}
        return numbers | latencies

    def results_data(self) -> dict[str, Any]:
        """Return score, reason and facts of each metric as JSON data; null stands for unknown."""
        return {
            name: result_data(result) | {"latency_s": round(self.latencies_s[name], 6)}
            for name, result in self.results.items()
        }


def result_data(result: Result) -> dict[str, Any]:
    """Return a result as JSON data."""
    return {
        "score": result.score,
        "reason": result.reason,
        "facts": dict(result.facts),
        "parts": dict(result.parts),
        "try_later": result.try_later,
        "is_applicable": result.is_applicable,
    }


def results_of(data: Mapping[str, Any]) -> dict[str, Result]:
    """Return the results that `Judgement.results_data` made data of."""
    names = ("score", "reason", "facts", "try_later", "parts", "is_applicable")
    return {name: Result(**{key: each[key] for key in names}) for name, each in data.items()}


def unheard(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the metrics in such data whose evidence could not be had, with the reason."""
    return {name: each["reason"] for name, each in data.items() if each["try_later"]}


def judge(evidence: Evidence, gathered_s: Mapping[str, float]) -> Judgement:
    """Judge a model.

    Args:
        gathered_s: seconds that gathering each group of evidence took (see `Metric.uses`).
    """
    started_s = time.monotonic()
    results: dict[str, Result] = {}
    latencies_s: dict[str, float] = {}
    shown = evidence.with_unread()
    for metric in METRICS:
        metric_started_s = time.monotonic()
        with judging():
            results[metric.name] = _contained(metric, shown)
        judged_s = time.monotonic() - metric_started_s
        gathering_s = max((gathered_s.get(group, 0.0) for group in metric.uses), default=0.0)
        latencies_s[metric.name] = gathering_s + judged_s
    net = net_score(results)
    latencies_s["net_score"] = max(gathered_s.values(), default=0.0) + time.monotonic() - started_s
    category = evidence.model.task or OTHER_CATEGORY
    return Judgement(category, results, net, latencies_s, tuple(gate_failures(results)))


def _contained(metric: Metric, evidence: Evidence) -> Result:
    """Run one metric; what it cannot read, or a mistake in it, spares the others."""
    try:
        return metric.judge(evidence)
    except TooMuchToRead as error:
        return unknown(error.message, try_later=error.try_later)
    except Exception:
        # Cards are hostile input and metrics many: a registration must not fail because of one.
        logger.exception("metric.failed", extra={"metric": metric.name})
        return unknown("This metric failed on the model's evidence; the registry's log says why.")
