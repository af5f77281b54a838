import hashlib
import io
import zipfile

import pytest

from artifacts.enums import ArtifactType, AuditAction, ContentState, Part, TaskState
from artifacts.exceptions import (
    ArtifactNotFound,
    ContentTooLarge,
    RatingIncomplete,
    SourceMismatch,
    SourceRefused,
    SourceUnavailable,
)
from artifacts.models import Artifact, AuditEntry, Blob, File, Rating, Revision, Task
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.mirror import give_up_mirror, mirror_again, mirror_revision
from artifacts.services.trust.examined import rate_examined_model
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import CONTENTS, URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(source, uploader, settings) -> Revision:
    settings.REGISTRY_TASKS = "worker"
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    return Revision.objects.get()


def mirror(revision: Revision) -> Revision:
    mirror_revision(revision_id=revision.pk)
    revision.refresh_from_db()
    return revision


def test_mirror_when_the_source_answers_then_every_byte_is_kept(revision):
    mirror(revision)
    assert revision.content_state == ContentState.STORED
    assert revision.stored_bytes == sum(map(len, CONTENTS.values()))
    kept = {file.path: get_store().read(blob_key(file.blob_id)) for file in revision.files.all()}
    assert kept == CONTENTS


def test_mirror_when_done_then_the_bundle_holds_the_files(revision):
    mirror(revision)
    raw = get_store().read(bundle_key(revision.artifact_id, 1, "full"))
    bundle = zipfile.ZipFile(io.BytesIO(raw))
    assert {name: bundle.read(name) for name in bundle.namelist()} == CONTENTS


def test_mirror_when_run_again_then_nothing_is_fetched_again(revision, source):
    mirror(revision)
    source.contents = {}
    mirror(revision)
    assert revision.content_state == ContentState.STORED


def test_mirror_when_cut_off_then_goes_on_where_it_was(revision, source):
    source.contents = {"README.md": CONTENTS["README.md"]}
    with pytest.raises(SourceRefused, match="2 of 3"):
        mirror_revision(revision_id=revision.pk)
    assert File.objects.filter(blob__isnull=False).count() == 1
    source.contents = {path: data for path, data in CONTENTS.items() if path != "README.md"}
    assert mirror(revision).content_state == ContentState.STORED


def test_mirror_when_bytes_are_known_by_digest_then_not_fetched(revision, source, uploader):
    mirror(revision)
    other = make_reference("https://huggingface.co/acme/twin")
    source.snapshot, source.contents = make_snapshot(other), {}
    register_artifact(artifact_type=ArtifactType.MODEL, url=other.url, name=None, user=uploader)
    twin = Revision.objects.latest("pk")
    assert mirror(twin).content_state == ContentState.STORED
    assert Blob.objects.count() == len(CONTENTS)


def test_mirror_when_the_source_lies_about_bytes_then_they_are_not_kept(revision, source):
    source.contents = CONTENTS | {"weights.bin": b"\xff" * 300}
    with pytest.raises(SourceMismatch):
        mirror_revision(revision_id=revision.pk)
    assert not File.objects.filter(path="weights.bin", blob__isnull=False).exists()
    assert Revision.objects.get().content_state == ContentState.PENDING


POINTER = (
    b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 440000000\n"
)
ODD = {
    "model.safetensors": b"\xff" * 64,
    "big.bin": POINTER,
    "weights.v2": b"GGUF" + bytes(60),
    "run": b"#!/bin/sh\n",
    "tool": b"\x7fELF" + bytes(60),
}


@pytest.fixture
def odd(source, uploader, settings) -> Revision:
    """A model with files that only their bytes tell about."""
    settings.REGISTRY_TASKS = "worker"
    source.snapshot = make_snapshot(make_reference(), contents=ODD)
    source.contents = ODD
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    return Revision.objects.get()


def test_mirror_when_files_have_faults_then_all_are_kept_and_those_marked(odd):
    mirror(odd)
    assert odd.content_state == ContentState.STORED
    kept = {file.path: get_store().read(blob_key(file.blob_id)) for file in odd.files.all()}
    assert kept == ODD
    faults = {file.path: file.fault for file in odd.files.exclude(fault="")}
    assert set(faults) == {"model.safetensors", "big.bin"}
    assert "no valid safetensors" in faults["model.safetensors"]
    assert "Git LFS pointer: the content of 440,000,000 bytes" in faults["big.bin"]
    assert odd.content_reason.startswith("A fault was found in 2 of its files. big.bin: This is")


def test_mirror_when_bytes_tell_what_files_are_then_parts_follow(odd):
    mirror(odd)
    assert dict(odd.files.values_list("path", "part")) == {
        "model.safetensors": "code",  # as the source of this test listed it
        "big.bin": "other",
        "weights.v2": "weights",
        "run": "code",
        "tool": "other",
    }


def test_mirror_when_faults_are_found_then_the_model_is_rated_with_them(odd):
    odd.files.filter(path="model.safetensors").update(part=Part.WEIGHTS)
    odd.files.exclude(path="model.safetensors").delete()
    mirror(odd)
    assert Task.objects.filter(name="rate_examined_model").count() == 1
    # Before the task asks the sources again, the size is judged without them.
    known = Rating.objects.get()
    assert known.results["size_score"]["score"] is None
    assert set(known.summary["size_score"].values()) == {0.0}
    assert known.net_score == known.summary["net_score"]
    rate_examined_model(artifact_id=odd.artifact_id)
    odd.refresh_from_db()
    result = odd.current_rating.results["size_score"]
    assert result["score"] is None
    assert "broken. model.safetensors" in result["reason"]


def test_rating_when_a_pointer_was_found_then_by_the_size_that_it_states(odd):
    odd.files.exclude(path="big.bin").delete()
    mirror(odd)
    rate_examined_model(artifact_id=odd.artifact_id)
    odd.refresh_from_db()
    assert "have 440 MB (big.bin)" in odd.current_rating.results["size_score"]["reason"]


def test_mirror_when_nothing_is_found_then_not_rated_again(revision):
    mirror(revision)
    assert not Task.objects.filter(name="rate_examined_model").exists()


def test_mirror_when_a_file_of_a_data_set_is_broken_then_nothing_is_rated(
    source, uploader, settings
):
    settings.REGISTRY_TASKS = "worker"
    source.snapshot = make_snapshot(make_reference(), contents=ODD)
    source.contents = ODD
    register_artifact(artifact_type=ArtifactType.DATASET, url=URL, name=None, user=uploader)
    assert mirror(Revision.objects.get()).content_state == ContentState.STORED
    assert not Task.objects.filter(name="rate_examined_model").exists()


def test_rating_when_a_source_is_silent_then_the_complete_one_stays(odd, monkeypatch):
    mirror(odd)
    monkeypatch.setattr(
        "artifacts.services.trust.examined.rate_revision",
        lambda revision, _name: Rating(revision=revision, is_incomplete=True, results={}),
    )
    with pytest.raises(RatingIncomplete):
        rate_examined_model(artifact_id=odd.artifact_id)


def test_rating_when_the_model_is_gone_then_nothing(db):
    rate_examined_model(artifact_id="model-404")


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("REGISTRY_MIRROR", "never", "links only"),
        ("REGISTRY_CONTENT_MAX_BYTES", 100, "at most 100"),
    ],
    ids=["switched-off", "too-large"],
)
def test_mirror_when_content_is_left_out_then_says_why(revision, settings, setting, value, reason):
    setattr(settings, setting, value)
    mirror(revision)
    assert revision.content_state == ContentState.LINK_ONLY
    assert reason in revision.content_reason
    assert not Blob.objects.exists()


def test_mirror_when_small_only_then_small_content_is_kept(revision, settings):
    settings.REGISTRY_MIRROR = "small"
    assert mirror(revision).content_state == ContentState.STORED


def test_mirror_when_more_arrives_than_may_be_kept_then_stops(source, uploader, settings):
    settings.REGISTRY_TASKS = "worker"
    endless = make_snapshot(make_reference())
    files = tuple(
        type(file)(path=file.path, size_bytes=None, digest="", part=file.part)
        for file in endless.files
    )
    source.snapshot = type(endless)(reference=endless.reference, commit="", files=files)
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    settings.REGISTRY_CONTENT_MAX_BYTES = 50
    with pytest.raises(ContentTooLarge, match="50"):
        mirror_revision(revision_id=Revision.objects.get().pk)


def test_mirror_when_the_revision_is_gone_then_nothing(revision):
    pk = revision.pk
    Artifact.objects.all().delete()
    mirror_revision(revision_id=pk)
    assert not Blob.objects.exists()


def test_mirror_when_there_are_no_files_then_stored_without_a_bundle(source, uploader, settings):
    settings.REGISTRY_TASKS = "worker"
    source.snapshot = make_snapshot(make_reference(), contents={})
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    assert mirror(Revision.objects.get()).content_state == ContentState.STORED


def test_give_up_when_called_then_the_reason_is_kept(revision):
    give_up_mirror(artifact_id=revision.artifact_id, reason="No luck.", revision_id=revision.pk)
    revision.refresh_from_db()
    assert (revision.content_state, revision.content_reason) == (ContentState.FAILED, "No luck.")


def test_mirror_when_the_worker_fails_for_good_then_the_revision_says_so(
    source, uploader, django_capture_on_commit_callbacks
):
    source.contents = {}
    with django_capture_on_commit_callbacks(execute=True):
        register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    revision = Revision.objects.get()
    assert revision.content_state == ContentState.FAILED
    assert "no longer gives" in revision.content_reason
    assert Task.objects.get(name="mirror_revision").state == TaskState.FAILED


def test_mirror_when_given_up_and_retried_then_fetched_or_the_new_reason(revision, source):
    def give_up(reason: str) -> str:
        give_up_mirror(artifact_id=revision.artifact_id, reason=reason, revision_id=revision.pk)
        revision.refresh_from_db()
        return revision.content_reason

    assert [give_up("No luck."), give_up("None again.")] == ["No luck.", "None again."]
    assert mirror(revision).content_state == ContentState.STORED
    assert revision.content_reason == ""
    assert give_up("Too late.") == ""


def test_mirror_when_the_source_is_away_then_tried_later(
    source, uploader, django_capture_on_commit_callbacks
):
    source.contents_error = SourceUnavailable("The Hub is away.")
    with django_capture_on_commit_callbacks(execute=True):
        register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    assert Revision.objects.get().content_state == ContentState.PENDING
    assert Task.objects.get(name="mirror_revision").state == TaskState.READY


def test_mirror_again_when_content_failed_then_pending_scheduled_and_audited(
    revision, administrator
):
    Revision.objects.update(content_state=ContentState.FAILED, content_reason="No luck.")
    Task.objects.all().delete()
    mirror_again(artifact_id=revision.artifact_id, user=administrator)
    revision.refresh_from_db()
    assert (revision.content_state, revision.content_reason) == (ContentState.PENDING, "")
    assert Task.objects.get().arguments == {"revision_id": revision.pk}
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.user_name) == (AuditAction.UPDATE, "ada")


def test_mirror_again_when_there_is_no_such_artifact_then_says_so(administrator):
    with pytest.raises(ArtifactNotFound):
        mirror_again(artifact_id="model-9-9", user=administrator)


def test_bytes_when_kept_then_named_by_their_digest(revision):
    mirror(revision)
    for file in revision.files.all():
        assert file.blob_id == hashlib.sha256(CONTENTS[file.path]).hexdigest()
