import json

import pytest

from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, AuditEntry, File, Revision, SearchDocument, Task
from artifacts.rules.digest import Sha256
from artifacts.services.catalogue import deletion
from artifacts.services.catalogue.deletion import delete_artifact, remove_objects
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.mirror import mirror_revision
from artifacts.storage.keys import blob_key, tombstone_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def artifact(source, uploader, settings) -> Artifact:
    settings.REGISTRY_TASKS = "worker"
    found = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader
    ).artifact
    mirror_revision(revision_id=found.current_revision_id)
    return found


def delete(artifact_id: str, user, artifact_type: str = "model") -> None:
    delete_artifact(artifact_type=ArtifactType(artifact_type), artifact_id=artifact_id, user=user)


def test_delete_when_it_exists_then_every_row_of_it_goes(artifact, administrator):
    delete(artifact.id, administrator)
    for model in (Artifact, Revision, File, SearchDocument):
        assert not model.objects.exists()


def test_delete_when_done_then_staff_can_see_who(artifact, administrator):
    delete(artifact.id, administrator)
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.artifact_id, entry.user_name) == (
        AuditAction.DELETE, artifact.id, "ada",
    )  # fmt: skip


def test_delete_when_its_task_has_run_then_the_bucket_keeps_only_blobs(artifact, administrator):
    blobs = [blob_key(Sha256(file.blob_id)) for file in File.objects.all()]
    delete(artifact.id, administrator)
    assert Task.objects.filter(name="remove_objects", artifact_id=artifact.id).exists()
    remove_objects(artifact_id=artifact.id)
    (left,) = [found.key for found in get_store().list("") if artifact.id in found.key]
    assert left == tombstone_key(artifact.id)
    assert json.loads(get_store().read(left)) == {"id": artifact.id, "user_name": "ada"}
    assert len(blobs) == 3
    assert all(get_store().stat(key) for key in blobs)


def test_delete_when_the_id_is_given_again_then_its_objects_stay(artifact):
    remove_objects(artifact_id=artifact.id)
    assert [found for found in get_store().list("artifacts/") if artifact.id in found.key]


@pytest.mark.parametrize("kind", ["dataset", "code"])
def test_delete_when_the_type_is_wrong_then_it_stays(artifact, administrator, kind):
    with pytest.raises(ArtifactNotFound):
        delete(artifact.id, administrator, kind)
    assert Artifact.objects.exists()


def test_delete_when_unknown_then_says_so(administrator):
    with pytest.raises(ArtifactNotFound, match="invalidId"):
        delete("invalidId", administrator)


def test_delete_when_done_then_the_source_can_be_registered_anew(artifact, administrator):
    delete(artifact.id, administrator)
    again = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=administrator
    )
    assert again.artifact.id != artifact.id


def test_delete_when_somebody_else_was_faster_then_says_that_it_is_gone(
    artifact, administrator, monkeypatch
):
    delete(artifact.id, administrator)
    monkeypatch.setattr(deletion, "get_artifact", lambda *_, **__: artifact)
    with pytest.raises(ArtifactNotFound):
        delete(artifact.id, administrator)
    assert not Artifact.objects.exists()
    assert AuditEntry.objects.filter(action=AuditAction.DELETE).count() == 1
    assert not Task.objects.filter(name="follow_parent").exists()
