"""Whether two lists of times differ by more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Comparison(NamedTuple):
    """How two lists compare.

    Attributes:
        median_s: of each, in seconds.
        z: by how many standard deviations the first is larger than chance lets it be.
        p: how often chance alone makes as large a difference.
    """

    median_s: tuple[float, float]
    z: float
    p: float


def compare(first: Sequence[float], second: Sequence[float]) -> Comparison:
    """Compare two lists by the ranks of what is in them, so that no outlier counts for more.

    Source: Mann and Whitney (1947), with the normal distribution for large lists.
    """
    ranked = sorted([(each, True) for each in first] + [(each, False) for each in second])
    rank_sum = sum(rank for rank, (_, is_first) in enumerate(ranked, 1) if is_first)
    n, m = len(first), len(second)
    mean = n * (n + m + 1) / 2
    z = (rank_sum - mean) / math.sqrt(n * m * (n + m + 1) / 12)
    return Comparison((median(first), median(second)), z, math.erfc(abs(z) / math.sqrt(2)))
