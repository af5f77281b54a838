"""All metrics, in the order in which pages show them."""

from __future__ import annotations

from artifacts.rules.rating.metric import Metric
from artifacts.rules.rating.metrics import (
    bus_factor,
    code_quality,
    dataset_and_code_score,
    dataset_quality,
    performance_claims,
    ramp_up_time,
    reproducibility,
    reviewedness,
    size_score,
    tree_score,
)
from artifacts.rules.rating.metrics import license as license_metric

METRICS: tuple[Metric, ...] = (
    ramp_up_time.METRIC,
    bus_factor.METRIC,
    performance_claims.METRIC,
    license_metric.METRIC,
    dataset_and_code_score.METRIC,
    dataset_quality.METRIC,
    code_quality.METRIC,
    reproducibility.METRIC,
    reviewedness.METRIC,
    size_score.METRIC,
    tree_score.METRIC,
)
