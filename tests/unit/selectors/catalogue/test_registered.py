import pytest

from artifacts.enums import DecisionState
from artifacts.models import Artifact, Revision
from artifacts.selectors.catalogue.registered import (
    find_by_source,
    find_namesake,
    list_namesakes,
)
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


def found_of(artifact: Artifact) -> tuple[bool, ...]:
    key = artifact.source_key
    found = (
        find_by_source([key]),
        list_namesakes("other", key),
        list_namesakes(artifact.name, "other"),
        find_namesake(artifact.id),
    )
    return tuple(bool(each) for each in found)


def test_registered_when_in_quarantine_then_a_preview_does_not_name_it():
    artifact = make_artifact()
    assert found_of(artifact) == (True, True, True, True)
    Revision.objects.update(decision=DecisionState.QUARANTINED)
    assert found_of(artifact) == (False, False, False, False)


def test_registered_when_its_source_has_not_answered_then_named_as_waiting():
    artifact = make_artifact(visible=False)
    assert found_of(artifact) == (False, True, True, True)
