"""Data set quality: bare, described, measured, used; none, and silence."""

from dataclasses import replace
from typing import Any

import pytest

from artifacts.rules.rating.data_documentation import Documentation
from artifacts.rules.rating.metrics.dataset_quality import METRIC
from artifacts.rules.reading import Reading, ReadState
from tests.factories.evidence import LATER, make_dataset, make_evidence, make_model, rich_evidence

CLOSED = Reading(ReadState.NOT_OPENED, "README.md", "It is closed.")
NOT_ASKED = Reading(ReadState.NOT_ASKED, reason="It was not asked for yet.")
_ALL: Any = rich_evidence().datasets
BEST = _ALL[0]


@pytest.mark.parametrize(
    ("datasets", "low", "high"),
    [
        pytest.param((make_dataset(),), 0, 0, id="it exists, and nothing is said"),
        pytest.param(
            (make_dataset(documentation=Documentation(60, {"making": 25})),), 0.15, 0.25,
            id="described",
        ),
        pytest.param(
            (make_dataset(license="mit", card={"language": "en"}, downloads=100),), 0.2, 0.3,
            id="some of it",
        ),
        pytest.param((make_dataset(license="unknown", downloads=10_000),), 0.1, 0.2, id="used"),
        pytest.param((replace(BEST, documentation=Documentation()),), 0.4, 0.5,
                     id="all fields, and no text"),
        pytest.param((replace(BEST, documentation=Documentation(), text_reading=CLOSED),), 0.9, 1,
                     id="a closed card is not judged"),
        pytest.param((BEST,), 0.95, 1, id="everything"),
        pytest.param((make_dataset(), BEST), 0.95, 1, id="the best of two counts"),
    ],
)  # fmt: skip
def test_dataset_quality_when_found_then_within_its_band(datasets, low, high):
    assert low <= METRIC.judge(make_evidence(datasets=datasets)).score <= high


@pytest.mark.parametrize(
    ("datasets", "try_later"),
    [
        pytest.param((), False, id="none is named"),
        pytest.param((make_dataset(is_found=False),), False, id="only named"),
        pytest.param((make_dataset(purpose="evaluation"),), False, id="only evaluated with"),
        pytest.param(LATER, True, id="the source is silent"),
    ],
)
def test_dataset_quality_when_nothing_can_be_looked_at_then_unknown(datasets, try_later):
    result = METRIC.judge(make_evidence(datasets=datasets))
    assert (result.score, result.try_later) == (None, try_later)
    assert result.reason


@pytest.mark.parametrize(
    ("others", "score"),
    [((), None), ((BEST,), 0.9), ((make_dataset(is_found=False),), None)],
    ids=["none is known", "one is known", "one is absent"],
)
def test_dataset_quality_when_some_were_not_asked_for_then_it_says_so_and_is_provisional(
    others, score
):
    waiting = make_dataset("acme/later", reading=NOT_ASKED)
    result = METRIC.judge(make_evidence(datasets=(waiting, *others)))
    assert (result.is_provisional, result.try_later) == (True, False)
    assert result.score is None if score is None else result.score > score
    assert "acme/later was not asked for yet" in result.reason
    assert "None of the data sets" not in result.reason


def test_dataset_quality_when_judged_then_it_cites_both_cards_with_their_words():
    model = make_model(page_url="https://huggingface.co/acme/robot", commit="c0ffee")
    result = METRIC.judge(make_evidence(model, datasets=(replace(BEST, commit="abc"),)))
    assert [(each.url, each.quote) for each in result.citations] == [
        ("https://huggingface.co/datasets/acme/kitchens/blob/abc/README.md",
         "Ten thousand afternoons in kitchens."),
        ("https://huggingface.co/datasets/acme/kitchens", ""),
        ("https://huggingface.co/acme/robot/blob/c0ffee/README.md", "datasets: acme/kitchens"),
    ]  # fmt: skip
