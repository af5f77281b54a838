"""Large files of the Hub's clients: announced, sent, compared, and cleared away."""

import hashlib
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.database.transactions import writing
from artifacts.enums import ArtifactType, UploadState
from artifacts.exceptions import (
    ChangedMeanwhile,
    InvalidRequest,
    LfsObjectPending,
    NotFound,
    UploadRefused,
)
from artifacts.models import Artifact, Blob, LfsObject, User
from artifacts.rules.digest import Sha256
from artifacts.services.content import lfs_objects
from artifacts.services.content.lfs_checks import (
    check_object,
    complete_object,
    give_up_check,
    require_sent,
    verify_object,
)
from artifacts.services.content.lfs_objects import Announcement, announce_objects
from artifacts.services.hub.repositories import remove_empty_repositories
from artifacts.services.upkeep.orphans import remove_orphans
from artifacts.storage.keys import blob_key, incoming_lfs_key
from artifacts.storage.store import get_store

pytestmark = pytest.mark.django_db
DATA = b"w" * 500
SHA256 = Sha256(hashlib.sha256(DATA).hexdigest())


def announced(user, data=DATA):
    wanted = [Announcement(Sha256(hashlib.sha256(data).hexdigest()), len(data))]
    (sending,) = announce_objects(user=user, artifact_id="", wanted=wanted)
    return sending


def sent(user, data=DATA, arrived=None):
    sending = announced(user, data)
    get_store().replace(incoming_lfs_key(sending.object_id), arrived or data, "")
    return sending.object_id


def test_announce_when_twice_then_the_same_place(uploader):
    assert announced(uploader).object_id == announced(uploader).object_id
    assert LfsObject.objects.count() == 1


def test_announce_when_by_two_users_then_two_places(uploader, administrator):
    assert announced(uploader).object_id != announced(administrator).object_id


def test_announce_when_another_program_was_faster_then_its_place(uploader, monkeypatch):
    faster = LfsObject(user=uploader, sha256=SHA256, size_bytes=len(DATA))
    rows_of, seen = lfs_objects._rows_of, []

    def seen_before(*given):
        seen.append(given)
        return {} if len(seen) == 1 else rows_of(*given)

    monkeypatch.setattr(lfs_objects, "_rows_of", seen_before)

    @contextmanager
    def too_late(*_given):
        yield
        LfsObject.objects.all().delete()
        faster.save(force_insert=True)
        raise ChangedMeanwhile("Somebody was faster.")

    monkeypatch.setattr(lfs_objects, "writing", too_late)
    assert announced(uploader).object_id == faster.pk


@pytest.mark.parametrize("earlier", ["none", "refused"])
def test_announce_when_another_program_begins_meanwhile_then_its_place_stays(
    uploader, monkeypatch, earlier
):
    if earlier == "refused":
        announced(uploader)
        LfsObject.objects.update(state=UploadState.REFUSED)
    faster = LfsObject(user=uploader, sha256=SHA256, size_bytes=500)

    @contextmanager
    def too_late(*given):
        LfsObject.objects.exclude(pk=faster.pk).delete()
        faster.save()
        with writing(*given):
            yield

    monkeypatch.setattr(lfs_objects, "writing", too_late)
    assert announced(uploader).object_id == faster.pk
    assert LfsObject.objects.get() == faster


def test_announce_when_its_size_is_another_than_before_then_a_new_place(uploader):
    first = announced(uploader).object_id
    (second,) = announce_objects(
        user=uploader, artifact_id="", wanted=[Announcement(SHA256, len(DATA) + 1)]
    )
    assert second.object_id != first
    assert LfsObject.objects.get().size_bytes == len(DATA) + 1


def test_announce_when_the_blob_is_gone_since_then_it_has_to_be_sent_again(uploader):
    verify_object(object_id=sent(uploader))
    assert announced(uploader).object_id is None
    Blob.objects.all().delete()
    assert announced(uploader).object_id is not None


def test_announce_when_of_too_many_then_refused(uploader, set_limits):
    set_limits(LFS_OBJECTS_MAX=1)
    with pytest.raises(InvalidRequest):
        announce_objects(
            user=uploader, artifact_id="",
            wanted=[Announcement(SHA256, 1), Announcement(Sha256("ab" * 32), 1)],
        )  # fmt: skip


def test_announce_when_the_user_is_gone_then_the_begun_parts_are_too(uploader, set_limits):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=100, UPLOAD_PART_BYTES=100)
    user = User.objects.get(pk=uploader.pk)
    uploader.delete()
    with pytest.raises(Exception, match="token"):
        announced(user)
    assert list(get_store().parts.list_begun()) == []


def test_verify_when_the_bytes_are_right_then_a_blob_and_nothing_is_left(uploader):
    object_id = sent(uploader)
    verify_object(object_id=object_id)
    verify_object(object_id=object_id)
    row = LfsObject.objects.get()
    assert (row.state, row.made_blob) == (UploadState.CHECKED, True)
    assert get_store().read(blob_key(SHA256)) == DATA
    assert not list(get_store().list("incoming/"))


@pytest.mark.parametrize("arrived", [b"x" * 500, b"w" * 499, b"w" * 501])
def test_verify_when_other_bytes_arrived_then_refused_and_no_blob(uploader, arrived):
    with pytest.raises(UploadRefused, match="other bytes"):
        verify_object(object_id=sent(uploader, arrived=arrived))
    assert not Blob.objects.exists()
    assert not list(get_store().list("blobs/"))


def test_verify_when_the_blob_was_here_then_it_is_not_as_young_as_the_upload(uploader):
    get_store().create(blob_key(SHA256), DATA, "")
    verify_object(object_id=sent(uploader))
    wanted = {"a": (SHA256, len(DATA))}
    assert require_sent(user_id=uploader.pk, wanted=wanted) == {SHA256: False}


def test_require_sent_when_sent_long_ago_then_the_blob_may_be_old(uploader):
    verify_object(object_id=sent(uploader))
    wanted = {"a": (SHA256, len(DATA))}
    assert require_sent(user_id=uploader.pk, wanted=wanted) == {SHA256: True}
    LfsObject.objects.update(created_at=timezone.now() - timedelta(hours=13))
    assert require_sent(user_id=uploader.pk, wanted=wanted) == {SHA256: False}


@pytest.mark.parametrize("say", [verify_object, complete_object])
def test_object_when_forgotten_then_not_found(uploader, say):
    object_id = sent(uploader)
    LfsObject.objects.all().delete()
    with pytest.raises(NotFound):
        say(object_id=object_id)


def test_verify_when_forgotten_while_it_waits_then_not_found(uploader, set_limits, monkeypatch):
    set_limits(UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=10)
    object_id = sent(uploader)
    monkeypatch.setattr(
        "artifacts.services.content.lfs_checks.time.sleep",
        lambda _: LfsObject.objects.all().delete(),
    )
    with pytest.raises(NotFound, match="gone"):
        verify_object(object_id=object_id)


def test_check_when_delivered_twice_then_done_once(uploader, set_limits, pauses):
    set_limits(UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=10, LFS_VERIFY_WAIT_S=0.01)
    object_id = sent(uploader)
    for _ in range(2):
        with pytest.raises(LfsObjectPending):
            verify_object(object_id=object_id)
    for _ in range(2):
        check_object(object_id=str(object_id))
    assert LfsObject.objects.get().state == UploadState.CHECKED


def test_check_when_given_up_then_the_reason_is_told_and_the_bytes_are_gone(uploader):
    object_id = sent(uploader)
    LfsObject.objects.update(state=UploadState.CHECKING)
    assert give_up_check(artifact_id="", reason="Not them.", object_id=str(object_id))
    assert not give_up_check(artifact_id="", reason="Not them.", object_id=str(object_id))
    with pytest.raises(UploadRefused, match="Not them"):
        verify_object(object_id=object_id)
    assert not list(get_store().list("incoming/"))


def test_orphans_when_removed_then_old_objects_are_forgotten(uploader):
    sent(uploader)
    remove_orphans()
    assert LfsObject.objects.exists()
    LfsObject.objects.update(created_at=timezone.now() - timedelta(days=2))
    remove_orphans()
    assert not LfsObject.objects.exists()


def test_empty_repositories_when_old_then_their_names_are_free(uploader):
    def made(key, days):
        created_us = int((timezone.now() - timedelta(days=days)).timestamp() * 1_000_000)
        return Artifact.objects.create(
            id=f"model-{days}-{created_us}", type=ArtifactType.MODEL, name="a", source_key=key,
            created_us=created_us, uploader=uploader, uploader_name=uploader.username,
        )  # fmt: skip

    made("commit:registry.ursula/old", 31)
    young = made("commit:registry.ursula/young", 29)
    other = made("huggingface_model:acme/waiting", 32)
    remove_empty_repositories()
    assert set(Artifact.objects.all()) == {young, other}
