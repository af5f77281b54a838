import pytest

from artifacts.enums import GateVerdict
from artifacts.limits import EVIDENCE_SHOWN_MAX_CHARS, RATINGS_SHOWN_MAX
from artifacts.models import Artifact
from artifacts.rules.rating.judgement import RULES_VERSION
from artifacts.selectors.trust.verdict import Badge, choose_badge, get_scores, get_verdict
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import LATER, make_evidence, make_model, rich_evidence
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("gate", "is_incomplete", "badge"),
    [
        (GateVerdict.PASSED, False, Badge.PASSED),
        (GateVerdict.FAILED, False, Badge.FAILED),
        (GateVerdict.FAILED, True, Badge.UNDECIDED),
        (GateVerdict.UNDECIDED, False, Badge.UNDECIDED),
        (GateVerdict.UNDECIDED, True, Badge.UNDECIDED),
        (GateVerdict.EXEMPT, False, Badge.EXEMPT),
        (GateVerdict.EXEMPT, True, Badge.EXEMPT),
    ],
)
def test_badge_when_a_model_is_rated_then_by_gate_and_evidence(gate, is_incomplete, badge):
    artifact = make_artifact()
    make_rating(artifact, gate=gate, is_incomplete=is_incomplete)
    assert choose_badge(artifact) == badge


def test_badge_when_rules_that_know_undecided_say_failed_then_failed():
    artifact = make_artifact()
    make_rating(artifact, gate=GateVerdict.FAILED, is_incomplete=True, rules_version=RULES_VERSION)
    assert choose_badge(artifact) == Badge.FAILED


@pytest.mark.parametrize(
    ("kind", "visible", "badge"),
    [
        ("model", True, Badge.WAITING),
        ("model", False, Badge.WAITING),
        ("dataset", False, Badge.WAITING),
        ("dataset", True, Badge.UNRATED),
        ("code", True, Badge.UNRATED),
    ],
)
def test_badge_when_there_is_no_rating_then_says_whether_one_comes(kind, visible, badge):
    artifact = make_artifact(kind=kind, visible=visible)
    assert (choose_badge(artifact), get_verdict(artifact).badge) == (badge, badge)
    assert get_verdict(artifact).net_score is None


def test_verdict_when_metrics_fail_then_names_them_and_how_many_were_judged():
    artifact = make_artifact()
    rating = make_rating(artifact)
    verdict = get_verdict(artifact)
    named = (*verdict.failures, *verdict.open)
    assert len(named) == len(rating.gate_reasons)
    # Of what does not apply, reviews are asked for nevertheless, ancestors are not.
    assert verdict.judged == len(rating.results) - 1
    assert {each.title for each in named} == {
        reason.partition(" is ")[0] for reason in rating.gate_reasons
    }
    assert all(each.score is not None for each in verdict.failures)
    fails, unknown = len(verdict.failures), len(verdict.open)
    known = verdict.judged - unknown
    assert verdict.summary == f"fails {fails} of {known} known, {unknown} unknown"
    assert fails
    assert unknown


@pytest.mark.parametrize(
    ("thresholds", "common"), [({}, 0.5), ({"license": 0.4}, None), ({"license": 0.5}, 0.5)]
)
def test_verdict_when_thresholds_were_set_then_those_of_the_rating_count(thresholds, common):
    artifact = make_artifact()
    make_rating(artifact, rich_evidence(), gate_thresholds=thresholds)
    found = get_scores(artifact)
    asked = {line.name: line.threshold for line in found.lines}
    assert asked == dict.fromkeys(asked, 0.5) | thresholds
    assert (found.threshold, get_verdict(artifact).threshold) == (common, common)


def test_verdict_when_nothing_fails_then_no_failure():
    artifact = make_artifact()
    make_rating(artifact, rich_evidence())
    assert get_verdict(artifact).failures == ()


def test_scores_when_shown_then_the_failing_first_and_what_does_not_apply_last():
    artifact = make_artifact()
    make_rating(artifact, make_evidence(make_model(license="mit"), code=LATER))
    lines = get_scores(artifact).lines
    groups = [
        0 if line.fails else 1 if line.is_open else 2 if line.is_applicable else 3 for line in lines
    ]
    assert groups == sorted(groups)
    assert set(groups) == {0, 1, 2, 3}
    failing = [line.score for line in lines if line.fails]
    assert None not in failing
    assert failing == sorted(failing)
    assert all(line.score is None for line in lines if line.is_open)


def test_scores_when_it_is_no_model_then_no_question(django_assert_num_queries):
    artifact = make_artifact(kind="code")
    with django_assert_num_queries(0):
        assert get_scores(artifact).lines == ()


def test_history_when_it_was_rated_often_then_cut_newest_first():
    artifact = make_artifact()
    for number in range(RATINGS_SHOWN_MAX + 1):
        make_rating(artifact, net_score=number / 100)
    history = get_scores(Artifact.objects.get()).history
    assert (len(history.rows), history.count) == (RATINGS_SHOWN_MAX, RATINGS_SHOWN_MAX + 1)
    assert history.rows[0].net_score == RATINGS_SHOWN_MAX / 100


@pytest.mark.parametrize("more", [0, 5])
def test_evidence_when_it_is_long_then_the_rest_is_counted(more):
    artifact = make_artifact()
    rating = make_rating(artifact, evidence=make_evidence())
    rating.evidence = {"text": ""}
    around = len(get_scores(artifact).evidence)
    rating.evidence = {"text": "x" * (EVIDENCE_SHOWN_MAX_CHARS - around + more)}
    found = get_scores(artifact)
    assert (len(found.evidence), found.evidence_left_out_chars) == (EVIDENCE_SHOWN_MAX_CHARS, more)
