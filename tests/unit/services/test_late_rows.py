"""What an operation rests on goes in its middle, at the worst moment: it is refused whole."""

import pytest

from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import (
    ArtifactNotFound,
    ChangedMeanwhile,
    CredentialsRefused,
    SourceUnavailable,
    UploadNotFound,
)
from artifacts.models import (
    AccessToken,
    Artifact,
    AuditEntry,
    Rating,
    Revision,
    Task,
    Upload,
    User,
)
from artifacts.services.access import authentication
from artifacts.services.catalogue import deletion, registration, replacement
from artifacts.services.trust import rating
from artifacts.storage.keys import upload_key
from artifacts.storage.store import get_store
from tests.functional.api.uploading import digest, make_zip
from tests.unit.services.conftest import URL, make_reference, make_snapshot
from tests.unit.services.interleaving import (
    ENDS,
    OTHER_URL,
    PASSWORD,
    close,
    record_of,
    register,
    replace,
    start_anew,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tasks_wait")]


@pytest.fixture
def artifact(source, uploader) -> Artifact:
    return register(uploader).artifact


@ENDS
@pytest.mark.parametrize("is_silent", [False, True], ids=["answers", "silent"])
def test_register_when_the_user_ends_then_refused_and_nothing_is_left(
    source, uploader, before, end, error, is_silent
):
    source.error = SourceUnavailable("It sleeps.") if is_silent else None
    before(registration, "next_id", lambda: end(uploader))
    with pytest.raises(error):
        register(uploader)
    assert not Artifact.objects.exists()
    assert list(get_store().list("artifacts/")) == []


def test_register_when_the_upload_is_forgotten_then_refused_and_nothing_is_left(uploader, before):
    data = make_zip()
    upload = Upload.objects.create(
        user=uploader, filename="a.zip", size_bytes=len(data), sha256=digest(data)
    )
    get_store().create(upload_key(upload.id), data, "application/zip")
    before(registration, "next_id", Upload.objects.all().delete)
    with pytest.raises(UploadNotFound):
        register(uploader, upload.url)
    assert not Artifact.objects.exists()
    assert list(get_store().list("artifacts/")) == []


@ENDS
@pytest.mark.parametrize("is_silent", [False, True], ids=["answers", "silent"])
def test_replace_when_the_user_ends_then_refused_and_the_old_stays(
    source, artifact, uploader, before, end, error, is_silent
):
    source.snapshot = make_snapshot(make_reference(OTHER_URL))
    source.error = SourceUnavailable("It sleeps.") if is_silent else None
    before(replacement, "refuse_duplicate", lambda: end(uploader))
    with pytest.raises(error):
        replace(uploader, artifact)
    assert Revision.objects.count() in (0, 1)  # none after a reset
    assert not Task.objects.filter(name="ingest_replacement").exists()


@pytest.mark.parametrize("is_silent", [False, True], ids=["answers", "silent"])
def test_replace_when_the_artifact_is_deleted_then_404(
    source, artifact, uploader, before, is_silent
):
    source.error = SourceUnavailable("It sleeps.") if is_silent else None
    before(replacement, "refuse_duplicate", Artifact.objects.all().delete)
    with pytest.raises(ArtifactNotFound):
        replace(uploader, artifact, URL)
    assert not Task.objects.filter(name="ingest_replacement").exists()
    replacement.complete_replacement(artifact_id=artifact.id, url=URL, username="ursula")


@ENDS
def test_delete_when_the_user_ends_then_refused(source, artifact, uploader, before, end, error):
    before(deletion, "get_artifact", lambda: end(uploader), after=True)
    with pytest.raises(error):
        deletion.delete_artifact(
            artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, user=uploader
        )
    assert not AuditEntry.objects.filter(action=AuditAction.DELETE).exists()


@ENDS
def test_rate_when_the_user_ends_then_refused(source, artifact, uploader, before, end, error):
    count = Rating.objects.count()
    before(rating, "rate_revision", lambda: end(uploader), after=True)
    with pytest.raises(error):
        rating.refresh_rating(artifact_id=artifact.id, user=uploader)
    assert Rating.objects.count() in (0, count)


def test_rate_when_the_artifact_is_deleted_then_404_and_its_task_ends(
    source, artifact, uploader, before
):
    before(rating, "rate_revision", Artifact.objects.all().delete, after=True)
    with pytest.raises(ArtifactNotFound):
        rating.refresh_rating(artifact_id=artifact.id, user=uploader)
    assert not Rating.objects.exists()
    rating.complete_rating(artifact_id=artifact.id)


def test_rate_when_a_whole_rating_came_first_then_an_incomplete_one_does_not_hide_it(
    source, artifact, uploader, before, outside
):
    def come_first():
        whole = Rating.objects.get()
        whole.pk, whole.is_incomplete, whole._state.adding = None, False, True
        whole.save()
        Revision.objects.update(current_rating=whole)

    outside.commits = SourceUnavailable("It sleeps.")
    before(rating, "rate_revision", come_first, after=True)
    assert rating.refresh_rating(artifact_id=artifact.id, user=uploader).is_incomplete
    assert not Revision.objects.get().current_rating.is_incomplete


def test_late_source_when_the_artifact_is_dropped_then_no_record_is_left(source, uploader, before):
    source.error = SourceUnavailable("It sleeps.")
    waiting = register(uploader).artifact
    source.error = None
    before(registration, "assess_snapshot", Artifact.objects.all().delete)
    registration.complete_registration(artifact_id=waiting.id, url=URL)
    assert list(get_store().list("artifacts/")) == []


def test_late_source_when_it_answers_while_staff_drops_it_then_it_stays(source, artifact):
    registration.drop_artifact(artifact_id=artifact.id, reason="Too late.", url=URL)
    assert record_of(artifact)["id"] == artifact.id


@pytest.mark.parametrize(
    ("end", "error"),
    [
        (User.delete, CredentialsRefused),
        (close, CredentialsRefused),
        (start_anew, CredentialsRefused),
        (lambda user: User.objects.update(password="another"), CredentialsRefused),
    ],
    ids=["deleted", "closed", "reset", "another password"],
)
def test_sign_in_when_the_account_changes_then_no_token(uploader, before, end, error):
    before(authentication, "check_credentials", lambda: end(uploader), after=True)
    with pytest.raises(error):
        authentication.issue_token(username="ursula", password=PASSWORD)
    assert not AccessToken.objects.exists()


def test_sign_in_when_the_account_changes_each_time_then_says_so(uploader, monkeypatch):
    def change(**_given):
        found = User.objects.get()
        User.objects.update(password=f"another-{found.password}")
        return found

    monkeypatch.setattr(authentication, "check_credentials", change)
    with pytest.raises(ChangedMeanwhile):
        authentication.issue_token(username="ursula", password=PASSWORD)
