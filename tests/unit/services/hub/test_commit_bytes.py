"""Commits: whose bytes they name, and what becomes of those."""

import pytest
from django.db import connections

from artifacts.enums import ContentState, DecisionState
from artifacts.exceptions import (
    ArchiveRefused,
    BlobsMissing,
    LfsObjectMissing,
    LfsObjectPending,
    UploadRefused,
)
from artifacts.models import Artifact, Blob, File, LfsObject, Revision, Task, User
from artifacts.rules.hub.operations import read_commit
from artifacts.services.content.lfs_objects import Announcement, announce_objects
from artifacts.services.content.mirror import mirror_revision
from artifacts.services.hub.commits import commit_files
from artifacts.services.hub.repositories import create_repository
from artifacts.sources.commits import refer_to
from artifacts.storage.blobs import store_blob
from artifacts.storage.keys import blob_key, incoming_lfs_key, record_key
from artifacts.storage.local import LocalStore
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one
from tests.unit.services.hub.committing import (
    CARD,
    MODEL,
    WEIGHTS,
    body,
    deleted,
    file,
    large,
    paths_of,
    send,
    sha256_of,
)

pytestmark = pytest.mark.django_db


def test_commit_when_a_large_file_was_sent_then_it_is_in_the_revision(repository, push, uploader):
    send(uploader, repository, WEIGHTS)
    revision = push(large("model.bin", WEIGHTS))
    assert paths_of(revision) == {"model.bin": sha256_of(WEIGHTS)}
    assert get_store().read(blob_key(sha256_of(WEIGHTS))) == WEIGHTS
    assert not list(get_store().list("incoming/"))


def test_commit_when_a_large_file_was_not_sent_then_refused_and_nothing_is_there(
    repository, push, uploader
):
    announce_objects(
        user=uploader, artifact_id=repository.id,
        wanted=[Announcement(sha256_of(WEIGHTS), len(WEIGHTS))],
    )  # fmt: skip
    with pytest.raises(LfsObjectMissing, match=r"model\.bin"):
        push(large("model.bin", WEIGHTS))
    assert not Artifact.objects.visible().exists()


def test_commit_when_only_another_user_sent_the_bytes_then_a_digest_gives_nobody_them(
    repository, push, uploader
):
    other = User.objects.create_user("mallory", "x-long-password-1", can_upload=True)
    send(other, repository, WEIGHTS)
    theirs, _ = create_repository(artifact_type=MODEL, owner="", name="m", user=other)
    commit_files(
        artifact=theirs, reference=refer_to("registry.mallory/m", "m"),
        commit=read_commit(body(large("model.bin", WEIGHTS))), user=other,
    )  # fmt: skip
    assert Blob.objects.filter(sha256=sha256_of(WEIGHTS)).exists()
    with pytest.raises(LfsObjectMissing):
        push(large("model.bin", WEIGHTS))
    assert send(uploader, repository, WEIGHTS).url  # They have to be sent.


def test_mirror_when_a_rebuild_found_a_commit_without_rows_of_its_blobs_then_they_are_there(
    push,
):
    revision = push(file("README.md", CARD))
    File.objects.update(blob=None)
    Blob.objects.all().delete()
    Revision.objects.update(content_state=ContentState.PENDING)
    mirror_revision(revision_id=revision.pk)
    revision.refresh_from_db()
    assert revision.content_state == ContentState.STORED
    assert paths_of(revision) == {"README.md": sha256_of(CARD)}


def test_commit_when_only_a_revision_in_quarantine_has_the_bytes_then_they_have_to_be_sent(
    repository, push, uploader
):
    send(uploader, repository, WEIGHTS)
    first = push(large("model.bin", WEIGHTS))
    push(deleted("model.bin"), file("README.md", CARD))
    LfsObject.objects.all().delete()
    Revision.objects.filter(pk=first.pk).update(decision=DecisionState.QUARANTINED)
    with pytest.raises(LfsObjectMissing):
        push(large("model.bin", WEIGHTS))
    assert send(uploader, repository, WEIGHTS).url
    push(large("model.bin", WEIGHTS))


def test_commit_when_the_bytes_are_in_the_repository_then_they_need_not_be_sent(
    repository, push, uploader
):
    send(uploader, repository, WEIGHTS)
    push(large("model.bin", WEIGHTS))
    LfsObject.objects.all().delete()
    assert send(uploader, repository, WEIGHTS).object_id is None
    push(deleted("model.bin"), file("a", b"a"))
    assert "again.bin" in paths_of(push(large("again.bin", WEIGHTS)))


def test_commit_when_the_size_is_another_than_the_bytes_then_refused(repository, push, uploader):
    send(uploader, repository, WEIGHTS)
    with pytest.raises(LfsObjectMissing):
        push(large("model.bin", WEIGHTS, size=7))


def test_commit_when_other_bytes_arrived_then_refused_and_the_old_revision_stays(
    repository, push, uploader
):
    first = push(file("README.md", CARD))
    sending = send(uploader, repository, WEIGHTS)
    get_store().replace(incoming_lfs_key(sending.object_id), b"x" * 1_000, "")
    with pytest.raises(UploadRefused, match="other bytes"):
        push(large("model.bin", WEIGHTS))
    assert Artifact.objects.get(id=repository.id).current_revision_id == first.pk
    assert not list(get_store().list(blob_key(sha256_of(WEIGHTS))))


def test_commit_when_a_task_still_compares_then_later_and_then_made(
    repository, push, uploader, set_limits, pauses
):
    set_limits(UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=10, LFS_COMMIT_WAIT_S=0.05)
    send(uploader, repository, WEIGHTS)
    with pytest.raises(LfsObjectPending, match="nothing is sent again"):
        push(large("model.bin", WEIGHTS))
    assert Task.objects.filter(name="check_lfs_object").count() == 1
    assert send(uploader, repository, WEIGHTS).object_id is None
    while run_one("tests"):
        pass
    assert push(large("model.bin", WEIGHTS)).number == 1


def test_commit_when_a_task_finds_other_bytes_then_refused_and_can_be_sent_again(
    repository, push, uploader, set_limits, pauses
):
    set_limits(UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=10, LFS_COMMIT_WAIT_S=0.05)
    sending = send(uploader, repository, WEIGHTS)
    get_store().replace(incoming_lfs_key(sending.object_id), b"x" * 1_000, "")
    with pytest.raises(LfsObjectPending):
        push(large("model.bin", WEIGHTS))
    while run_one("tests"):
        pass
    with pytest.raises(UploadRefused, match="other bytes"):
        push(large("model.bin", WEIGHTS))
    assert not list(get_store().list("incoming/"))
    again = send(uploader, repository, WEIGHTS)
    assert again.object_id not in (None, sending.object_id)


def test_commit_when_the_bucket_has_lost_a_checked_blob_then_it_must_be_sent_again(
    repository, push, uploader
):
    send(uploader, repository, WEIGHTS)
    push(large("model.bin", WEIGHTS))
    other, _ = create_repository(artifact_type=MODEL, owner="", name="second", user=uploader)
    get_store().delete([blob_key(sha256_of(WEIGHTS))])
    LfsObject.objects.update(made_blob=False)
    with pytest.raises(BlobsMissing, match="Upload them again"):
        commit_files(
            artifact=other, reference=refer_to(f"registry.{uploader.username}/second", "second"),
            commit=read_commit(body(large("model.bin", WEIGHTS))), user=uploader,
        )  # fmt: skip
    assert not list(get_store().list(record_key(other.id)))
    assert send(uploader, other, WEIGHTS).url


def test_commit_when_all_weights_are_broken_then_refused(push):
    with pytest.raises(ArchiveRefused, match="is broken"):
        push(file("model.safetensors", b"no header at all"))


def test_commit_when_some_weights_are_broken_then_marked(push):
    revision = push(file("model.safetensors", b"no header"), file("model.bin", WEIGHTS))
    assert "1 of its files" in revision.content_reason
    later = push(file("a", b"a"))
    assert later.files.get(path="model.safetensors").fault
    assert "1 of its files" in later.content_reason


def test_commit_when_many_small_files_are_the_same_then_stored_once(repository, push, monkeypatch):
    stored = []

    def store(*given, digest, **more):
        stored.append(digest)
        return store_blob(*given, digest=digest, **more)

    monkeypatch.setattr("artifacts.services.content.kept_blobs.store_blob", store)
    revision = push(file("a", b"x"), file("b", b"x"), file("c", b"y"))
    assert paths_of(revision) == {"a": sha256_of(b"x"), "b": sha256_of(b"x"), "c": sha256_of(b"y")}
    # Several are stored at once, so in any order.
    assert sorted(stored) == sorted(f"sha256:{sha256_of(each)}" for each in (b"x", b"y"))


@pytest.fixture
def bucket_keys(monkeypatch):
    """The keys that the bucket was asked about, each while no transaction was open."""
    database, path = connections["default"], LocalStore.path
    depth, keys = len(database.atomic_blocks), []

    def watched(self, key):
        assert len(database.atomic_blocks) == depth, f"{key} within a transaction"
        keys.append(key)
        return path(self, key)

    monkeypatch.setattr(LocalStore, "path", watched)
    return keys


def test_commit_when_its_blobs_are_old_then_the_bucket_is_asked_before_rows_are_locked(
    repository, push, uploader, bucket_keys
):
    send(uploader, repository, WEIGHTS)
    push(large("model.bin", WEIGHTS), file("README.md", CARD))
    LfsObject.objects.update(made_blob=False)
    File.objects.all().delete()
    push(large("other.bin", WEIGHTS), file("a.md", CARD), file("b.md", b"b"))
    assert bucket_keys.count(blob_key(sha256_of(WEIGHTS))) > 1
    assert blob_key(sha256_of(b"b")) in bucket_keys
