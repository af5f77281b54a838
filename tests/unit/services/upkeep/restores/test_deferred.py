"""The database is restored to a moment when a registration still waited for its source."""

import pytest

from artifacts.enums import ArtifactType
from artifacts.exceptions import DatabaseUnavailable, SourceRefused, SourceUnavailable
from artifacts.models import Artifact
from artifacts.services.catalogue import registration
from artifacts.services.catalogue.registration import (
    complete_registration,
    drop_artifact,
    register_artifact,
)
from artifacts.services.records.generation import turn_generation
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from tests.backups import DatabaseBackup
from tests.unit.services.upkeep.restores.story import clean_up, rebuild


@pytest.fixture
def waiting(registry) -> Artifact:
    url = registry.offer("late")
    registry.source.error = SourceUnavailable("It sleeps.")
    made = register_artifact(
        artifact_type=ArtifactType.MODEL, url=url, name="late", user=registry.user
    )
    assert made.is_deferred
    registry.source.error = None
    return made.artifact


def test_waiting_when_it_had_been_complete_and_its_source_is_gone_then_it_comes_back(
    registry, waiting
):
    turn_generation()
    backup = DatabaseBackup()
    url = registry.offer("late")
    with registry.callbacks(execute=True):
        complete_registration(artifact_id=waiting.id, url=url)
    registry.promised[waiting.id] = "late"
    registry.mirror()
    backup.restore()
    registry.source.error = SourceRefused("There is no such model.")
    with pytest.raises(SourceRefused):
        complete_registration(artifact_id=waiting.id, url=url)
    assert drop_artifact(artifact_id=waiting.id, reason="gone", url=url)
    clean_up()
    registry.source.error = None
    assert rebuild().restored == [waiting.id]
    clean_up()
    registry.check()


@pytest.mark.parametrize("was_there", [False, True])
def test_record_when_the_rows_cannot_be_written_then_it_goes_unless_it_was_there(
    registry, waiting, monkeypatch, was_there
):
    def fail(_draft: object) -> None:
        raise DatabaseUnavailable("Away.")

    key = record_key(waiting.id)
    if was_there:
        get_store().create(key, b"{}", "application/json")
    monkeypatch.setattr(registration, "save_revision", fail)
    with pytest.raises(DatabaseUnavailable):
        complete_registration(artifact_id=waiting.id, url=registry.offer("late"))
    assert [each.key for each in get_store().list(key)] == [key] * was_there
