from unittest.mock import Mock

import pytest

from artifacts.enums import ArtifactType, ContentState, DecisionState
from artifacts.exceptions import ArtifactQuarantined, ContentNotKept, PermissionMissing
from artifacts.models import AuditEntry, DownloadTally, Revision, User
from artifacts.selectors.hub.repositories import find_repository
from artifacts.selectors.hub.trees import find_file
from artifacts.services.hub import downloads
from artifacts.services.hub.downloads import Asked, Given, give_file, require_kept
from artifacts.storage.keys import blob_key
from artifacts.storage.local import LocalStore
from artifacts.storage.store import get_store
from tests.factories.repositories import WEIGHTS, make_repository, sha256_of

pytestmark = pytest.mark.django_db
PATH = "onnx/model.safetensors"


def asked_for(user: User, asked: Asked) -> Given:
    found = find_repository(ArtifactType.MODEL, "acme/robot")
    return give_file(
        artifact=found.artifact,
        revision=found.revision,
        entry=find_file(found.revision, PATH),
        user=user,
        asked=asked,
    )


@pytest.fixture
def by_links(set_limits):
    """Even small files are given by links, as those of a bucket are."""
    set_limits(FILE_ANSWERED_MAX_BYTES=0)


def test_file_when_it_is_small_and_here_then_its_bytes_and_else_a_link(uploader, monkeypatch):
    make_repository()
    assert asked_for(uploader, Asked(0, 1024)) == Given("", WEIGHTS)
    assert asked_for(uploader, Asked(1000, 1024)) == Given("", WEIGHTS[1000:])
    empty = asked_for(uploader, Asked(1024, 1024))
    assert (empty.content, empty.link[:9]) == (None, "/content/")
    monkeypatch.setattr(LocalStore, "is_here", False)
    assert asked_for(uploader, Asked(0, 1024)).content is None
    assert DownloadTally.objects.get().size_bytes == 1024 + 24 + 1024


def test_file_when_its_bytes_are_lost_then_a_link_that_says_so(uploader):
    make_repository()
    get_store().delete([blob_key(sha256_of(WEIGHTS))])
    assert asked_for(uploader, Asked(0, 1024)).content is None


def test_link_when_asked_for_piece_by_piece_then_one_entry_and_all_bytes(uploader, by_links):
    make_repository()
    assert asked_for(uploader, Asked(0, 1024)).link.startswith("/content/")
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


def test_file_when_quarantined_while_its_program_runs_then_refused(uploader, monkeypatch):
    make_repository()

    def ask(**_named):
        Revision.objects.update(decision=DecisionState.QUARANTINED)
        return Mock()

    monkeypatch.setattr(downloads, "ask_monitor", ask)
    with pytest.raises(ArtifactQuarantined):
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
