"""Reviewedness: by lines, by commits, none, not applicable, silence."""

import pytest

from artifacts.rules.rating.attribution import MentionedCode
from artifacts.rules.rating.metrics.reviewedness import METRIC
from tests.factories.evidence import (
    LATER,
    NOTHING,
    make_code,
    make_evidence,
    make_model,
    make_reviews,
)


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


@pytest.mark.parametrize(
    "code",
    [NOTHING, make_code(found_by="library"), make_code(found_by="base_model")],
    ids=["none", "library", "base"],
)
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


def test_reviewedness_when_the_card_links_to_somebody_elses_code_then_that_is_shown():
    mention = MentionedCode(
        "lab/brew", "https://github.com/lab/brew", "A port of brew", "lab/brew is not its own."
    )
    model = make_model(page_url="https://huggingface.co/acme/robot", commit="c0ffee")
    code = make_code(found_by="library", reviews=make_reviews(10, 10))
    result = METRIC.judge(make_evidence(model, code=code, mentioned_code=(mention,)))
    assert (result.score, result.is_applicable) == (None, False)
    assert mention.reason in result.reason
    assert result.citations[0].quote == mention.quote


def test_reviewedness_when_the_named_repository_is_gone_then_it_says_so():
    code = make_code(found_by="library", repository="acme/kettles", instead_of="acme/lost")
    result = METRIC.judge(make_evidence(code=code))
    assert "acme/lost, which the card names, is not there." in result.reason
    assert result.is_optional
