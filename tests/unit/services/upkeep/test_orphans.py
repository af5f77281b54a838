import hashlib
import json
import os
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from artifacts.enums import ArtifactType, ContentState, SourceKind, TaskState
from artifacts.exceptions import ContentPending, NotJoined
from artifacts.models import AccessToken, Artifact, Blob, File, IdSequence, Task, Upload
from artifacts.rules.digest import Sha256
from artifacts.services.content.bundles import build_bundle
from artifacts.services.records.artifact_records import store_record
from artifacts.services.records.deaths import bury
from artifacts.services.upkeep import orphans
from artifacts.services.upkeep.orphans import remove_orphans
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.storage.base import BegunParts, UploadPart
from artifacts.storage.keys import (
    RESET_MARKER_KEY,
    blob_key,
    bundle_key,
    old_upload_key,
    record_key,
    upload_key,
)
from artifacts.storage.links import read_part
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact
from tests.fakes.storage import local_store

DATA = b"bytes"
SHA256 = Sha256(hashlib.sha256(DATA).hexdigest())
ARTIFACT_ID = "model-1-1760000000000001"
DEAD_ID = "model-1-1760000000000000"
DAY_S = 24 * 60 * 60


def put(key, *, age_s=2 * DAY_S, data=DATA):
    get_store().replace(key, data, "application/octet-stream")
    then = timezone.now().timestamp() - age_s
    os.utime(local_store().path(key), (then, then))
    return key


def keys():
    """All but the records of the artifact that there is, and what says how it stands."""
    return [
        found.key
        for found in get_store().list("")
        if not found.key.startswith((f"artifacts/{ARTIFACT_ID}/", "registry/deleted/"))
    ]


def count(removed, kind):
    return next((each.count, each.size_bytes) for each in removed if each.kind == kind)


@pytest.fixture
def artifact(db):
    IdSequence.objects.create(artifact_type=ArtifactType.MODEL, last_number=1)
    made = make_artifact()
    blob = Blob.objects.create(sha256=SHA256, size_bytes=5)
    made.current_revision.files.update(blob=blob)
    store_record(made.id)
    return made


def test_orphans_when_everything_is_used_leaves_it(artifact):
    kept = [blob_key(SHA256), bundle_key(artifact.id, 1, "full")]
    for key in kept:
        put(key)
    records = [put(found.key, data=get_store().read(found.key)) for found in _records()]
    remove_orphans()
    assert keys() == sorted(kept)
    assert [found.key for found in _records()] == records
    assert len(records) == 2
    assert Blob.objects.count() == 1


def _records():
    return list(get_store().list(f"artifacts/{ARTIFACT_ID}/"))


OTHER = Sha256("0" * 64)
ORPHANS = [
    pytest.param("blobs", blob_key(OTHER), id="blob"),
    pytest.param("bundles", "bundles/model-1-5/1/full.zip", id="bundle of no artifact"),
    pytest.param("bundles", "bundles/model-1-1760000000000001/9/full.zip", id="old revision"),
    pytest.param("bundles", "bundles/nonsense", id="bundle of nothing"),
    pytest.param("records", record_key(DEAD_ID), id="record"),
    pytest.param("uploads", upload_key(UUID(int=5)), id="upload"),
    pytest.param("uploads", old_upload_key(OTHER), id="upload of an older release"),
    pytest.param("uploads", "uploads/nonsense", id="upload of no id"),
    pytest.param("incoming", "incoming/abc", id="incoming"),
    pytest.param("probes", "registry/probe/abc/1-read", id="probes"),
]


@pytest.fixture
def said(artifact):
    """What says of the orphans that they were deleted, where that needs saying."""
    Blob.objects.create(sha256=OTHER, size_bytes=5)
    bury(DEAD_ID, "ada")


@pytest.mark.parametrize(("kind", "key"), ORPHANS)
def test_orphan_when_old_is_removed_and_counted(said, kind, key):
    put(blob_key(SHA256))
    put(key)
    removed = remove_orphans()
    assert keys() == [blob_key(SHA256)]
    assert count(removed, kind) == (1, 5)
    assert sum(each.count for each in removed) == 1


@pytest.mark.parametrize(("kind", "key"), ORPHANS)
def test_orphan_when_only_counted_stays(said, kind, key):
    put(key)
    rows = Blob.objects.count()
    assert count(remove_orphans(is_dry_run=True), kind) == (1, 5)
    assert keys() == [key]
    assert Blob.objects.count() == rows


@pytest.mark.parametrize(("kind", "key"), ORPHANS)
def test_orphan_when_young_stays(said, kind, key):
    put(key, age_s=DAY_S - 60)
    assert count(remove_orphans(), kind) == (0, 0)
    assert keys() == [key]


@pytest.mark.parametrize("age_s", [DAY_S - 60, 2 * DAY_S], ids=["young", "old"])
@pytest.mark.parametrize("is_dry_run", [True, False])
def test_parts_when_never_joined_are_aborted_once_they_are_old(db, age_s, is_dry_run):
    parts = local_store().parts
    upload_id = parts.begin("incoming/upload-1.zip")
    target = parts.target(
        "incoming/upload-1.zip", upload_id, UploadPart(1, 0, 5, SHA256), expires_s=60
    )
    parts.receive(read_part(target.url.rpartition("/")[2]), [DATA])
    then = timezone.now().timestamp() - age_s
    (key,) = local_store().path("x").parent.glob(".parts/*/key")
    os.utime(key, (then, then))
    is_old = age_s > DAY_S
    assert count(remove_orphans(is_dry_run=is_dry_run), "parts") == ((1, 5) if is_old else (0, 0))
    stays = is_dry_run or not is_old
    assert [each.upload_id for each in parts.list_begun()] == ([upload_id] if stays else [])


def test_parts_when_joined_while_they_are_counted_do_no_harm(db, monkeypatch):
    parts = get_store().parts
    gone = BegunParts("incoming/a", "0" * 32, timezone.now() - timedelta(days=2))
    monkeypatch.setattr(parts, "list_begun", lambda: iter([gone]))
    assert count(remove_orphans(), "parts") == (1, 0)


def test_orphan_blob_when_it_has_a_row_loses_that_too(artifact):
    put(blob_key(SHA256))
    File.objects.update(blob=None)
    remove_orphans()
    assert keys() == []
    assert not Blob.objects.exists()


def test_blob_when_no_row_knows_it_stays_also_after_a_rebuild_that_found_no_record_of_it(artifact):
    put(blob_key(SHA256))
    put(blob_key(OTHER))
    remove_orphans()
    assert keys() == [blob_key(OTHER), blob_key(SHA256)]
    rebuild_index()
    remove_orphans()
    assert {blob_key(OTHER), blob_key(SHA256)} <= set(keys())


@pytest.mark.parametrize("key", ["artifacts/nonsense", record_key("model-1-5")])
def test_record_when_nothing_says_that_it_was_deleted_stays(artifact, key):
    put(key)
    remove_orphans()
    assert keys() == [key]


def test_orphans_when_more_than_a_batch_are_all_removed(artifact):
    for number in range(7):
        put(blob_key(Sha256(f"{number}" * 64)))
        Blob.objects.create(sha256=Sha256(f"{number}" * 64), size_bytes=5)
    assert count(remove_orphans(batch_keys=3), "blobs") == (7, 35)
    assert keys() == []


@pytest.mark.parametrize("key", [upload_key(UUID(int=5)), old_upload_key(OTHER)])
@pytest.mark.parametrize("state", [ContentState.PENDING, ContentState.FAILED])
def test_upload_when_its_revision_is_not_kept_yet_stays(artifact, state, key):
    revision = artifact.current_revision
    revision.repository, revision.content_state = f"sha256/{OTHER}", state
    revision.url = f"upload://{UUID(int=5)}"
    revision.source_kind = SourceKind.UPLOAD
    revision.save()
    put(key)
    remove_orphans()
    assert keys() == [key]
    revision.content_state = ContentState.STORED
    revision.save()
    remove_orphans()
    assert keys() == []


def test_upload_when_announced_anew_stays_for_its_registration(artifact, uploader):
    upload = Upload.objects.create(user=uploader, filename="a.zip", size_bytes=5, sha256=OTHER)
    put(upload_key(upload.id))
    remove_orphans()
    assert keys() == [upload_key(upload.id)]
    Upload.objects.filter(id=upload.id).update(created_at=timezone.now() - timedelta(days=2))
    remove_orphans()
    assert keys() == []
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "last_number",
    [pytest.param(None, id="empty database"), pytest.param(4, id="old backup")],
)
def test_orphans_when_the_database_never_knew_the_artifacts_removes_nothing(db, last_number):
    if last_number is not None:
        IdSequence.objects.create(artifact_type=ArtifactType.MODEL, last_number=last_number)
    kept = [put(blob_key(SHA256)), put(record_key("model-5-1760000000000005"))]
    with pytest.raises(NotJoined, match="rebuild_index"):
        remove_orphans()
    assert sorted(kept) == keys()


def test_orphans_when_a_reset_made_the_records_dead_removes_them(db):
    put(record_key("model-5-1760000000000005"))
    marker = json.dumps({"reset_us": 1_760_000_000_000_005}).encode()
    get_store().replace(RESET_MARKER_KEY, marker, "application/json")
    assert count(remove_orphans(), "records") == (1, 5)
    assert keys() == [RESET_MARKER_KEY]


def test_blob_when_a_mirror_uses_it_before_it_is_locked_stays(artifact, monkeypatch):
    File.objects.update(blob=None)
    put(blob_key(SHA256))
    real = orphans._lock_blobs

    def lock(batch):
        File.objects.update(blob=SHA256)  # The mirror's row, a moment before.
        real(batch)

    monkeypatch.setattr(orphans, "_lock_blobs", lock)
    remove_orphans()
    assert keys() == [blob_key(SHA256)]


def test_blob_when_a_mirror_uses_it_after_it_is_gone_is_noticed_by_the_mirror(artifact):
    """The mirror found the old blob, then lost it, then wrote its rows."""
    File.objects.update(blob=None)
    put(blob_key(SHA256))
    remove_orphans()
    blob, _ = Blob.objects.get_or_create(sha256=SHA256, defaults={"size_bytes": 5})
    File.objects.update(blob=blob)
    with pytest.raises(ContentPending):
        build_bundle(artifact_id=artifact.id, revision=1, part="full")


def test_rows_when_they_have_served_are_removed(artifact, uploader):
    now = timezone.now()
    for name, state, days in (
        ("old", TaskState.SUCCEEDED, 31),
        ("young", TaskState.SUCCEEDED, 29),
        ("running", TaskState.RUNNING, 31),
    ):
        finished_at = now - timedelta(days=days)
        Task.objects.create(name=name, state=state, due_at=now, finished_at=finished_at)
    for digest, minutes in (("1" * 64, -1), ("2" * 64, 1)):
        AccessToken.objects.create(
            digest=digest, user=uploader, calls_left=1, expires_at=now + timedelta(minutes=minutes)
        )
    remove_orphans(is_dry_run=True)
    assert (Task.objects.count(), AccessToken.objects.count()) == (3, 2)
    remove_orphans()
    assert set(Task.objects.values_list("name", flat=True)) == {"young", "running"}
    assert AccessToken.objects.get().digest == "2" * 64
    assert Artifact.objects.count() == 1
