"""The database is restored, in whatever way: no artifact is lost, and no number is given twice."""

import pytest

from artifacts.enums import Apart, ArtifactType
from artifacts.exceptions import (
    ArtifactExists,
    NotJoined,
    ObjectMissing,
    RecordBroken,
)
from artifacts.models import Artifact, AuditEntry, Blob, File, Generation, Revision
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.content.mirror import mirror_revision
from artifacts.services.records import identity
from artifacts.services.records.generation import turn_generation
from artifacts.services.records.identity import next_id
from artifacts.services.upkeep.rebuild import discard_record, rebuild_index
from artifacts.storage.keys import (
    NUMBERS_PREFIX,
    record_key,
    revision_key,
)
from artifacts.storage.store import get_store
from tests.backups import DatabaseBackup, empty_database, forget_numbers
from tests.unit.services.upkeep.restores.story import (
    BOTH,
    clean_up,
    rebuild,
)

pytestmark = pytest.mark.slow

TRAIL = ["CREATE", "RATE", "UPDATE", "RATE"]


@BOTH
def test_database_when_restored_then_nothing_is_registered_until_it_is_joined(registry):
    registry.register("a", "b")
    turn_generation()
    backup = DatabaseBackup()
    lost = registry.register("c", "d")
    backup.restore()
    numbers = [found.key for found in get_store().list(NUMBERS_PREFIX)]
    for name in ("e", "f", "g"):
        with pytest.raises(NotJoined, match="rebuild_index"):
            registry.register(name)
    with pytest.raises(NotJoined):
        clean_up()
    assert [found.key for found in get_store().list(NUMBERS_PREFIX)] == numbers
    assert Generation.objects.get().apart == Apart.DATABASE_BEHIND
    assert rebuild().restored == lost
    with pytest.raises(ArtifactExists):
        registry.register("c")
    registry.register("e", "f", "g")
    clean_up()
    registry.check()


def test_database_when_restored_and_used_by_a_release_before_then_nothing_is_removed(registry):
    """The fault that was met: numbers had passed the bucket's highest."""
    registry.register("a")
    backup = DatabaseBackup()
    lost = registry.register("b", "c")
    backup.restore()
    forget_numbers()
    registry.register("d", "e", "f")
    clean_up()
    assert Generation.objects.get().unjoined == 2
    assert rebuild().restored == lost
    clean_up()
    registry.check(numbers_given_once=False)


@BOTH
def test_source_when_registered_again_in_the_middle_then_both_stay_and_it_is_said(registry):
    registry.register("a")
    backup = DatabaseBackup()
    old, other = registry.register("b", "c")
    backup.restore()
    forget_numbers()
    (new,) = registry.register("b", "d")[:1]
    for _ in range(2):
        result = rebuild_index()
        (found,) = result.registered_again
        assert (found.artifact_id, found.holder) == (old, new)
        assert result.broken == {}
        clean_up()
        assert get_store().stat(record_key(old))
    assert f"registered again as {new}" in found.message
    assert f"--discard {old}" in found.message
    assert Generation.objects.get().unjoined == 1
    del registry.promised[old]
    registry.check(numbers_given_once=False)
    discard_record(old)
    assert rebuild().registered_again == []
    clean_up()
    with pytest.raises(ObjectMissing):
        get_store().stat(record_key(old))
    registry.check(numbers_given_once=False)
    assert other in registry.promised


def test_source_when_the_second_one_is_deleted_then_the_first_comes_back(registry):
    backup = DatabaseBackup()
    (old,) = registry.register("a")
    backup.restore()
    forget_numbers()
    (new,) = registry.register("a")
    registry.delete(new)
    assert rebuild().restored == [old]
    registry.check(numbers_given_once=False)


@pytest.mark.parametrize("artifact_id", ["nonsense", "model-9-9", ""])
def test_discard_when_there_is_nothing_to_give_up_then_refused(registry, artifact_id):
    (made,) = registry.register("a")
    with pytest.raises(RecordBroken):
        discard_record(artifact_id or made)


def test_database_when_empty_then_everything_comes_back(registry):
    ids = registry.register("a", "b", "c")
    turn_generation()
    empty_database()
    with pytest.raises(NotJoined):
        clean_up()
    with pytest.raises(NotJoined):
        next_id(ArtifactType.MODEL)
    assert rebuild().restored == ids
    clean_up()
    registry.check()
    assert next_id(ArtifactType.MODEL)[0].startswith("model-4-")


def test_database_when_from_before_a_replacement_then_shows_the_later_revision(registry):
    (made,) = registry.register("a")
    backup = DatabaseBackup()
    registry.replace(made, "Two.")
    backup.restore()
    result = rebuild()
    assert (result.advanced, result.restored) == ([made], [])
    artifact = Artifact.objects.get()
    assert (artifact.current_revision.number, artifact.document.readme) == (2, "Two.")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == TRAIL
    registry.check()


def test_blobs_when_only_a_lost_revision_has_them_then_stay(registry):
    """Even where the rows say that they had their use: an artifact before had the same bytes."""
    (made,) = registry.register("a")
    backup = DatabaseBackup()
    registry.replace(made, "Two.")
    backup.restore()
    for found in get_store().list("blobs/"):
        Blob.objects.get_or_create(sha256=found.key[-64:], defaults={"size_bytes": 1})
    clean_up()
    assert Generation.objects.get().unjoined == 1
    assert rebuild().advanced == [made]
    clean_up()
    registry.check()


def test_database_when_replaced_in_the_middle_then_both_revisions_are_kept(registry):
    (made,) = registry.register("a")
    backup = DatabaseBackup()
    registry.replace(made, "Lost.")
    backup.restore()
    registry.offer("a", "New.")
    with pytest.raises(NotJoined, match="another revision 2"):
        replace_and_mirror(registry, made, "New.")
    record = get_store().read(revision_key(made, 2))
    assert b"Lost." in record
    rebuild_index()
    mirror_revision(revision_id=Artifact.objects.get().current_revision_id)
    assert list(Revision.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert Artifact.objects.get().current_revision.number == 3
    assert get_store().read(revision_key(made, 2)) == record
    assert b"New." in get_store().read(revision_key(made, 3))
    clean_up()
    registry.check()


def replace_and_mirror(registry, artifact_id, text):
    url = registry.offer("a", text)
    with registry.callbacks():
        replace_artifact(
            artifact_type=ArtifactType.MODEL,
            artifact_id=artifact_id,
            name="a",
            url=url,
            user=registry.user,
        )
    mirror_revision(revision_id=Artifact.objects.get().current_revision_id)


def test_database_when_from_before_the_bytes_were_kept_then_knows_them_again(registry):
    url = registry.offer("a")
    with registry.callbacks():
        made = register_artifact(
            artifact_type=ArtifactType.MODEL, url=url, name="a", user=registry.user
        )
    backup = DatabaseBackup()
    registry.promised[made.artifact.id] = "a"
    registry.mirror()
    backup.restore()
    clean_up()
    rebuild_index()
    assert not File.objects.filter(blob=None).exists()
    clean_up()
    registry.check()


def test_database_when_from_before_a_deletion_then_it_is_deleted_again_and_said(registry):
    gone, _ = registry.register("a", "b")
    turn_generation()
    backup = DatabaseBackup()
    registry.delete(gone)
    backup.restore()
    assert rebuild().deleted_again == [gone]
    assert AuditEntry.objects.filter(artifact_id=gone, action="DELETE").count() == 1
    clean_up()
    registry.check()


def test_numbers_when_two_ask_an_old_database_at_once_then_none_is_given_twice(
    registry, monkeypatch
):
    backup = DatabaseBackup()
    registry.register("a", "b", "c")
    backup.restore()
    # As if both had looked before either found out.
    monkeypatch.setattr(identity, "require_joined", lambda: None)
    for _ in range(3):
        with pytest.raises(NotJoined, match="was given before"):
            next_id(ArtifactType.MODEL)
    artifact_id, _ = next_id(ArtifactType.MODEL)
    assert artifact_id.startswith("model-4-")
