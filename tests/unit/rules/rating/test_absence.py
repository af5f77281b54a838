"""What was not read is never said to be absent."""

import pytest

from artifacts.rules.rating.absence import tell_absence
from artifacts.rules.rating.judgement import judge
from artifacts.rules.rating.metric import scored
from artifacts.rules.reading import ABSENT, Reading, ReadState
from tests.factories.evidence import CARD, make_evidence, make_model

WHY = "The robot sat on it."
UNKNOWN = [ReadState.UNREADABLE, ReadState.NOT_OPENED, ReadState.NOT_ASKED]
# Each metric that says that something is absent, with where it looks.
LOOKS = {
    "license": ("card", "license_file"),
    "performance_claims": ("readme", "card", "results"),
    "reproducibility": ("readme",),
    "ramp_up_time": ("readme",),
    "dataset_and_code_score": ("readme", "card"),
}
PLACES = [(metric, place) for metric, places in LOOKS.items() for place in places]


def judged(metric: str, **model):
    return judge(make_evidence(make_model(**model)), {}).results[metric]


@pytest.mark.parametrize("state", UNKNOWN)
@pytest.mark.parametrize(("metric", "place"), PLACES)
def test_metric_when_a_place_was_not_read_then_unknown_with_the_reason(metric, place, state):
    result = judged(metric, readings={place: Reading(state, "x", WHY)})
    assert result.score is None
    assert WHY in result.reason
    assert " states no " not in result.reason
    assert " has no " not in result.reason
    # Of the source's files, a later rating asks for those of results only.
    assert result.try_later == (place == "results" and state == ReadState.NOT_ASKED)


@pytest.mark.parametrize("reading", [ABSENT, Reading(ReadState.READ, "x", "Repaired.")])
@pytest.mark.parametrize(("metric", "place"), PLACES)
def test_metric_when_a_place_was_read_or_is_absent_then_absence_is_told(metric, place, reading):
    assert judged(metric, readings={place: reading}) == judged(metric)


@pytest.mark.parametrize("state", UNKNOWN)
def test_metric_when_it_found_something_elsewhere_then_that_counts(state):
    readings = {"card": Reading(state, "README.md", WHY)}
    known = {"license": "mit", "readme": CARD}
    for metric in LOOKS:
        found = judged(metric, readings=readings, **known)
        assert found.score == judged(metric, **known).score
        assert "Absent" not in found.reason


def test_data_and_code_when_only_a_library_is_known_then_unknown():
    readings = {"readme": Reading(ReadState.NOT_OPENED, "README.md", WHY)}
    model = make_model(readings=readings, library="transformers")
    # The library runs any model: it would make a low score of what nobody has read.
    assert judge(make_evidence(model), {}).results["dataset_and_code_score"].score is None


def test_tell_absence_when_several_were_not_read_then_each_reason_once():
    readings = {
        "readme": Reading(ReadState.NOT_OPENED, "", WHY),
        "card": Reading(ReadState.NOT_OPENED, "", WHY),
        "results": Reading(ReadState.UNREADABLE, "", "Noise."),
    }
    model = make_model(readings=readings)
    found = tell_absence(model, ("readme", "card", "results"), scored(0.0, "None.", {"a": 1}))
    assert found.reason == f"This cannot be told: {WHY} Noise."
    assert found.facts == {"a": 1}
