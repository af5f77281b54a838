"""Commits: a new revision or nothing."""

import json

import pytest

from artifacts.enums import ContentState, GateVerdict, SourceKind
from artifacts.exceptions import (
    ArtifactNotFound,
    CommitOutdated,
    ContentNotKept,
    ContentPending,
    ContentTooLarge,
    InvalidRequest,
    PathNotThere,
)
from artifacts.models import Artifact, AuditEntry, Blob, SearchDocument
from artifacts.rules.hub.commits import commit_of
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.hub import commits
from artifacts.services.hub.repositories import get_own_repository
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one
from tests.unit.services.hub.committing import CARD, MODEL, deleted, file, paths_of, sha256_of

pytestmark = pytest.mark.django_db


def test_repository_when_created_then_invisible_until_its_first_commit(repository, push):
    assert not Artifact.objects.visible().exists()
    assert not get_store().list("artifacts/") or not list(get_store().list("artifacts/"))
    push(file("README.md", CARD))
    assert Artifact.objects.visible().get().id == repository.id


def test_first_commit_when_made_then_a_whole_revision_with_record_and_audit(repository, push):
    revision = push(file("README.md", CARD), file("src/run.py", b"print()\n"))
    assert (revision.number, revision.source_kind) == (1, SourceKind.COMMIT)
    assert paths_of(revision) == {
        "README.md": sha256_of(CARD), "src/run.py": sha256_of(b"print()\n"),
    }  # fmt: skip
    assert (revision.content_state, revision.stored_bytes) == (ContentState.STORED, len(CARD) + 8)
    assert revision.license == "mit"
    assert revision.facts["commit_summary"] == "a change"
    assert revision.current_rating.gate == GateVerdict.EXEMPT
    assert SearchDocument.objects.get().readme == CARD.decode()
    record = json.loads(get_store().read(record_key(repository.id)))
    assert record["revision"]["content_state"] == "stored"
    assert {each["sha256"] for each in record["files"]} == set(paths_of(revision).values())
    assert AuditEntry.objects.filter(action="CREATE").get().artifact_id == repository.id


def test_next_commit_when_made_then_the_rest_stays_and_an_update_is_audited(repository, push):
    push(file("README.md", CARD), file("old/a", b"a"), file("old/b", b"b"), file("c", b"c"))
    revision = push(deleted("old/"), deleted("c"), file("new", b"n"))
    assert (revision.number, sorted(paths_of(revision))) == (2, ["README.md", "new"])
    actions = AuditEntry.objects.filter(artifact_id=repository.id)
    assert "UPDATE" in actions.values_list("action", flat=True)


def test_commit_when_nothing_changes_then_the_revision_stays(push):
    first = push(file("README.md", CARD))
    assert push(file("README.md", CARD)).pk == first.pk


def test_commit_when_its_parent_is_the_current_one_then_made_else_refused(repository, push):
    push(file("README.md", CARD))
    current = commit_of(artifact_id=repository.id, number=1, commit="", folder="")
    assert push(file("a", b"a"), parent=current).number == 2
    with pytest.raises(CommitOutdated, match="somebody else committed first"):
        push(file("b", b"b"), parent=current)


@pytest.mark.parametrize("made", [False, True], ids=["first", "next"])
def test_commits_when_two_begin_at_once_then_one_wins(repository, push, made):
    if made:
        push(file("README.md", CARD))
    before = Artifact.objects.select_related("current_revision").get(id=repository.id)
    number = push(file("a", b"a")).number
    with pytest.raises(CommitOutdated):
        push(file("b", b"b"), artifact=before)
    now = Artifact.objects.get(id=repository.id)
    assert now.current_revision.number == number
    assert "b" not in paths_of(now.current_revision)
    record = json.loads(get_store().read(record_key(repository.id)))
    assert "b" not in {each["path"] for each in record["files"]}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        pytest.param(deleted("none"), PathNotThere, id="a file that is not there"),
        pytest.param(deleted("none/"), PathNotThere, id="a folder that is not there"),
        pytest.param(file("readme.MD", b"x"), InvalidRequest, id="a name of another case"),
        pytest.param(file("README.md/x", b"x"), InvalidRequest, id="a file that is a folder"),
    ],
)
def test_commit_when_it_cannot_be_applied_then_refused_and_the_old_revision_stays(
    repository, push, line, error
):
    first = push(file("README.md", CARD))
    with pytest.raises(error):
        push(file("a", b"a"), line)
    assert Artifact.objects.get(id=repository.id).current_revision_id == first.pk


def test_commit_when_it_is_the_first_and_adds_nothing_then_refused(push):
    with pytest.raises(InvalidRequest, match="adds no file"):
        push()


def test_commit_when_larger_than_what_is_kept_then_refused(push, settings):
    settings.REGISTRY_CONTENT_MAX_BYTES = 10
    with pytest.raises(ContentTooLarge):
        push(file("README.md", CARD))
    assert not Blob.objects.exists()


def test_commit_when_the_artifact_is_deleted_meanwhile_then_nothing_comes_back(
    repository, push, uploader
):
    push(file("README.md", CARD))
    before = Artifact.objects.select_related("current_revision").get(id=repository.id)
    delete_artifact(artifact_type=MODEL, artifact_id=repository.id, user=uploader)
    with pytest.raises(ArtifactNotFound):
        push(file("a", b"a"), artifact=before)
    assert not Artifact.objects.exists()


@pytest.mark.parametrize(
    ("state", "error"),
    [(ContentState.PENDING, ContentPending), (ContentState.LINK_ONLY, ContentNotKept)],
)
def test_commit_when_files_of_the_base_are_not_here_then_refused(repository, push, state, error):
    revision = push(file("README.md", CARD))
    revision.files.update(blob=None)
    revision.content_state = state
    revision.save()
    with pytest.raises(error):
        push(file("a", b"a"))


def test_rebuild_when_the_rows_are_lost_then_the_committed_revision_is_back(repository, push):
    push(file("README.md", CARD))
    push(file("a", b"a"))
    while run_one("tests"):
        pass
    Artifact.objects.all().delete()
    assert rebuild_index().restored == [repository.id]
    artifact = Artifact.objects.select_related("current_revision").get(id=repository.id)
    assert (artifact.current_revision.number, artifact.current_revision.content_state) == (
        2, ContentState.STORED,
    )  # fmt: skip
    assert sorted(paths_of(artifact.current_revision)) == ["README.md", "a"]


def test_commit_when_the_writing_fails_then_no_record_is_left(repository, push, monkeypatch):
    def fail(*_args, **_given):
        raise CommitOutdated

    monkeypatch.setattr(commits, "keep_blobs", fail)
    with pytest.raises(CommitOutdated):
        push(file("README.md", CARD))
    assert not list(get_store().list("artifacts/"))
    assert get_own_repository(
        artifact_type=MODEL, repo_id=f"registry.{Artifact.objects.get().uploader_name}/robot",
        user=Artifact.objects.get().uploader,
    ).current_revision is None  # fmt: skip
