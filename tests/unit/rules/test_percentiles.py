import math
import random
from itertools import pairwise

import pytest

from artifacts.rules.percentiles import estimate_distinct, interpolate

EDGES = (5, 10, 25, 50, 100)


@pytest.mark.parametrize(
    ("counts", "share", "found"),
    [
        ((0, 0, 0, 0, 0, 0), 0.5, None),
        ((4, 0, 0, 0, 0, 0), 0.5, 2.5),
        ((0, 4, 0, 0, 0, 0), 0.5, 7.5),
        ((1, 1, 0, 0, 0, 0), 0.5, 5),
        ((1, 1, 0, 0, 0, 0), 1.0, 10),
        ((0, 0, 0, 0, 0, 7), 0.5, math.inf),
        ((99, 0, 0, 0, 0, 1), 0.99, 5),
        ((98, 0, 0, 0, 0, 2), 0.99, math.inf),
    ],
)
def test_percentile_when_counted_in_buckets_then_interpolated(counts, share, found):
    assert interpolate(counts, EDGES, share) == found


def test_percentile_when_compared_with_the_values_then_within_its_bucket():
    values = sorted(random.Random(1).uniform(0, 100) for _ in range(500))
    bounds = (0, *EDGES)
    counts = [sum(low < value <= high for value in values) for low, high in pairwise(bounds)]
    for share in (0.5, 0.95, 0.99):
        exact = values[int(share * len(values)) - 1]
        width = next(high - low for low, high in pairwise(bounds) if low < exact <= high)
        assert abs(interpolate((*counts, 0), EDGES, share) - exact) < width


@pytest.mark.parametrize("clients", [0, 1, 40, 1_000, 10_000])
def test_distinct_when_marked_at_random_then_estimated_within_some_percent(clients):
    chosen = random.Random(2)
    marked = len({chosen.randrange(4_096) for _ in range(clients)})
    assert estimate_distinct(marked, 4_096) == pytest.approx(clients, rel=0.05)


@pytest.mark.parametrize("marked", [4_056, 4_096])
def test_distinct_when_hardly_a_mark_is_left_then_not_known(marked):
    assert estimate_distinct(marked, 4_096) is None
