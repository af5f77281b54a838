"""Whether bucket and database belong together."""

import pytest

from artifacts.enums import Apart, ArtifactType
from artifacts.exceptions import NotJoined, RecordBroken
from artifacts.models import Generation
from artifacts.services.records import generation
from artifacts.services.records.generation import check_generation, turn_generation
from artifacts.services.records.identity import next_id
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.services.upkeep.watching import watch_generation
from artifacts.storage.keys import GENERATION_KEY
from artifacts.storage.store import get_store, is_there
from artifacts.tasks import events
from tests.backups import DatabaseBackup, forget_numbers


def test_generation_when_turned_then_one_from_before_is_known(registry):
    turn_generation()
    backup = DatabaseBackup()
    turn_generation()
    check_generation()
    backup.restore()
    with pytest.raises(NotJoined, match="The database is of an earlier time"):
        check_generation()


def test_generation_when_the_bucket_has_lost_it_then_it_is_known(registry):
    turn_generation()
    get_store().delete([GENERATION_KEY])
    with pytest.raises(NotJoined, match="The bucket is of an earlier time"):
        check_generation()
    rebuild_index()
    check_generation()


@pytest.mark.parametrize("moment", ["before the bucket", "after the bucket"])
def test_generation_when_its_turn_is_broken_off_then_both_are_in_step(
    registry, monkeypatch, moment
):
    turn_generation()
    real = generation._write

    def write(following: str) -> None:
        if moment == "after the bucket":
            real(following)
        raise KeyboardInterrupt

    monkeypatch.setattr(generation, "_write", write)
    with pytest.raises(KeyboardInterrupt):
        turn_generation()
    monkeypatch.setattr(generation, "_write", real)
    check_generation()
    turn_generation()
    check_generation()
    assert generation.generation_of_bucket().startswith("000000000002-")


def test_time_when_a_number_is_just_being_given_then_nobody_is_alarmed(registry, monkeypatch):
    """The number is advanced between two looks of whoever compares."""
    registry.register("a")
    real = is_there

    def look(key: str) -> bool:
        if key.endswith("model/000000000002"):
            next_id(ArtifactType.MODEL)
        return real(key)

    monkeypatch.setattr(generation, "is_there", look)
    check_generation()
    assert not Generation.objects.exclude(apart="").exists()
    assert next_id(ArtifactType.MODEL)[0].startswith("model-3-")


def test_events_when_a_minute_is_over_then_have_looked_and_noted(registry, monkeypatch):
    monkeypatch.setattr(events, "close_old_connections", lambda: None)
    registry.register("a")
    backup = DatabaseBackup()
    registry.register("b")
    backup.restore()
    events.run_due(60.0)
    assert Generation.objects.get().apart == Apart.DATABASE_BEHIND
    events.run_due(60.0)


def test_update_when_a_release_without_generations_left_a_dump_then_it_is_known(registry):
    """The update went wrong, and the dump is older than what the old release registered."""
    registry.register("a")
    backup = DatabaseBackup()
    lost = registry.register("b")
    forget_numbers()
    watch_generation()
    backup.restore()
    watch_generation()
    assert Generation.objects.get().apart == Apart.DATABASE_BEHIND
    with pytest.raises(NotJoined):
        registry.register("c")
    assert rebuild_index().restored == lost
    registry.register("c")
    registry.check()


def test_update_when_the_database_is_an_older_one_already_then_no_generation_begins(registry):
    registry.register("a")
    backup = DatabaseBackup()
    registry.register("b")
    forget_numbers()
    backup.restore()
    watch_generation()
    assert Generation.objects.get().apart == Apart.DATABASE_BEHIND
    assert generation.generation_of_bucket() == ""


BROKEN = [
    b"{", b"{}", b"[]", b'{"generation": null}', b'{"generation": "x-1"}', b'{"generation": ""}',
    b'{"generation": "000000000007-%s"}' % (b"Z" * 32),
    b'{"generation": "%s-%s"}' % (b"9" * 5_000, b"0" * 32),
]  # fmt: skip


@pytest.mark.parametrize("marker", BROKEN)
def test_watch_when_the_bucket_cannot_say_then_says_so_and_goes_on(registry, caplog, marker):
    get_store().replace(GENERATION_KEY, marker, "application/json")
    watch_generation()
    assert "generation.unknown" in caplog.messages
    assert not Generation.objects.exclude(apart="").exists()


@pytest.mark.parametrize("marker", BROKEN)
def test_rebuild_when_the_bucket_cannot_say_then_says_what_to_do_and_that_helps(registry, marker):
    registry.register("a")
    turn_generation()
    get_store().replace(GENERATION_KEY, marker, "application/json")
    with pytest.raises(RecordBroken, match="or delete it and run"):
        rebuild_index()
    get_store().delete([GENERATION_KEY])
    rebuild_index()
    check_generation()
    registry.register("b")
