"""The shapes of scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.rating.curves import logarithmic, saturating, weighted


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0.1, 1e6))
def test_saturating_when_there_is_more_then_not_less(one, more, half):
    assert 0 <= saturating(one, half) <= saturating(one + more, half) <= 1


def test_saturating_when_at_half_then_half_and_never_negative():
    assert saturating(7, 7) == 0.5
    with pytest.raises(ValueError, match="negative"):
        saturating(-1, 7)


@given(st.integers(-5, 10**9))
def test_logarithmic_when_counted_then_in_range(count):
    assert 0 <= logarithmic(count, 10_000) <= 1
    assert logarithmic(10_000, 10_000) == 1


def test_weighted_when_all_is_there_then_one():
    assert weighted([(0.1, 1.0)] * 10) == 1.0
