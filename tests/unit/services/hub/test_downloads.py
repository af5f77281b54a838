import pytest

from artifacts.enums import ArtifactType, ContentState
from artifacts.exceptions import ContentNotKept, PermissionMissing
from artifacts.models import AuditEntry, DownloadTally, User
from artifacts.selectors.hub.repositories import find_repository
from artifacts.selectors.hub.trees import find_file
from artifacts.services.hub.downloads import Asked, get_link, require_kept
from tests.factories.repositories import WEIGHTS, make_repository, sha256_of

pytestmark = pytest.mark.django_db
PATH = "onnx/model.safetensors"


def asked_for(user: User, asked: Asked) -> str:
    found = find_repository(ArtifactType.MODEL, "acme/robot")
    return get_link(
        artifact=found.artifact,
        revision=found.revision,
        entry=find_file(found.revision, PATH),
        user=user,
        asked=asked,
    )


def test_link_when_asked_for_piece_by_piece_then_one_entry_and_all_bytes(uploader):
    make_repository()
    assert asked_for(uploader, Asked(0, 1024)).startswith("/content/")
    asked_for(uploader, Asked(100, 1024))
    asked_for(uploader, Asked(0, 1))
    tally = DownloadTally.objects.get()
    assert (tally.files, tally.size_bytes) == (1, 1024 + 924 + 1)
    assert tally.entry == AuditEntry.objects.get()
    assert tally.entry.note == "revision=1 by hub client"
    assert str(tally) == f"ursula {tally.artifact_id}: 1 files"


def test_link_when_the_permission_went_meanwhile_then_nothing_is_counted(uploader):
    make_repository()
    User.objects.update(can_download=False)
    with pytest.raises(PermissionMissing):
        asked_for(uploader, Asked(0, 1024))
    assert not DownloadTally.objects.exists()


def test_file_when_kept_then_its_digest_and_else_why_not(uploader):
    artifact = make_repository()
    found = find_repository(ArtifactType.MODEL, "acme/robot")
    entry = find_file(found.revision, PATH)
    assert require_kept(found.artifact, found.revision, entry, uploader) == sha256_of(WEIGHTS)
    artifact.current_revision.content_state = ContentState.LINK_ONLY
    artifact.current_revision.content_reason = "Too large."
    artifact.current_revision.save()
    found = find_repository(ArtifactType.MODEL, "acme/robot")
    with pytest.raises(ContentNotKept, match="Too large"):
        require_kept(found.artifact, found.revision, entry, uploader)
