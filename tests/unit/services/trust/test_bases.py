"""A model's license and those of the models that it was made from."""

import pytest

from artifacts.enums import ArtifactType
from artifacts.services.catalogue.deletion import delete_artifact
from tests.unit.services.trust.conftest import current

pytestmark = pytest.mark.django_db


def test_license_when_bases_arrive_and_leave_then_the_strictest_binds_all_the_way_down(
    register, uploader, django_capture_on_commit_callbacks, settings
):
    settings.REGISTRY_TASKS = "immediate"
    child = register("https://huggingface.co/acme/child", card={"base_model": "acme/mother"})
    own = current(child)
    assert own.results["license"]["score"] == 1.0
    with django_capture_on_commit_callbacks(execute=True):
        register("https://huggingface.co/acme/mother", card={"base_model": "acme/grand"})
    assert current(child).results["license"]["score"] == 1.0
    with django_capture_on_commit_callbacks(execute=True):
        grand = register("https://huggingface.co/acme/grand", license="cc-by-nc-4.0")
    bound = current(child)
    assert bound.results["license"]["score"] == bound.summary["license"] == 0.2
    assert "acme/grand under CC-BY-NC-4.0" in bound.results["license"]["reason"]
    assert bound.net_score == bound.summary["net_score"] < own.net_score
    assert any("License is 0.20" in each for each in bound.gate_reasons)
    with django_capture_on_commit_callbacks(execute=True):
        delete_artifact(artifact_type=ArtifactType.MODEL, artifact_id=grand.id, user=uploader)
    assert current(child).results["license"]["score"] == 1.0
    assert current(child).net_score == own.net_score


def test_license_when_models_are_made_from_each_other_then_it_ends(
    register, django_capture_on_commit_callbacks, settings
):
    settings.REGISTRY_TASKS = "immediate"
    with django_capture_on_commit_callbacks(execute=True):
        one = register("https://huggingface.co/acme/one", card={"base_model": "acme/two"})
        two = register(
            "https://huggingface.co/acme/two", card={"base_model": "acme/one"}, license="gpl-3.0"
        )
    assert [current(each).results["license"]["score"] for each in (one, two)] == [0.6, 0.6]
