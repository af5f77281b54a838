"""The bucket is restored, or both are; what no row knows stays until a rebuild has judged it."""

import uuid
from typing import Any

import pytest

from artifacts.enums import Apart
from artifacts.exceptions import (
    NotJoined,
)
from artifacts.models import Artifact, Blob, File, Generation, Task
from artifacts.rules.digest import Sha256
from artifacts.services.catalogue.deletion import remove_objects
from artifacts.services.records.generation import check_generation, turn_generation
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.storage.keys import (
    RECORDS_PREFIX,
    blob_key,
    record_key,
    revision_key,
    tombstone_key,
)
from artifacts.storage.store import get_store
from tests.backups import BucketBackup, DatabaseBackup, empty_database
from tests.unit.services.upkeep.restores.story import (
    BOTH,
    HUB,
    clean_up,
    rebuild,
)

pytestmark = pytest.mark.slow


@BOTH
def test_bucket_when_restored_then_it_is_filled_from_the_rows(registry):
    registry.register("a")
    turn_generation()
    backup = BucketBackup()
    lost = registry.register("b", "c")
    backup.restore()
    with pytest.raises(NotJoined, match="no record of"):
        check_generation()
    assert Generation.objects.get().apart == Apart.BUCKET_BEHIND
    result = rebuild_index(is_dry_run=True)
    assert (result.records_written, result.bytes_lost) == (lost, lost)
    result = rebuild_index()
    assert (result.records_written, result.bytes_lost) == (lost, lost)
    assert Task.objects.filter(name="mirror_revision").count() >= 2
    registry.mirror()
    clean_up()
    registry.check()
    empty_database()
    rebuild_index()
    registry.check()


def test_blob_when_lost_and_nobody_has_it_then_nobody_is_alarmed(registry, caplog):
    Blob.objects.create(sha256=Sha256("0" * 64), size_bytes=1)
    assert rebuild().bytes_lost == []
    assert not Blob.objects.exists()
    assert "rebuild.bytes_lost" not in caplog.messages


@BOTH
def test_blobs_when_rows_and_records_are_lost_then_they_stay_until_the_records_are_back(registry):
    registry.register("a", "b")
    store = get_store()
    records = {found.key: store.read(found.key) for found in store.list(RECORDS_PREFIX)}
    store.delete(records)
    empty_database()
    rebuild_index()
    clean_up()
    for key, data in records.items():
        store.create(key, data, "application/json")
    rebuild_index()
    registry.check()


def test_bucket_when_its_revision_is_older_then_it_is_written_again(registry):
    (made,) = registry.register("a")
    turn_generation()
    backup = BucketBackup()
    registry.replace(made, "Two.")
    turn_generation()
    backup.restore()
    with pytest.raises(NotJoined, match="The bucket is of an earlier time"):
        check_generation()
    result = rebuild_index()
    assert (result.records_written, result.bytes_lost) == ([made], [made])
    assert get_store().stat(revision_key(made, 2))


@pytest.mark.parametrize("first", ["bucket", "database"])
def test_both_when_restored_to_different_moments_then_nothing_of_either_is_lost(registry, first):
    registry.register("a")
    turn_generation()
    backups: list[Any] = [BucketBackup(), None]
    if first == "database":
        backups = [None, DatabaseBackup()]
    (between,) = registry.register("b")
    backups = [backups[0] or BucketBackup(), backups[1] or DatabaseBackup()]
    (last,) = registry.register("c")
    for backup in backups:
        backup.restore()
    del registry.promised[last]
    result = rebuild_index()
    assert (result.records_written or result.restored) == [between]
    registry.mirror()
    registry.register("c", "d")
    clean_up()
    registry.check()


def test_bucket_when_from_before_a_deletion_then_it_is_not_brought_back(registry):
    gone, _ = registry.register("a", "b")
    backup = BucketBackup()
    registry.delete(gone)
    backup.restore()
    assert rebuild().passed_over == 2
    clean_up()
    registry.check()
    assert not list(get_store().list(f"{RECORDS_PREFIX}{gone}/"))


def test_both_when_from_before_a_deletion_then_it_is_back(registry):
    registry.register("a", "b")
    backups = DatabaseBackup(), BucketBackup()
    before = dict(registry.promised)
    registry.delete(next(iter(before)))
    for backup in backups:
        backup.restore()
    registry.promised = before
    assert rebuild().deleted_again == []
    clean_up()
    registry.check()


def test_rebuild_when_broken_off_then_the_next_one_goes_on(registry, monkeypatch):
    ids = registry.register("a", "b", "c")
    turn_generation()
    empty_database()
    monkeypatch.setattr("artifacts.services.upkeep.rebuild._MARKED_EVERY", 1)

    class Ended(Exception):
        pass

    def end(result) -> None:
        if len(result.restored) == 2:
            raise Ended

    with pytest.raises(Ended):
        rebuild_index(progress=end)
    with pytest.raises(NotJoined):
        check_generation()
    result = rebuild_index()
    assert (result.joined_before, result.restored) == (2, ids[2:])
    registry.check()
    assert Generation.objects.get().rebuilt_to == ""


def test_rebuild_when_the_bucket_has_moved_on_since_it_broke_off_then_begins_anew(registry):
    ids = registry.register("a", "b")
    turn_generation()
    empty_database()
    Generation.objects.create(rebuilt_to="model-9", rebuilt_of="of another time")
    assert rebuild_index().restored == ids


def test_tombstone_when_left_then_outlives_the_rows(registry):
    (gone,) = registry.register("a")
    registry.delete(gone)
    empty_database()
    remove_objects(artifact_id=gone)
    assert get_store().stat(tombstone_key(gone))
    assert rebuild().restored == []


def test_upload_when_only_a_record_names_it_then_it_stays(registry):
    (made,) = registry.register("a")
    record = get_store().read(record_key(made))
    upload_id = uuid.UUID(int=5)
    get_store().replace(
        record_key(made),
        record.replace(HUB.encode() + b"a", f"upload://{upload_id}".encode()),
        "application/json",
    )
    get_store().create(f"uploads/{upload_id}.zip", b"zip", "application/zip")
    backup_of = Artifact.objects.filter(id=made)
    backup_of.update(current_revision=None)
    backup_of.delete()
    clean_up()
    assert get_store().stat(f"uploads/{upload_id}.zip")


def test_blobs_when_a_record_without_rows_cannot_be_read_then_stay(registry, caplog):
    (made,) = registry.register("a")
    get_store().replace(record_key("model-1-5"), b"{", "application/json")
    digests = list(File.objects.values_list("blob_id", flat=True))
    registry.delete(made)
    clean_up()
    assert all(get_store().stat(blob_key(each)) for each in digests)
    assert "orphans.unread" in caplog.messages
