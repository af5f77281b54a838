import pytest

from tests.trust.distribution import QUANTILES, Distribution, describe, find_quantile, write_line


def test_describe_when_scores_are_spread_then_shares_and_quantiles():
    found = describe([0.0, None, 0.25, 0.5, 0.75, 1.0, None, None, None, None])
    assert (found.models, found.rated, found.unknown_share) == (10, 5, 0.5)
    assert found.quantiles == pytest.approx((0.1, 0.25, 0.5, 0.75, 0.9))
    assert found.common == 0.0
    assert found.common_share == pytest.approx(0.2)
    assert not found.is_near_constant


@pytest.mark.parametrize(
    ("scores", "common", "is_near_constant"),
    [
        ([0.3] * 6 + [0.1, 0.2, 0.4, 0.5], 0.3, True),
        ([0.3] * 5 + [0.1, 0.2, 0.4, 0.5, 0.6], 0.3, False),
        ([0.3] * 6 + [None] * 90, 0.3, True),
        ([0.3, 0.4] + [None] * 90, 0.3, False),
        ([0.3] * 4, 0.3, False),
        ([0.9, 0.9, 0.1, 0.1, 0.5], 0.1, False),
    ],
    ids=["over half", "half", "of the rated alone", "two", "too few to say", "two as common"],
)
def test_describe_when_one_score_is_common_then_near_constant_over_half(
    scores, common, is_near_constant
):
    found = describe(scores)
    assert (found.common, found.is_near_constant) == (common, is_near_constant)


@pytest.mark.parametrize("scores", [[], [None, None]])
def test_describe_when_nothing_is_known_then_no_quantile_and_no_complaint(scores):
    found = describe(scores)
    assert found == Distribution(len(scores), 0, (), None, 0.0)
    assert not found.is_near_constant
    assert "nothing is known" in write_line("license", found)


@pytest.mark.parametrize("share", [0.0, *QUANTILES, 1.0])
def test_quantile_when_there_is_one_number_then_that(share):
    assert find_quantile([0.7], share) == 0.7


def test_line_when_near_constant_then_marked():
    assert write_line("license", describe([0.5] * 6 + [None] * 2)).split() == [
        "license", "25%", "6", *["0.50"] * 5, "0.50", "in", "100%", "NEAR-CONSTANT",
    ]  # fmt: skip
