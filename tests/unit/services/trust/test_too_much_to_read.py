"""A model that is too much to read is registered, and its rating says what was not read."""

import pytest

from artifacts.enums import ArtifactType, GateVerdict
from artifacts.models import Artifact, Rating, Task
from artifacts.rules.budget import in_task
from artifacts.rules.reading import Reading, ReadState, keep_readings
from artifacts.rules.readme import parse_readme
from artifacts.services.catalogue.registration import complete_registration, register_artifact
from artifacts.services.trust.rating import complete_rating, refresh_rating
from tests.unit.services.conftest import URL, code_facts, make_reference, make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# A fraction of a second: enough to see that it takes longer than nothing.
HEAVY = "# robot\n\n" + "![" * 20_000
TOO_MUCH = "too much to read"
# Metrics that look into the README, whatever the rest says.
OF_README = ("ramp_up_time", "reproducibility", "performance_claims")


@pytest.fixture
def register(source, uploader):
    def register(**changes) -> Artifact:
        parse_readme.cache_clear()
        source.snapshot = make_snapshot(make_reference(), **changes)
        made = register_artifact(
            artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader
        )
        return made.artifact

    return register


@pytest.fixture
def budgets(set_limits):
    """Sets the seconds that a request and a task may spend."""

    def set_budgets(request_s: float, task_s: float) -> None:
        set_limits(
            JUDGED_AT_ONCE_CPU_S=request_s, JUDGED_IN_TASK_CPU_S=task_s, JUDGED_CHECK_INTERVAL_S=0.0
        )

    return set_budgets


def rating_of(artifact: Artifact) -> Rating:
    return Artifact.objects.get(pk=artifact.pk).current_revision.current_rating


def test_readme_when_too_much_for_a_request_then_registered_and_a_task_goes_on(
    register, budgets, outside
):
    outside.code = code_facts()
    budgets(0.05, 60)
    artifact = register(readme=HEAVY)
    rating = rating_of(artifact)
    assert rating.is_incomplete
    assert all(TOO_MUCH in rating.results[name]["reason"] for name in OF_README)
    assert rating.results["license"]["score"] == 1.0
    assert Task.objects.filter(name="rate_model", artifact_id=artifact.id).exists()
    with in_task():
        complete_rating(artifact_id=artifact.id)
    rating = rating_of(artifact)
    assert not rating.is_incomplete
    assert not any(TOO_MUCH in each["reason"] for each in rating.results.values())


def test_readme_when_too_much_for_a_task_then_that_is_final_and_stands_in_the_rating(
    register, budgets
):
    budgets(0.01, 0.01)
    artifact = register(readme=HEAVY)
    with in_task():
        complete_rating(artifact_id=artifact.id)
    rating = rating_of(artifact)
    assert not rating.is_incomplete
    assert [rating.results[name]["score"] for name in OF_README] == [None, None, None]
    assert all(TOO_MUCH in rating.results[name]["reason"] for name in OF_README)
    assert TOO_MUCH in rating.evidence["datasets"]["reason"]
    assert TOO_MUCH in rating.evidence["code"]["reason"]


def test_readme_when_rated_again_in_a_request_then_the_rating_of_the_task_stays(
    register, budgets, outside, uploader
):
    outside.code = code_facts()
    budgets(0.05, 60)
    artifact = register(readme=HEAVY)
    with in_task():
        complete_rating(artifact_id=artifact.id)
    complete = rating_of(artifact)
    parse_readme.cache_clear()
    assert refresh_rating(artifact_id=artifact.id, user=uploader).is_incomplete
    assert rating_of(artifact) == complete


def test_readme_when_the_gate_needs_it_then_a_task_decides(register, budgets, settings, outside):
    outside.code = code_facts()
    settings.REGISTRY_GATE = "enforce"
    budgets(0.05, 60)
    artifact = register(readme=HEAVY)
    assert artifact.current_revision is None
    settings.REGISTRY_GATE = "report"
    with in_task():
        complete_registration(artifact_id=artifact.id, url=URL)
    assert rating_of(artifact).gate == GateVerdict.FAILED


@pytest.mark.parametrize("name", ["card", "config"])
def test_card_or_config_when_too_much_then_what_looks_into_it_says_so(register, outside, name):
    outside.code = code_facts()
    reason = f"The {name} is too much to read: it has over 50,000 entries."
    reading = Reading(ReadState.UNREADABLE, "", reason)
    rating = rating_of(register(facts=keep_readings({name: reading}), license=""))
    told = [each for each, found in rating.results.items() if reason in found["reason"]]
    # A configuration may name code that runs at loading; else it is for library and parents.
    assert told == ["reproducibility"] if name == "config" else "license" in told
    assert not rating.is_incomplete
    assert rating.evidence["model"]["readings"][name] == reading.as_data()
