"""The gate at registration: what it refuses, what it waits for, and by which thresholds."""

from functools import partial

import pytest

from artifacts.enums import GateVerdict
from artifacts.exceptions import GateFailed, SourceAbsent, SourceUnavailable
from artifacts.models import Artifact, Rating
from artifacts.rules.rating.evidence import CommitFacts
from artifacts.services.catalogue.registration import complete_registration, register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.records.trust_records import restore_rating, trust_record
from artifacts.services.trust.following import follow_parent
from artifacts.services.trust.rating import refresh_rating
from tests.factories.evidence import rich_evidence
from tests.unit.services.conftest import URL, make_reference, make_snapshot
from tests.unit.services.trust.conftest import CARD, current, richest

pytestmark = pytest.mark.django_db
OTHER = f"{URL}-2"


@pytest.mark.parametrize("again", [False, True], ids=["register", "replace"])
def test_gate_when_enforced_and_failed_then_nothing_is_written(
    register, source, settings, uploader, again
):
    artifact = register() if again else None
    settings.REGISTRY_GATE = "enforce"
    count = Artifact.objects.count()
    source.snapshot = make_snapshot(make_reference(OTHER if again else URL))
    named = {"artifact_type": "model", "name": "robot", "user": uploader}
    act = (
        partial(replace_artifact, artifact_id=artifact.id, url=OTHER, **named)
        if artifact
        else partial(register_artifact, url=URL, **named)
    )
    with pytest.raises(GateFailed, match="Data set quality") as caught:
        act()
    assert caught.value.failures
    assert Artifact.objects.count() == count
    assert Rating.objects.count() == count


def test_gate_when_enforced_and_evidence_may_come_then_deferred(register, settings, source):
    settings.REGISTRY_GATE = "enforce"
    artifact = register(readme=CARD)
    assert artifact.current_revision is None
    with pytest.raises(SourceUnavailable, match="gate cannot judge"):
        complete_registration(artifact_id=artifact.id, url=URL)


def nearly_best(outside) -> dict:
    """What is registered of a model that passes once its code is known."""
    best = rich_evidence()
    outside.dataset = richest()
    outside.commits = CommitFacts({"ada": 5, "bob": 4, "cy": 4})
    outside.code = SourceAbsent("GitHub says that there is no such repository.")
    return {
        "readme": best.model.readme + "```python\nimport a\na.load('acme/robot')\n```",
        "card": {**best.model.card, "datasets": ["acme/kitchens"]},
        "facts": {"pipeline_tag": "fill-mask", "tags": ["arxiv:2101.00001"]},
    }


@pytest.mark.parametrize("choice", ["refuse", "accept"])
def test_gate_when_enforced_and_undecided_then_the_setting_says(
    register, settings, outside, choice
):
    settings.REGISTRY_GATE, settings.REGISTRY_GATE_UNKNOWN = "enforce", choice
    settings.REGISTRY_GATE_THRESHOLDS = {"dataset_and_code_score": 0.3}
    model = nearly_best(outside)
    if choice == "refuse":
        with pytest.raises(GateFailed, match=r"fails 0 of \d known, [1-9] unknown.*Code quality"):
            register(**model)
        assert not Artifact.objects.exists()
    else:
        rating = current(register(**model))
        assert rating.gate == GateVerdict.UNDECIDED
        assert any("Code quality is unknown" in each for each in rating.gate_reasons)


@pytest.mark.parametrize("choice", ["refuse", "accept"])
def test_gate_when_undecided_ones_are_accepted_then_failed_ones_are_not(register, settings, choice):
    settings.REGISTRY_GATE, settings.REGISTRY_GATE_UNKNOWN = "enforce", choice
    with pytest.raises(GateFailed, match=r"fails [1-9]"):
        register()


@pytest.mark.parametrize("choice", ["refuse", "accept"])
def test_gate_when_evidence_may_come_then_nothing_is_accepted_before_it(
    register, settings, outside, choice
):
    settings.REGISTRY_GATE, settings.REGISTRY_GATE_UNKNOWN = "enforce", choice
    model = nearly_best(outside)
    outside.commits = SourceUnavailable("The Hub sleeps.")
    assert register(**model).current_revision is None


def test_gate_when_thresholds_are_set_then_the_rating_keeps_those_it_was_judged_by(
    register, settings, outside, uploader
):
    settings.REGISTRY_GATE_THRESHOLDS = {"license": 0.9, "ramp_up_time": 0.0}
    artifact = register(license="openrail")
    before = current(artifact)
    assert any("License is 0.70, under 0.9" in each for each in before.gate_reasons)
    assert not any(each.startswith("ramp_up_time") for each in before.gate_reasons)
    assert (before.gate_thresholds["license"], before.gate_thresholds["bus_factor"]) == (0.9, 0.5)
    settings.REGISTRY_GATE_THRESHOLDS = {}
    follow_parent(parent_key=before.revision.artifact.source_key)
    assert current(artifact).gate_thresholds == before.gate_thresholds
    assert refresh_rating(artifact_id=artifact.id, user=uploader).gate_thresholds["license"] == 0.5


def test_gate_when_a_low_parent_arrives_then_judged_again_by_the_same_thresholds(
    register, settings, outside, django_capture_on_commit_callbacks
):
    settings.REGISTRY_TASKS = "immediate"
    settings.REGISTRY_GATE_THRESHOLDS = {"dataset_and_code_score": 0.3, "tree_score": 0.8}
    model = nearly_best(outside)
    model["card"] |= {"base_model": "acme/mother"}
    child = register(**model)
    assert current(child).gate == GateVerdict.UNDECIDED
    settings.REGISTRY_GATE_THRESHOLDS = {"tree_score": 0.0}
    with django_capture_on_commit_callbacks(execute=True):
        register("https://huggingface.co/acme/mother", license="")
    assert current(child).gate == GateVerdict.FAILED
    assert any("under 0.8" in each for each in current(child).gate_reasons)


def test_gate_when_passed_then_registered(register, settings, outside):
    best = rich_evidence()
    settings.REGISTRY_GATE = "enforce"
    outside.code, outside.dataset = best.code, richest()
    model = best.model
    artifact = register(
        readme=model.readme + CARD + "```python\nimport a\na.load('acme/robot')\n```",
        card={**model.card, "datasets": ["acme/kitchens"]},
        config={"transformers_version": "4"},
        facts={"pipeline_tag": "fill-mask", "tags": ["arxiv:2101.00001"]},
    )
    assert current(artifact).gate == GateVerdict.PASSED


@pytest.mark.parametrize("is_older", [False, True], ids=["this release", "an older one"])
def test_record_when_a_rating_is_restored_then_with_its_thresholds(register, settings, is_older):
    settings.REGISTRY_GATE_THRESHOLDS = {"license": 0.9}
    before = current(register())
    record = trust_record((), before)
    if is_older:
        del record["rating"]["gate_thresholds"]
    restore_rating(before.revision, record)
    restored = Rating.objects.latest("pk")
    assert restored.pk != before.pk
    assert restored.gate_thresholds == ({} if is_older else before.gate_thresholds)
    assert (restored.gate, restored.gate_reasons) == (before.gate, before.gate_reasons)
