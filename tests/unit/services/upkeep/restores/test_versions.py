"""What was deleted from the bucket comes back from its versions, a reset included."""

import uuid
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from artifacts.enums import ArtifactType
from artifacts.exceptions import (
    NotJoined,
    StorageUnversioned,
)
from artifacts.models import Artifact, User
from artifacts.services.records.deaths import buried
from artifacts.services.records.generation import check_generation, turn_generation
from artifacts.services.records.identity import next_id
from artifacts.services.upkeep.orphans import remove_orphans
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.services.upkeep.versions import restore_versions
from artifacts.storage.keys import (
    record_key,
)
from artifacts.storage.store import get_store
from tests.backups import DatabaseBackup, empty_database
from tests.unit.services.upkeep.restores.story import (
    Registry,
    clean_up,
    now_apart,
    rebuild,
    reset,
)

pytestmark = pytest.mark.slow


def test_registry_when_reset_and_restored_to_before_then_says_that_it_cannot_tell(
    registry, administrator
):
    registry.register("a")
    backup = DatabaseBackup()
    reset(administrator)
    backup.restore()
    with pytest.raises(NotJoined, match="restore_versions"):
        rebuild_index()
    assert Artifact.objects.exists()


def test_blobs_when_a_reset_was_lately_then_stay_for_its_undoing(registry, administrator):
    registry.register("a")
    reset(administrator)
    remove_orphans(grace_hours=1)
    blobs = list(get_store().list("blobs/"))
    assert len(blobs) == 2
    clean_up()
    assert not list(get_store().list("blobs/"))


@pytest.mark.s3
def test_registry_when_reset_by_mistake_then_comes_back_from_versions(
    versioned, source, uploader, administrator, django_capture_on_commit_callbacks
):
    registry = Registry(source, uploader, django_capture_on_commit_callbacks)
    gone, *_ = registry.register("a", "b", "c")
    registry.delete(gone)
    turn_generation()
    before = now_apart()
    reset(administrator)
    registry.user = User.objects.get()
    clean_up()
    later = dict(registry.promised)
    registry.promised = {}
    (since,) = registry.register("d")
    dry = restore_versions(before=before, is_dry_run=True)
    result = restore_versions(before=before)
    assert vars(dry) == vars(result)
    assert result.reset_undone
    assert result.objects["records"] == 4
    assert buried() == {gone}
    with pytest.raises(NotJoined):
        check_generation()
    registry.promised |= later
    assert sorted(rebuild().restored) == sorted(later)
    clean_up()
    registry.check()
    assert since in registry.promised


@pytest.mark.s3
def test_bucket_when_emptied_and_database_lost_then_both_come_back_from_versions(
    versioned, source, uploader, django_capture_on_commit_callbacks
):
    registry = Registry(source, uploader, django_capture_on_commit_callbacks)
    ids = registry.register("a", "b")
    turn_generation()
    before = now_apart()
    store = get_store()
    store.replace(record_key(ids[0]), b"spoilt", "application/json")
    store.delete([found.key for found in store.list("") if found.key != record_key(ids[0])])
    empty_database()
    result = restore_versions(before=before, with_overwritten=True)
    assert (result.renewed, result.objects["blobs"]) == (1, 4)
    assert rebuild().restored == ids
    clean_up()
    registry.check()
    assert next_id(ArtifactType.MODEL)[0].startswith("model-3-")


@pytest.mark.s3
def test_deletion_when_both_are_taken_back_then_it_is_undone(
    versioned, source, uploader, django_capture_on_commit_callbacks
):
    registry = Registry(source, uploader, django_capture_on_commit_callbacks)
    registry.register("a")
    backup, promised, before = DatabaseBackup(), dict(registry.promised), now_apart()
    registry.delete(*promised)
    backup.restore()
    result = restore_versions(before=before)
    assert (result.undone, result.objects["records"]) == (1, 2)
    registry.promised = promised
    assert rebuild().deleted_again == []
    clean_up()
    registry.check()


def test_versions_when_the_bucket_is_a_folder_then_says_that_it_has_none(db):
    with pytest.raises(StorageUnversioned, match="folder"):
        restore_versions(before=datetime.now(UTC))


@pytest.mark.s3
@pytest.mark.usefixtures("db")
def test_versions_when_the_bucket_keeps_none_then_says_so(server, settings, versioned):
    name = f"bucket-{uuid.uuid4().hex}"
    server.client().create_bucket(Bucket=name)
    options = settings.STORAGES["default"]["OPTIONS"] | {"bucket_name": name}
    plain = {"default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
    with (
        override_settings(STORAGES=plain),
        pytest.raises(StorageUnversioned, match="keeps no versions"),
    ):
        restore_versions(before=datetime.now(UTC))
