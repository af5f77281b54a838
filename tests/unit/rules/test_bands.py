import pytest

from artifacts.rules.bands import SCORE_BANDS, SIZE_BANDS, find_band


@pytest.mark.parametrize(
    ("score", "band"),
    [(0.0, "low"), (0.2499, "low"), (0.25, "fair"), (0.5, "good"), (0.75, "high"), (1.0, "high"),
     (None, "")],
)  # fmt: skip
def test_band_when_a_score_is_on_its_edge_then_in_the_upper_one(score, band):
    assert find_band(SCORE_BANDS, score) == band


@pytest.mark.parametrize(
    ("size_bytes", "band"),
    [(0, "small"), (99_999_999, "small"), (100_000_000, "medium"), (10**9, "large"),
     (10**10, "huge"), (10**15, "huge"), (None, "")],
)  # fmt: skip
def test_band_when_a_size_is_on_its_edge_then_in_the_upper_one(size_bytes, band):
    assert find_band(SIZE_BANDS, size_bytes) == band
