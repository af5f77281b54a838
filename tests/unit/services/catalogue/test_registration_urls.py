"""Artifacts whose sources are named by URLs as people copy them."""

from dataclasses import replace

import pytest

from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactExists
from artifacts.models import Artifact, Revision
from artifacts.services.catalogue.registration import register_artifact
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db


def register(uploader, url: str, name: str | None = None) -> Artifact:
    registered = register_artifact(
        artifact_type=ArtifactType.MODEL, url=url, name=name, user=uploader
    )
    return registered.artifact


@pytest.fixture
def branch(source, monkeypatch) -> str:
    """A URL whose last part the source knows to be the end of a branch."""
    url = "https://huggingface.co/acme/robot/tree/feature/x"
    guessed = replace(make_reference(URL), url=url, name="x", ref="feature", folder="x")
    monkeypatch.setattr(source, "parse", lambda url: replace(guessed, url=url))
    settled = guessed.settled(
        repository="acme/robot", ref="feature/x", folder="", default="main", commit="c0ffee"
    )
    source.snapshot = make_snapshot(settled)
    return url


def test_register_when_the_url_ends_in_a_branch_then_named_after_the_repository(branch, uploader):
    assert register(uploader, branch).name == "robot"
    assert Revision.objects.get().ref == "feature/x"


def test_register_when_a_name_is_given_then_that_one(branch, uploader):
    assert register(uploader, branch, "tea maker").name == "tea maker"


def test_register_when_spelled_differently_then_it_is_registered_already(branch, uploader):
    first = register(uploader, branch)
    with pytest.raises(ArtifactExists) as raised:
        register(uploader, branch.replace("feature/x", "feature%2Fx"))
    assert first.id in raised.value.message
