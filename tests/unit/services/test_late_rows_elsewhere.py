"""The same as in `test_late_rows`, for uploads, readers, resets, records and edges."""

import hashlib
import threading

import pytest
from django.db import connection

from artifacts.database.transactions import writing
from artifacts.enums import ArtifactType, AuditAction, UploadState
from artifacts.exceptions import (
    ArtifactNotFound,
    AuthenticationFailed,
    ResetForbidden,
    UploadNotFound,
)
from artifacts.models import (
    Artifact,
    AuditEntry,
    LineageEdge,
    Task,
    Upload,
    User,
)
from artifacts.services.access import audit, authentication
from artifacts.services.catalogue import deletion
from artifacts.services.content import downloads, mirror, uploads
from artifacts.services.lineage import edges
from artifacts.services.records import artifact_records
from artifacts.services.upkeep import missing_objects, reset, restoring
from artifacts.storage.keys import record_key
from artifacts.storage.local import LocalStore
from artifacts.storage.local_parts import LocalParts
from artifacts.storage.store import get_store
from tests.clients import ApiClient
from tests.factories.ratings import make_edge
from tests.unit.services.conftest import make_reference, make_snapshot
from tests.unit.services.interleaving import (
    ENDS,
    OTHER_URL,
    record_of,
    register,
    replace,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tasks_wait")]


@pytest.fixture
def artifact(source, uploader) -> Artifact:
    return register(uploader).artifact


@ENDS
@pytest.mark.parametrize("in_parts", [False, True])
def test_announcement_when_the_user_ends_then_refused_and_nothing_is_begun(
    uploader, before, end, error, in_parts
):
    name = ("begin", LocalParts) if in_parts else ("upload_target", LocalStore)
    before(name[1], name[0], lambda: end(uploader), after=True)
    with pytest.raises(error):
        uploads.begin_upload(
            user=uploader, filename="a.zip", size_bytes=5, sha256="ab" * 32, in_parts=in_parts
        )
    assert not Upload.objects.exists()
    assert list(get_store().parts.list_begun()) == []


def test_completion_when_the_upload_is_forgotten_then_404_and_nothing_is_checked(
    uploader, monkeypatch
):
    upload, _ = uploads.begin_upload(user=uploader, filename="a.zip", size_bytes=5, in_parts=True)
    monkeypatch.setattr(LocalParts, "join", lambda *_: Upload.objects.all().delete())
    digests = [hashlib.sha256(b"bytes").hexdigest()]
    with pytest.raises(UploadNotFound):
        uploads.complete_upload(user=uploader, upload_id=upload.id, digests=digests)
    assert not Task.objects.filter(name="check_upload").exists()
    assert not Upload.objects.filter(state=UploadState.CHECKING).exists()


@ENDS
def test_reading_when_the_user_ends_then_refused(source, artifact, uploader, end, error):
    end(uploader)
    with pytest.raises(error):
        audit.record_reading(artifact=artifact, user=uploader)
    assert not AuditEntry.objects.filter(action=AuditAction.AUDIT).exists()


def test_download_when_the_artifact_goes_then_404_and_no_entry(source, artifact, uploader, before):
    mirror.mirror_revision(revision_id=artifact.current_revision_id)
    before(downloads, "require_bundle", Artifact.objects.all().delete, after=True)
    with pytest.raises(ArtifactNotFound):
        downloads.get_download(
            artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, part="full", user=uploader
        )
    assert not AuditEntry.objects.filter(action=AuditAction.DOWNLOAD).exists()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda user: user.tokens.all().delete(), AuthenticationFailed),
        (lambda user: User.objects.update(is_admin=False), ResetForbidden),
        (lambda user: User.objects.update(is_active=False), AuthenticationFailed),
    ],
    ids=["token ended", "demoted", "closed"],
)
def test_reset_when_its_caller_lost_the_right_then_nothing_is_reset(administrator, change, error):
    digest = authentication.digest_of(ApiClient(administrator).token)
    change(administrator)
    with pytest.raises(error):
        reset.reset_registry(user=administrator, token_digest=digest)
    assert User.objects.get().username == "ada"


def test_record_when_replaced_while_it_is_written_then_it_is_the_new_one(
    source, artifact, uploader, before
):
    def replaced():
        source.snapshot = make_snapshot(make_reference(OTHER_URL))
        replace(uploader, artifact)
        artifact_records.store_record(artifact.id)

    before(LocalStore, "replace", replaced)
    artifact_records.store_record(artifact.id)
    assert record_of(artifact)["revision"]["number"] == 2


@pytest.mark.parametrize("is_reset", [False, True], ids=["deleted", "reset"])
def test_restoring_when_the_artifact_was_deleted_meanwhile_then_it_stays_so(
    source, artifact, administrator, is_reset
):
    record = record_of(artifact)
    if is_reset:
        reset.reset_registry(user=administrator, token_digest=None)
    else:
        deletion.delete_artifact(
            artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, user=administrator
        )
    assert restoring.restore_record(record, is_current=True) is restoring.Outcome.DEAD
    assert not Artifact.objects.exists()


def test_restoring_when_its_registration_failed_and_took_the_record_then_it_goes_too(
    source, artifact
):
    record, artifact_id = record_of(artifact), artifact.id
    Artifact.objects.all().delete()
    get_store().delete([record_key(artifact.id)])
    restoring.restore_record(record, is_current=True)
    missing_objects.forget_without_record(artifact.id)
    missing_objects.forget_without_record(artifact.id)
    assert not Artifact.objects.exists()
    trail = AuditEntry.objects.filter(artifact_id=artifact_id, action=AuditAction.DELETE)
    assert [each.note for each in trail] == [
        "its registration failed while the registry was rebuilt"
    ]


@pytest.mark.django_db(transaction=True)
def test_restoring_when_the_artifact_is_being_deleted_then_the_deletion_waits(
    source, artifact, before, request
):
    deletion_of_it = threading.Thread(target=delete_elsewhere, args=(artifact.id,))
    request.addfinalizer(lambda: deletion_of_it.is_alive() and deletion_of_it.join())

    def delete_meanwhile():
        deletion_of_it.start()
        # Over before that, if it does not wait.
        deletion_of_it.join(0.5)

    before(restoring, "_restore_revision", delete_meanwhile)
    outcome = restoring.restore_record(record_of(artifact), is_current=True)
    deletion_of_it.join()
    assert outcome is restoring.Outcome.KNOWN
    assert not Artifact.objects.exists()


def delete_elsewhere(artifact_id: str) -> None:
    """Delete it over another connection."""
    try:
        with writing():
            Artifact.objects.filter(id=artifact_id).delete()
    finally:
        connection.close()


def test_edge_when_its_parent_is_deleted_before_it_is_linked_then_it_waits(
    source, artifact, uploader, before
):
    source.snapshot = make_snapshot(make_reference(OTHER_URL))
    child = register(uploader, OTHER_URL).artifact
    edge = make_edge(child, "acme/robot")
    LineageEdge.objects.update(parent_key=artifact.source_key, parent=None)
    before(edges, "keep_artifacts", Artifact.objects.filter(id=artifact.id).delete)
    edges.link_waiting_edges()
    edge.refresh_from_db()
    assert edge.parent_id is None
