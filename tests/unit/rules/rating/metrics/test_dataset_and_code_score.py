"""Data and code: both, one, none, silence."""

import pytest

from artifacts.rules.rating.metrics.dataset_and_code_score import METRIC
from tests.factories.evidence import (
    EXAMPLE,
    LATER,
    NOTHING,
    listed,
    make_code,
    make_dataset,
    make_evidence,
    make_model,
)

FOUND, NAMED = (make_dataset(),), (make_dataset(is_found=False),)


@pytest.mark.parametrize(
    ("datasets", "code", "readme", "low", "high"),
    [
        pytest.param(NOTHING, NOTHING, "", 0, 0, id="neither"),
        pytest.param(FOUND, NOTHING, "", 0, 0, id="data only"),
        pytest.param(NOTHING, make_code(), EXAMPLE, 0, 0, id="code only"),
        pytest.param(NAMED, make_code(found_by="library"), "", 0.25, 0.4, id="little of both"),
        pytest.param(NAMED, make_code(found_by="base_model"), EXAMPLE, 0.5, 0.7, id="middle"),
        pytest.param(FOUND, make_code(), "", 0.8, 0.9, id="without an example"),
        pytest.param(FOUND, make_code(found_by="card"), EXAMPLE, 1, 1, id="all"),
        pytest.param(
            (make_dataset(purpose="evaluation"),), make_code(), EXAMPLE, 0, 0, id="evaluation data"
        ),
    ],
)
def test_dataset_and_code_when_judged_then_within_its_band(datasets, code, readme, low, high):
    evidence = make_evidence(make_model(readme=readme), datasets=datasets, code=code)
    assert low <= METRIC.judge(evidence).score <= high


def test_dataset_and_code_when_a_training_script_is_in_the_repository_then_it_counts():
    evidence = make_evidence(make_model(files=listed({"train.py": 100})), datasets=FOUND)
    assert METRIC.judge(evidence).score == pytest.approx(0.7071)


@pytest.mark.parametrize("silent", ["datasets", "code"])
def test_dataset_and_code_when_a_source_is_silent_then_try_later(silent):
    result = METRIC.judge(make_evidence(**{silent: LATER}))
    assert (result.score, result.try_later) == (None, True)
