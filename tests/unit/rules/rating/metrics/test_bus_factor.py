"""Bus factor: teams of all sizes, and none."""

import pytest

from artifacts.rules.rating.evidence import CommitFacts, Missing
from artifacts.rules.rating.metrics.bus_factor import METRIC, absence_factor
from tests.factories.evidence import LATER, NOTHING, make_code, make_evidence, make_model


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


def test_bus_factor_when_owner_and_use_are_known_then_told_and_without_effect():
    people = CommitFacts({"ada": 5, "bob": 5})
    known = make_model(
        created_at="2024-05-01T10:00:00.000Z", modified_at="2025-05-01T10:00:00Z",
        downloads=12_345, likes=6,
    )  # fmt: skip
    code = make_code(owner_kind="organisation", created_at="2023-01-01T00:00:00Z")
    alone = METRIC.judge(make_evidence(commits=people))
    told = METRIC.judge(make_evidence(known, commits=people, code=code))
    assert told.score == alone.score
    for words in ("published on 2024-05-01", "12,345 downloads", "6 likes", "an organisation"):
        assert words in told.reason
    assert told.facts["code_since"] == "2023-01-01"
    assert "makes no score" not in alone.reason


@pytest.mark.parametrize("found_by", ["library", "base_model"])
def test_bus_factor_when_the_code_is_anothers_then_its_people_do_not_count(found_by):
    code = make_code(contributors=(5,) * 90, found_by=found_by)
    result = METRIC.judge(make_evidence(code=code, commits=CommitFacts({"ada": 5})))
    assert result.facts["people"] == 1
    assert code.repository not in result.reason
    unlisted = make_code(contributors=NOTHING, found_by=found_by)
    result = METRIC.judge(make_evidence(code=unlisted, commits=CommitFacts({"ada": 5})))
    assert code.repository not in result.reason


def test_bus_factor_when_judged_then_the_history_is_cited():
    model = make_model(page_url="https://huggingface.co/acme/robot", commit="c0ffee")
    (place,) = METRIC.judge(make_evidence(model, commits=CommitFacts({"ada": 5}))).citations
    assert place.url == "https://huggingface.co/acme/robot/commits/c0ffee"


@pytest.mark.parametrize(
    ("commits", "words"),
    [
        ({"ada": 1}, "one person made the only commit to"),
        ({"ada": 7}, "one person made all of 7 commits to"),
        ({"ada": 7, "bob": 1}, "2 people have worked on"),
    ],
)
def test_bus_factor_when_one_person_made_everything_then_said_plainly(commits, words):
    reason = METRIC.judge(make_evidence(commits=CommitFacts(commits))).reason
    assert words.lower() in reason.lower()


@pytest.mark.parametrize(
    ("facts", "words", "never"),
    [
        ({"likes": 1}, "has 1 like;", "likes"),
        ({"downloads": 1}, "has 1 download a month", "downloads"),
        (
            {"created_at": "2022-03-02T23:29:04.000Z"},
            "on or before 2022-03-02",
            "published on 2022",
        ),
        ({"created_at": "2022-03-03T01:00:00.000Z"}, "published on 2022-03-03", "before"),
    ],
)
def test_bus_factor_when_it_tells_the_standing_then_in_true_words(facts, words, never):
    evidence = make_evidence(make_model(**facts), commits=CommitFacts({"ada": 2}))
    reason = METRIC.judge(evidence).reason
    assert words in reason
    assert never not in reason


def test_bus_factor_when_the_history_is_long_then_it_says_that_it_was_not_read_in_full():
    commits = CommitFacts({"ada": 90}, is_partial=True)
    reason = METRIC.judge(make_evidence(commits=commits)).reason
    assert "Older commits were not read." in reason
