"""Reviewedness: by lines, by commits, none, not applicable, silence."""

import pytest

from artifacts.rules.rating.metrics.reviewedness import METRIC
from tests.factories.evidence import LATER, NOTHING, make_code, make_evidence, make_reviews


@pytest.mark.parametrize(
    ("reviews", "score"),
    [
        pytest.param(make_reviews(10, 0, 100, 0), 0.0, id="nothing"),
        pytest.param(make_reviews(10, 9, 100, 50), 0.5, id="half of the lines"),
        pytest.param(make_reviews(10, 10, 100, 100), 1.0, id="all"),
        pytest.param(make_reviews(4, 3, None, None), 0.75, id="commits where lines are unknown"),
    ],
)
def test_reviewedness_when_history_is_known_then_the_share(reviews, score):
    assert METRIC.judge(make_evidence(code=make_code(reviews=reviews))).score == score


@pytest.mark.parametrize("code", [NOTHING, make_code(found_by="library")], ids=["none", "library"])
def test_reviewedness_when_there_is_no_code_of_the_model_then_not_applicable(code):
    result = METRIC.judge(make_evidence(code=code))
    assert (result.score, result.is_applicable) == (None, False)


@pytest.mark.parametrize(
    ("code", "try_later"),
    [
        pytest.param(LATER, True, id="GitHub is silent"),
        pytest.param(make_code(reviews=LATER), True, id="the history is silent"),
        pytest.param(make_code(reviews=make_reviews(0, 0, 0, 0)), False, id="no commit"),
    ],
)
def test_reviewedness_when_history_is_unknown_then_unknown(code, try_later):
    result = METRIC.judge(make_evidence(code=code))
    assert (result.score, result.is_applicable, result.try_later) == (None, True, try_later)


def test_reviewedness_when_it_is_a_sample_then_it_says_so():
    code = make_code(reviews=make_reviews(is_sample=True))
    assert "sample" in METRIC.judge(make_evidence(code=code)).reason
