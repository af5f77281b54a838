"""Data set quality: bare, described, measured, used; none, and silence."""

import pytest

from artifacts.rules.rating.metrics.dataset_quality import METRIC
from tests.factories.evidence import LATER, make_dataset, make_evidence, rich_evidence

BEST = rich_evidence().datasets[0]


@pytest.mark.parametrize(
    ("datasets", "low", "high"),
    [
        pytest.param((make_dataset(),), 0, 0, id="it exists, and nothing is said"),
        pytest.param((make_dataset(description="Tea. " * 30),), 0.1, 0.2, id="described"),
        pytest.param(
            (make_dataset(license="mit", card={"language": "en"}, downloads=100),), 0.3, 0.5,
            id="some of it",
        ),
        pytest.param((make_dataset(license="unknown", downloads=10_000),), 0.2, 0.3, id="used"),
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
