import time
from unittest.mock import Mock

import pytest

from artifacts.enums import ArtifactType, AuditAction, ContentState, DecisionState
from artifacts.exceptions import (
    ArtifactNotFound,
    ArtifactQuarantined,
    ContentNotKept,
    ContentPending,
    InvalidRequest,
    PartNotFound,
)
from artifacts.models import Artifact, AuditEntry, File, Revision, Task
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content import downloads
from artifacts.services.content.bundles import build_bundle
from artifacts.services.content.downloads import get_download
from artifacts.services.content.mirror import mirror_revision
from artifacts.storage.keys import bundle_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(source, uploader, settings, set_limits) -> Artifact:
    settings.REGISTRY_TASKS = "worker"
    set_limits(DOWNLOAD_WAIT_S=0.0, DOWNLOAD_POLL_S=0.0)
    return register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name="my robot/2", user=uploader
    ).artifact


@pytest.fixture
def artifact(pending) -> Artifact:
    mirror_revision(revision_id=pending.current_revision_id)
    return pending


def download(artifact, user, part="full"):
    return get_download(
        artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, part=part, user=user
    )


def test_download_when_the_content_is_kept_then_a_link_and_a_file_name(artifact, uploader):
    found = download(artifact, uploader)
    assert found.url.startswith("/content/")
    assert found.filename == "my-robot-2.zip"


def test_download_when_done_then_audited(artifact, uploader):
    download(artifact, uploader)
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.user_name) == (AuditAction.DOWNLOAD, "ursula")


def test_download_when_a_part_is_made_already_then_its_link(artifact, uploader):
    build_bundle(artifact_id=artifact.id, revision=1, part="weights")
    found = download(artifact, uploader, "weights")
    assert found.filename == "my-robot-2-weights.zip"
    assert AuditEntry.objects.latest("id").note == "part=weights"


def test_download_when_a_part_has_to_be_made_then_scheduled_once(artifact, uploader):
    for _ in range(2):
        with pytest.raises(ContentPending) as caught:
            download(artifact, uploader, "card")
        assert caught.value.retry_after_s > 0
    assert Task.objects.filter(name="build_bundle").count() == 1


def test_download_when_the_bundle_was_deleted_then_made_again(artifact, uploader, settings):
    key = bundle_key(artifact.id, 1, "full")
    get_store().delete([key])
    with pytest.raises(ContentPending):
        download(artifact, uploader)
    build_bundle(artifact_id=artifact.id, revision=1, part="full")
    assert download(artifact, uploader).url


def test_download_when_the_content_is_on_its_way_then_ask_again(pending, uploader):
    with pytest.raises(ContentPending, match="fetched"):
        download(pending, uploader)
    assert not AuditEntry.objects.filter(action=AuditAction.DOWNLOAD).exists()


def test_download_when_the_content_arrives_while_waiting_then_its_link(
    pending, uploader, monkeypatch, set_limits
):
    set_limits(DOWNLOAD_WAIT_S=60.0)
    monkeypatch.setattr(
        time,
        "sleep",
        lambda _s: mirror_revision(revision_id=pending.current_revision_id),
    )
    assert download(pending, uploader).url


@pytest.mark.parametrize("state", [ContentState.LINK_ONLY, ContentState.FAILED])
def test_download_when_the_content_is_not_kept_then_says_why_and_where(pending, uploader, state):
    Revision.objects.update(content_state=state, content_reason="It is gated.")
    with pytest.raises(ContentNotKept) as caught:
        download(pending, uploader)
    assert "It is gated." in caught.value.message
    assert URL in caught.value.message


def quarantine_all(**_named):
    Revision.objects.update(decision=DecisionState.QUARANTINED)
    return Mock()


def test_download_when_quarantined_while_the_zip_is_made_then_no_link(
    artifact, uploader, monkeypatch
):
    clock = iter([0.0])
    monkeypatch.setattr(downloads, "monotonic", lambda: next(clock, 3.0))
    monkeypatch.setattr(downloads, "require_bundle", lambda *_: quarantine_all())
    with pytest.raises(ArtifactQuarantined):
        download(artifact, uploader)
    assert not AuditEntry.objects.filter(action=AuditAction.DOWNLOAD).exists()


def test_download_when_quarantined_while_its_program_runs_then_no_link(
    artifact, uploader, monkeypatch
):
    monkeypatch.setattr(downloads, "ask_monitor", quarantine_all)
    with pytest.raises(ArtifactQuarantined):
        download(artifact, uploader)
    Revision.objects.update(decision=DecisionState.UNDECIDED)
    file = File.objects.select_related(*downloads.FILE_PLACE).first()
    with pytest.raises(ArtifactQuarantined):
        downloads.get_file_download(file=file, user=uploader)
    assert not AuditEntry.objects.filter(action=AuditAction.DOWNLOAD).exists()


def test_download_when_there_is_no_file_of_the_part_then_names_those_there_are(artifact, uploader):
    with pytest.raises(PartNotFound) as caught:
        download(artifact, uploader, "dataset")
    assert caught.value.present == ("card", "weights")


def test_download_when_there_are_no_files_then_says_so(source, uploader, settings):
    source.snapshot = make_snapshot(make_reference(), contents={})
    settings.REGISTRY_TASKS = "worker"
    empty = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader
    ).artifact
    Revision.objects.update(content_state=ContentState.STORED)
    with pytest.raises(PartNotFound, match="no files"):
        download(empty, uploader)


@pytest.mark.parametrize("part", ["", "config", "everything", "FULL"])
def test_download_when_the_part_is_unknown_then_names_those_there_are(artifact, uploader, part):
    with pytest.raises(InvalidRequest, match="weights"):
        download(artifact, uploader, part)


def test_download_when_there_is_no_such_artifact_then_says_so(uploader):
    with pytest.raises(ArtifactNotFound):
        get_download(
            artifact_type=ArtifactType.MODEL, artifact_id="model-9-9", part="full", user=uploader
        )
