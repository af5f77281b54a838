import random

from tests.brute_force.__main__ import Z_MAX
from tests.brute_force.statistics import compare


def times(seed: int, mean_s: float) -> list[float]:
    rng = random.Random(seed)
    return [rng.gauss(mean_s, 0.01) for _ in range(300)]


def test_comparison_when_only_chance_differs_then_within_bounds():
    found = [compare(times(seed, 0.1), times(seed + 1_000, 0.1)) for seed in range(20)]
    assert all(abs(each.z) < Z_MAX for each in found)
    assert sum(each.p < 0.05 for each in found) <= 4


def test_comparison_when_one_takes_four_hundredths_longer_then_found():
    found = compare(times(1, 0.104), times(2, 0.1))
    assert found.z > Z_MAX
    assert found.p < 0.001
    assert compare(times(2, 0.1), times(1, 0.104)).z < -Z_MAX


def test_comparison_when_known_then_as_by_hand():
    found = compare([1, 2, 3], [4, 5, 6])
    assert found.median_s == (2, 5)
    assert round(found.z, 2) == -1.96
