"""The net score: a weighted mean of the metrics, with all weights in one place."""

from __future__ import annotations

import math
from collections.abc import Mapping

from artifacts.rules.rating.curves import rounded
from artifacts.rules.rating.metric import MetricName, Result

# A company's greatest risks weigh most: that it may not use the model, that it cannot run it, that
# nobody can check its claims. Reviews and demonstrations are rare in the field and weigh less. The
# tree score is left out: ancestors have net scores of their own, and a score that included them
# would change whenever one of theirs does.
WEIGHTS = {
    MetricName.LICENSE: 0.14,
    MetricName.SIZE_SCORE: 0.14,
    MetricName.RAMP_UP_TIME: 0.12,
    MetricName.PERFORMANCE_CLAIMS: 0.12,
    MetricName.BUS_FACTOR: 0.12,
    MetricName.DATASET_AND_CODE_SCORE: 0.09,
    MetricName.CODE_QUALITY: 0.09,
    MetricName.DATASET_QUALITY: 0.08,
    MetricName.REPRODUCIBILITY: 0.05,
    MetricName.REVIEWEDNESS: 0.05,
}


def net_score(results: Mapping[str, Result]) -> float:
    """Return the weighted mean; unknown scores count as 0, inapplicable ones are left out."""
    counted = {name: weight for name, weight in WEIGHTS.items() if results[name].is_applicable}
    total = math.fsum(weight * (results[name].score or 0.0) for name, weight in counted.items())
    return rounded(min(1.0, total / math.fsum(counted.values())))
