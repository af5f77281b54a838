"""Code quality: bare, usable, excellent; a library's; none, and silence."""

import pytest

from artifacts.rules.rating.metrics.code_quality import METRIC
from tests.factories.evidence import LATER, NOTHING, listed, make_code, make_evidence, rich_evidence

BARE = listed({"tea.py": 500})
USABLE = listed({"README.md": 6_000, "LICENSE": 900, "requirements.txt": 90, "tea.py": 5_000})
BEST = rich_evidence().code


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        pytest.param(make_code(files=BARE, is_archived=True), 0, 0, id="bare and archived"),
        pytest.param(make_code(files=USABLE), 0.3, 0.5, id="documented, without tests"),
        pytest.param(make_code(files=USABLE, stars=5_000), 0.5, 0.7, id="and used by many"),
        pytest.param(BEST, 0.95, 1, id="excellent"),
    ],
)
def test_code_quality_when_files_are_known_then_within_its_band(code, low, high):
    assert low <= METRIC.judge(make_evidence(code=code)).score <= high


@pytest.mark.parametrize(("found_by", "most"), [("library", 0.2), ("base_model", 0.8)])
def test_code_quality_when_the_code_is_anothers_then_it_counts_in_part(found_by, most):
    code = make_code(files=BEST.files, stars=BEST.stars, license="MIT", found_by=found_by)
    result = METRIC.judge(make_evidence(code=code))
    assert 0.9 * most <= result.score <= most
    assert "counts" in result.reason


@pytest.mark.parametrize(
    ("code", "try_later"),
    [
        pytest.param(NOTHING, False, id="no repository"),
        pytest.param(LATER, True, id="GitHub is silent"),
        pytest.param(make_code(files=LATER), True, id="the list is silent"),
        pytest.param(make_code(files=()), False, id="empty"),
    ],
)
def test_code_quality_when_there_is_nothing_to_look_at_then_unknown(code, try_later):
    result = METRIC.judge(make_evidence(code=code))
    assert (result.score, result.try_later) == (None, try_later)
