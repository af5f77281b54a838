"""Bus factor: teams of all sizes, and none."""

import pytest

from artifacts.rules.rating.evidence import CommitFacts, Missing
from artifacts.rules.rating.metrics.bus_factor import METRIC, absence_factor
from tests.factories.evidence import LATER, NOTHING, make_code, make_evidence


@pytest.mark.parametrize(
    ("contributors", "low", "high"),
    [
        pytest.param((500,), 0.3, 0.36, id="one person"),
        pytest.param((5, 5), 0.45, 0.55, id="two who share"),
        pytest.param((99, 1), 0.25, 0.4, id="two, one of whom does it all"),
        pytest.param((10, 9, 8, 7), 0.6, 0.7, id="four"),
        pytest.param((1000, *[1] * 30), 0.5, 0.65, id="one and a crowd"),
        pytest.param(tuple([5] * 40), 0.9, 1.0, id="a crowd"),
    ],
)
def test_bus_factor_when_a_team_is_known_then_within_its_band(contributors, low, high):
    result = METRIC.judge(make_evidence(code=make_code(contributors=contributors)))
    assert low <= result.score <= high


def test_bus_factor_when_both_repositories_are_known_then_the_better_counts():
    code = make_code(contributors=(5,))
    commits = CommitFacts({"ada": 5, "bob": 5, "cy": 5})
    result = METRIC.judge(make_evidence(code=code, commits=commits))
    assert result.facts["people"] == 3


def test_bus_factor_when_only_a_library_is_known_then_its_team_is_not_the_models():
    code = make_code(contributors=(5,) * 90, found_by="library")
    result = METRIC.judge(make_evidence(code=code, commits=CommitFacts({"ada": 2})))
    assert result.facts["people"] == 1


def test_bus_factor_when_the_codes_team_is_not_listed_then_the_history_counts_and_it_says_so():
    code = make_code(contributors=Missing("GitHub lists none of so many."))
    result = METRIC.judge(make_evidence(code=code, commits=CommitFacts({"ada": 2})))
    assert result.facts["people"] == 1
    assert "acme/tea is not listed: GitHub lists none of so many." in result.reason


def test_bus_factor_when_nobody_is_known_then_unknown():
    result = METRIC.judge(make_evidence())
    assert (result.score, result.try_later) == (None, False)


@pytest.mark.parametrize("commits", [NOTHING, LATER], ids=["no history", "silence"])
def test_bus_factor_when_github_is_silent_then_try_later_and_no_zero(commits):
    result = METRIC.judge(make_evidence(code=LATER, commits=commits))
    assert (result.score, result.try_later) == (None, True)
    assert "GitHub sleeps" in result.reason


def test_bus_factor_when_github_is_silent_and_the_history_is_known_then_try_later():
    result = METRIC.judge(make_evidence(code=LATER, commits=CommitFacts({"ada": 1})))
    assert (result.score, result.try_later) == (None, True)


@pytest.mark.parametrize(
    ("commits", "factor"), [((1,), 1), ((5, 5), 1), ((4, 3, 3), 2), ((1,) * 10, 5)]
)
def test_absence_factor_when_counted_then_the_fewest_with_half(commits, factor):
    assert absence_factor(commits) == factor
