import hashlib
import io
import zipfile

import pytest

from artifacts.enums import AuditAction, ContentState, TaskState
from artifacts.exceptions import (
    ArtifactNotFound,
    ContentTooLarge,
    SourceMismatch,
    SourceRefused,
    SourceUnavailable,
)
from artifacts.models import Artifact, AuditEntry, Blob, File, Revision, Task
from artifacts.services.mirror import give_up_mirror, mirror_again, mirror_revision
from artifacts.services.registration import register_artifact
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import CONTENTS, URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(source, uploader, settings) -> Revision:
    settings.REGISTRY_TASKS = "worker"
    register_artifact(artifact_type="model", url=URL, name=None, user=uploader)
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
    register_artifact(artifact_type="model", url=other.url, name=None, user=uploader)
    twin = Revision.objects.latest("pk")
    assert mirror(twin).content_state == ContentState.STORED
    assert Blob.objects.count() == len(CONTENTS)


def test_mirror_when_the_source_lies_about_bytes_then_they_are_not_kept(revision, source):
    source.contents = CONTENTS | {"weights.bin": b"\xff" * 300}
    with pytest.raises(SourceMismatch):
        mirror_revision(revision_id=revision.pk)
    assert not File.objects.filter(path="weights.bin", blob__isnull=False).exists()
    assert Revision.objects.get().content_state == ContentState.PENDING


def test_mirror_when_a_safetensors_header_is_broken_then_refused(source, uploader, settings):
    settings.REGISTRY_TASKS = "worker"
    broken = {"model.safetensors": b"\xff" * 64}
    source.snapshot = make_snapshot(make_reference(), contents=broken)
    source.contents = broken
    register_artifact(artifact_type="model", url=URL, name=None, user=uploader)
    with pytest.raises(SourceRefused, match=r"model\.safetensors"):
        mirror_revision(revision_id=Revision.objects.get().pk)


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
    register_artifact(artifact_type="model", url=URL, name=None, user=uploader)
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
    register_artifact(artifact_type="model", url=URL, name=None, user=uploader)
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
        register_artifact(artifact_type="model", url=URL, name=None, user=uploader)
    revision = Revision.objects.get()
    assert revision.content_state == ContentState.FAILED
    assert "no longer gives" in revision.content_reason
    assert Task.objects.get(name="mirror_revision").state == TaskState.FAILED


def test_mirror_when_the_source_is_away_then_tried_later(
    source, uploader, django_capture_on_commit_callbacks
):
    source.contents_error = SourceUnavailable("The Hub is away.")
    with django_capture_on_commit_callbacks(execute=True):
        register_artifact(artifact_type="model", url=URL, name=None, user=uploader)
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
