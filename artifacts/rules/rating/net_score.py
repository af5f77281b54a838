"""The net score: a weighted mean of the metrics, with all weights in one place."""

from __future__ import annotations

import math
from collections.abc import Mapping

from artifacts.rules.rating.curves import rounded
from artifacts.rules.rating.metric import Result

# What a company risks most by a model weighs most: not being allowed to use it, not being able to
# run it, claims that nobody can check. Reviews and demonstrations are rare in the field and weigh
# less. The tree score is left out: the ancestors have net scores of their own, and a score that
# held them would change whenever any of them does.
WEIGHTS = {
    "license": 0.14,
    "size_score": 0.14,
    "ramp_up_time": 0.12,
    "performance_claims": 0.12,
    "bus_factor": 0.12,
    "dataset_and_code_score": 0.09,
    "code_quality": 0.09,
    "dataset_quality": 0.08,
    "reproducibility": 0.05,
    "reviewedness": 0.05,
}


def net_score(results: Mapping[str, Result]) -> float:
    """Return the weighted mean; what is unknown counts as 0, what does not apply is left out."""
    counted = {name: weight for name, weight in WEIGHTS.items() if results[name].is_applicable}
    total = math.fsum(weight * (results[name].score or 0.0) for name, weight in counted.items())
    return rounded(min(1.0, total / math.fsum(counted.values())))
