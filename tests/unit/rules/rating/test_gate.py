"""The gate: three verdicts, thresholds of one's own, and links that never do harm."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.enums import GateVerdict
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.evidence import CodeFacts, CommitFacts, Missing
from artifacts.rules.rating.gate import THRESHOLD, GateFinding, judge_gate, say_reason
from artifacts.rules.rating.judgement import judge, read_results
from artifacts.rules.rating.metric import MetricName, Result, scored, unknown
from tests.factories.evidence import (
    LATER,
    NOTHING,
    listed,
    make_code,
    make_evidence,
    make_reviews,
    rich_evidence,
)

FROM_BAD_TO_GOOD = [GateVerdict.FAILED, GateVerdict.UNDECIDED, GateVerdict.PASSED]
LOW = scored(0.2, "It is low.")
UNKNOWN = unknown("Nobody said.")


def all_at(score: float, **others: Result) -> dict[str, Result]:
    results = {metric.name.value: scored(score, "So.") for metric in METRICS}
    return results | others


@pytest.mark.parametrize(
    ("others", "verdict", "summary"),
    [
        ({}, "passed", "fails 0 of 11 known, 0 unknown"),
        ({"license": scored(0.5, "So.")}, "passed", "fails 0 of 11 known, 0 unknown"),
        ({"license": scored(0.4999, "So.")}, "failed", "fails 1 of 11 known, 0 unknown"),
        ({"license": UNKNOWN}, "undecided", "fails 0 of 10 known, 1 unknown"),
        ({"license": LOW, "bus_factor": UNKNOWN}, "failed", "fails 1 of 10 known, 1 unknown"),
        (
            {"license": unknown("The Hub sleeps.", try_later=True)},
            "undecided", "fails 0 of 10 known, 1 unknown",
        ),
        (
            {"tree_score": unknown("No parent.", is_applicable=False)},
            "passed", "fails 0 of 10 known, 0 unknown",
        ),
        (
            {"reviewedness": unknown("No code.", is_applicable=False, is_optional=True)},
            "undecided", "fails 0 of 10 known, 1 unknown",
        ),
        (
            {"reviewedness": scored(0.0, "No review.", is_optional=True)},
            "undecided", "fails 0 of 10 known, 1 unknown",
        ),
    ],
    ids=[
        "all", "just so", "just not", "one unknown", "both", "silent", "no parent", "no code",
        "code without reviews",
    ],
)  # fmt: skip
def test_gate_when_judged_then_a_verdict_and_its_numbers(others, verdict, summary):
    finding = judge_gate(all_at(0.9, **others))
    assert (finding.verdict, finding.summary) == (verdict, summary)
    assert bool(finding.reasons) is (verdict != "passed")


def test_gate_when_some_are_low_or_unknown_then_each_is_named_the_low_first():
    finding = judge_gate(
        all_at(
            0.9,
            license=scored(0.49, "It is a vendor's."),
            bus_factor=unknown("Nobody is known."),
            code_quality=scored(0.1, "It is bare.", is_optional=True),
        )
    )
    assert (finding.failing, finding.open) == (("license",), ("bus_factor", "code_quality"))
    assert finding.reasons == (
        "License is 0.49, under 0.5: It is a vendor's.",
        "Bus factor is unknown: Nobody is known.",
        (
            "Code quality is 0.10, under 0.5, which counts as unknown, since nobody has to have a "
            "code repository: It is bare."
        ),
    )


def test_gate_when_a_model_fits_one_device_then_its_size_passes():
    parts = {"raspberry_pi": 0.0, "aws_server": 0.9}
    large = scored(0.45, "Large.", parts=parts)
    assert judge_gate(all_at(0.9, size_score=large)).verdict == GateVerdict.PASSED


@pytest.mark.parametrize(
    ("thresholds", "verdict"),
    [
        ({"license": 0.2}, "passed"),
        ({"license": 0.21}, "failed"),
        ({"license": 0.2, "ramp_up_time": 0.95}, "failed"),
        ({"ramp_up_time": 0.3}, "failed"),
    ],
)
def test_gate_when_thresholds_are_set_then_those_count_and_are_kept(thresholds, verdict):
    finding = judge_gate(all_at(0.9, license=LOW), thresholds)
    assert finding.verdict == verdict
    assert set(finding.thresholds) == set(MetricName)
    assert finding.thresholds == dict.fromkeys(MetricName, THRESHOLD) | thresholds


@pytest.mark.parametrize("result", [LOW, UNKNOWN, scored(0.0, "Nothing.")])
def test_gate_when_a_threshold_is_zero_then_that_metric_is_not_judged(result):
    finding = judge_gate(all_at(0.9, license=result), {"license": 0.0})
    assert (finding.verdict, finding.reached) == (GateVerdict.PASSED, 10)


def test_results_when_kept_as_data_then_the_same_finding():
    judgement = judge(rich_evidence(), {}, {"license": 0.3})
    kept = read_results(judgement.results_data())
    assert judge_gate(kept, judgement.gate.thresholds) == judgement.gate


def test_results_when_of_older_rules_then_nothing_in_them_is_optional():
    data = judge(rich_evidence(), {}).results_data()
    for each in data.values():
        del each["is_optional"]
    assert not any(each.is_optional for each in read_results(data).values())


# ------------------------------------------------------------------ a link to one's own code

THRESHOLDS = st.dictionaries(st.sampled_from(list(MetricName)), st.floats(0, 1))
PEOPLE = st.lists(st.integers(1, 50), max_size=5).map(tuple)
HISTORIES: Any = st.one_of(
    st.just(NOTHING),
    st.just(LATER),
    PEOPLE.map(lambda commits: CommitFacts({str(n): each for n, each in enumerate(commits)})),
)
PATHS = st.lists(
    st.sampled_from(["README.md", "tea.py", "tests/test_tea.py", "setup.py", "LICENSE"]),
    unique=True,
)
REPOSITORIES: Any = st.builds(
    make_code,
    contributors=st.one_of(st.just(NOTHING), st.just(LATER), PEOPLE),
    files=st.one_of(st.just(NOTHING), PATHS.map(lambda paths: listed(dict.fromkeys(paths, 10)))),
    stars=st.integers(0, 20_000),
    reviews=st.one_of(
        st.just(NOTHING),
        st.just(LATER),
        st.integers(0, 10).map(lambda share: make_reviews(10, share, 100, 10 * share)),
    ),
)


def find(code: CodeFacts | Missing, commits: Any, thresholds: Any, *, is_rich: bool) -> GateFinding:
    """What the gate finds in a model with this code and this history of its own."""
    base = rich_evidence() if is_rich else make_evidence()
    return judge(replace(base, code=code, commits=commits), {}, thresholds).gate


# What is looked at where a model links no code of its own: none, or somebody else's.
INSTEAD: Any = st.one_of(
    st.just(NOTHING),
    st.tuples(REPOSITORIES, st.sampled_from(["base_model", "library"])).map(
        lambda pair: replace(pair[0], repository="other/code", found_by=pair[1])
    ),
)


@pytest.mark.slow
@given(REPOSITORIES, INSTEAD, HISTORIES, THRESHOLDS, st.booleans())
def test_verdict_when_its_own_code_is_linked_then_never_worse(
    code, instead, commits, thresholds, is_rich
):
    without = find(instead, commits, thresholds, is_rich=is_rich).verdict
    linked = find(code, commits, thresholds, is_rich=is_rich).verdict
    assert FROM_BAD_TO_GOOD.index(linked) >= FROM_BAD_TO_GOOD.index(without)


def test_verdict_when_a_company_does_not_ask_for_code_quality_then_a_link_does_no_harm():
    """Without a repository nothing is known of reviews, which is no better than few of them."""
    commits, thresholds = CommitFacts({"ada": 5, "bob": 4, "cy": 3}), {"code_quality": 0.0}
    linked = make_code(contributors=(9,), reviews=make_reviews(10, 0, 100, 0))
    without = find(NOTHING, commits, thresholds, is_rich=True)
    assert without.verdict == GateVerdict.UNDECIDED
    assert find(linked, commits, thresholds, is_rich=True).verdict == GateVerdict.UNDECIDED


@pytest.mark.slow
@given(REPOSITORIES, HISTORIES, THRESHOLDS)
def test_verdict_when_passed_then_every_score_reaches_its_threshold(code, commits, thresholds):
    judgement = judge(replace(rich_evidence(), code=code, commits=commits), {}, thresholds)
    if judgement.gate.verdict == GateVerdict.PASSED:
        for name, result in judgement.results.items():
            score = max(result.parts.values()) if result.parts else result.score
            limit = judgement.gate.thresholds[name]
            assert not limit or not result.is_applicable or (score is not None and score >= limit)


def test_verdict_when_its_code_is_kept_well_then_the_link_lets_it_pass():
    code, commits = rich_evidence().code, CommitFacts({"ada": 5, "bob": 4, "cy": 3})
    assert find(NOTHING, commits, {}, is_rich=True).verdict == GateVerdict.UNDECIDED
    assert find(code, commits, {}, is_rich=True).verdict == GateVerdict.PASSED


@pytest.mark.parametrize("code", [NOTHING, make_code(contributors=(9,))], ids=["none", "one's own"])
def test_bus_factor_when_its_own_history_shows_one_person_then_fails_with_code_or_without(code):
    """A repository of the same person must not soften what the model's own history says."""
    finding = find(code, CommitFacts({"ada": 9}), {}, is_rich=True)
    assert "bus_factor" in finding.failing


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("ramp_up_time is 0.20, under 0.5: It has no card.",
         "Ramp-up time is 0.20, under 0.5: It has no card."),
        ("license is unknown: None is stated.", "License is unknown: None is stated."),
        ("Ramp-up time is unknown: x_y.", "Ramp-up time is unknown: x_y."),
        ("", ""),
    ],
)  # fmt: skip
def test_reason_when_an_older_rating_kept_an_internal_name_then_said_as_today(kept, said):
    assert say_reason(kept) == said
