import pytest

from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import (
    ArtifactExists,
    ArtifactNotFound,
    InvalidRequest,
    NotTheUploader,
    SourceRefused,
    SourceUnavailable,
)
from artifacts.models import Artifact, AuditEntry, Revision, SearchDocument, Task, User
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.catalogue.replacement import complete_replacement, replace_artifact
from tests.clients import PASSWORD
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db
NEW_URL = "https://huggingface.co/acme/robot-2"


@pytest.fixture
def artifact(source, uploader) -> Artifact:
    registered = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name="r", user=uploader
    ).artifact
    source.snapshot = make_snapshot(make_reference(NEW_URL), readme="# Two\n\nServes coffee.")
    return registered


def replace(artifact, user, url=NEW_URL, name="r"):
    return replace_artifact(
        artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, name=name, url=url, user=user
    )


def test_replace_when_the_source_answers_then_the_new_revision_is_current(artifact, administrator):
    result = replace(artifact, administrator)
    artifact.refresh_from_db()
    revision = artifact.current_revision
    assert not result.is_deferred
    assert (revision.number, revision.url, revision.created_by) == (2, NEW_URL, "ada")
    assert "coffee" in SearchDocument.objects.get().readme
    assert artifact.source_key == "huggingface_model:acme/robot-2"


def test_replace_when_done_then_the_old_revision_is_kept(artifact, administrator):
    replace(artifact, administrator)
    assert list(Revision.objects.order_by("number").values_list("number", "url")) == [
        (1, URL), (2, NEW_URL),
    ]  # fmt: skip


def test_replace_when_done_then_the_trail_says_who(artifact, administrator):
    replace(artifact, administrator)
    entries = AuditEntry.objects.order_by("id").values_list("action", "user_name")
    assert list(entries) == [
        (AuditAction.CREATE, "ursula"),
        (AuditAction.RATE, "ursula"),
        (AuditAction.UPDATE, "ada"),
        (AuditAction.RATE, "ada"),
    ]


def test_replace_when_done_then_the_old_source_is_free(artifact, source, uploader):
    replace(artifact, uploader)
    source.snapshot = make_snapshot(make_reference())
    again = register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    assert again.artifact.id != artifact.id


def test_replace_when_the_url_is_the_same_then_taken_anew(artifact, source, uploader):
    source.snapshot = make_snapshot(make_reference(), license="apache-2.0")
    replace(artifact, uploader, url=URL)
    artifact.refresh_from_db()
    assert (artifact.current_revision.number, artifact.current_revision.license) == (
        2, "apache-2.0",
    )  # fmt: skip


def test_replace_when_the_name_differs_then_refused(artifact, uploader):
    with pytest.raises(InvalidRequest, match="must match"):
        replace(artifact, uploader, name="another")


def test_replace_when_there_is_no_such_artifact_then_says_so(source, uploader):
    with pytest.raises(ArtifactNotFound):
        replace_artifact(
            artifact_type=ArtifactType.MODEL,
            artifact_id="model-9-9",
            name="r",
            url=URL,
            user=uploader,
        )


def test_replace_when_another_artifact_has_the_source_then_named(artifact, uploader):
    other = register_artifact(
        artifact_type=ArtifactType.MODEL, url=NEW_URL, name=None, user=uploader
    ).artifact
    with pytest.raises(ArtifactExists) as caught:
        replace(artifact, uploader)
    assert caught.value.artifact_id == other.id
    artifact.refresh_from_db()
    assert artifact.current_revision.number == 1


def test_replace_when_the_source_refuses_then_the_old_revision_stays(artifact, source, uploader):
    source.error = SourceRefused("There is no such repository.")
    with pytest.raises(SourceRefused):
        replace(artifact, uploader)
    artifact.refresh_from_db()
    assert artifact.current_revision.number == 1


def test_replace_when_the_source_is_silent_then_done_later(artifact, source, uploader, settings):
    settings.REGISTRY_TASKS = "worker"
    source.error = SourceUnavailable("The Hub does not answer.")
    assert replace(artifact, uploader).is_deferred
    artifact.refresh_from_db()
    assert artifact.current_revision.number == 1
    task = Task.objects.filter(name="ingest_replacement").get()
    source.error = None
    complete_replacement(artifact_id=artifact.id, **task.arguments)
    artifact.refresh_from_db()
    assert artifact.current_revision.number == 2


def demote(user):
    User.objects.filter(pk=user.pk).update(can_upload=False)


@pytest.mark.parametrize("end", [demote, User.delete], ids=["demoted", "deleted"])
def test_complete_replacement_when_only_uploaders_replace_then_judged_again(
    artifact, uploader, settings, end
):
    settings.REGISTRY_OWNERSHIP = "uploader"
    complete_replacement(artifact_id=artifact.id, url=NEW_URL, username="ursula")
    artifact.refresh_from_db()
    assert artifact.current_revision.number == 2
    end(uploader)
    with pytest.raises(NotTheUploader):
        complete_replacement(artifact_id=artifact.id, url=NEW_URL, username="ursula")
    artifact.refresh_from_db()
    assert artifact.current_revision.number == 2


def test_complete_replacement_when_it_is_anothers_by_now_then_refused(artifact, source, settings):
    settings.REGISTRY_OWNERSHIP = "uploader"
    User.objects.create_user("carl", PASSWORD, can_upload=True)
    with pytest.raises(NotTheUploader):
        complete_replacement(artifact_id=artifact.id, url=NEW_URL, username="carl")
    assert artifact.revisions.count() == 1


def test_complete_replacement_when_the_artifact_is_gone_then_nothing(artifact):
    Artifact.objects.all().delete()
    complete_replacement(artifact_id=artifact.id, url=NEW_URL, username="ursula")
    assert not Revision.objects.exists()
