"""Registering models, and what became of them."""

import pytest

from artifacts.enums import ArtifactType
from artifacts.models import Artifact, Rating
from artifacts.rules.rating.evidence import DatasetFacts
from artifacts.services.catalogue.registration import register_artifact
from tests.factories.evidence import rich_evidence
from tests.unit.services.conftest import URL, make_reference, make_snapshot

CARD = "The code is in [this repository](https://github.com/acme/tea)."


def richest() -> DatasetFacts:
    """The best data set there can be."""
    found = rich_evidence().datasets
    assert isinstance(found, tuple)
    return found[0]


@pytest.fixture
def register(source, uploader):
    def register(url: str = URL, kind: str = "model", **changes) -> Artifact:
        source.snapshot = make_snapshot(make_reference(url), **changes)
        made = register_artifact(
            artifact_type=ArtifactType(kind), url=url, name=None, user=uploader
        )
        return made.artifact

    return register


def current(artifact: Artifact) -> Rating:
    return Artifact.objects.get(pk=artifact.pk).current_revision.current_rating
