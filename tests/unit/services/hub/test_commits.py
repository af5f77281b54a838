"""Commits: a new revision or nothing, whoever sends them."""

import base64
import hashlib
import json

import pytest

from artifacts.enums import ArtifactType, ContentState, GateVerdict, SourceKind
from artifacts.exceptions import (
    ArchiveRefused,
    ArtifactNotFound,
    BlobsMissing,
    CommitOutdated,
    ContentNotKept,
    ContentPending,
    ContentTooLarge,
    InvalidRequest,
    LfsObjectMissing,
    LfsObjectPending,
    PathNotThere,
    UploadRefused,
)
from artifacts.models import Artifact, AuditEntry, Blob, LfsObject, SearchDocument, Task, User
from artifacts.rules.hub.commits import commit_of
from artifacts.rules.hub.operations import read_commit
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.content.lfs_objects import Announcement, announce_objects
from artifacts.services.hub import commits
from artifacts.services.hub.commits import commit_files
from artifacts.services.hub.repositories import create_repository, get_own_repository
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.sources.commits import refer_to
from artifacts.storage.keys import blob_key, incoming_lfs_key, record_key
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one

pytestmark = pytest.mark.django_db
CARD = b"---\nlicense: mit\n---\n# robot\n"
MODEL = ArtifactType.MODEL
WEIGHTS = b"w" * 1_000


def sha256_of(content):
    return hashlib.sha256(content).hexdigest()


def file(path, content):
    encoded = base64.b64encode(content).decode()
    return {"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}}


def large(path, content, size=None):
    value = {"path": path, "algo": "sha256", "oid": sha256_of(content), "size": len(content)}
    return {"key": "lfsFile", "value": value | ({"size": size} if size else {})}


def deleted(path):
    key = "deletedFolder" if path.endswith("/") else "deletedFile"
    return {"key": key, "value": {"path": path}}


def body(*lines, parent=None):
    header = {"summary": "a change", "description": ""}
    header |= {"parentCommit": parent} if parent else {}
    return b"\n".join(
        json.dumps(each).encode() for each in ({"key": "header", "value": header}, *lines)
    )


def send(user, artifact, content):
    """Announce bytes and put them where the client would."""
    (sending,) = announce_objects(
        user=user,
        artifact_id=artifact.id,
        wanted=[Announcement(sha256_of(content), len(content))],
    )
    if sending.object_id is not None:
        get_store().replace(incoming_lfs_key(sending.object_id), content, "")
    return sending


@pytest.fixture
def repository(uploader):
    artifact, _ = create_repository(artifact_type=MODEL, owner="", name="robot", user=uploader)
    return artifact


@pytest.fixture
def push(repository, uploader):
    """Commit to the repository as it is now."""

    def commit(*lines, parent=None, user=uploader, artifact=None):
        now = artifact or Artifact.objects.select_related("current_revision").get(id=repository.id)
        reference = refer_to(f"registry.{uploader.username}/robot", "robot")
        return commit_files(
            artifact=now, reference=reference, commit=read_commit(body(*lines, parent=parent)),
            user=user,
        )  # fmt: skip

    return commit


def paths_of(revision):
    return dict(revision.files.values_list("path", "blob_id"))


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


def test_commit_when_a_large_file_was_sent_then_it_is_in_the_revision(repository, push, uploader):
    send(uploader, repository, WEIGHTS)
    revision = push(large("model.bin", WEIGHTS))
    assert paths_of(revision) == {"model.bin": sha256_of(WEIGHTS)}
    assert get_store().read(blob_key(sha256_of(WEIGHTS))) == WEIGHTS
    assert not list(get_store().list("incoming/"))


def test_commit_when_a_large_file_was_not_sent_then_refused_and_nothing_is_there(
    repository, push, uploader
):
    announce_objects(
        user=uploader, artifact_id=repository.id,
        wanted=[Announcement(sha256_of(WEIGHTS), len(WEIGHTS))],
    )  # fmt: skip
    with pytest.raises(LfsObjectMissing, match=r"model\.bin"):
        push(large("model.bin", WEIGHTS))
    assert not Artifact.objects.visible().exists()


def test_commit_when_only_another_user_sent_the_bytes_then_a_digest_gives_nobody_them(
    repository, push, uploader
):
    other = User.objects.create_user("mallory", "x-long-password-1", can_upload=True)
    send(other, repository, WEIGHTS)
    theirs, _ = create_repository(artifact_type=MODEL, owner="", name="m", user=other)
    commit_files(
        artifact=theirs, reference=refer_to("registry.mallory/m", "m"),
        commit=read_commit(body(large("model.bin", WEIGHTS))), user=other,
    )  # fmt: skip
    assert Blob.objects.filter(sha256=sha256_of(WEIGHTS)).exists()
    with pytest.raises(LfsObjectMissing):
        push(large("model.bin", WEIGHTS))
    assert send(uploader, repository, WEIGHTS).url  # They have to be sent.


def test_commit_when_the_bytes_are_in_the_repository_then_they_need_not_be_sent(
    repository, push, uploader
):
    send(uploader, repository, WEIGHTS)
    push(large("model.bin", WEIGHTS))
    LfsObject.objects.all().delete()
    assert send(uploader, repository, WEIGHTS).object_id is None
    push(deleted("model.bin"), file("a", b"a"))
    assert "again.bin" in paths_of(push(large("again.bin", WEIGHTS)))


def test_commit_when_the_size_is_another_than_the_bytes_then_refused(repository, push, uploader):
    send(uploader, repository, WEIGHTS)
    with pytest.raises(LfsObjectMissing):
        push(large("model.bin", WEIGHTS, size=7))


def test_commit_when_other_bytes_arrived_then_refused_and_the_old_revision_stays(
    repository, push, uploader
):
    first = push(file("README.md", CARD))
    sending = send(uploader, repository, WEIGHTS)
    get_store().replace(incoming_lfs_key(sending.object_id), b"x" * 1_000, "")
    with pytest.raises(UploadRefused, match="other bytes"):
        push(large("model.bin", WEIGHTS))
    assert Artifact.objects.get(id=repository.id).current_revision_id == first.pk
    assert not list(get_store().list(blob_key(sha256_of(WEIGHTS))))


def test_commit_when_a_task_still_compares_then_later_and_then_made(
    repository, push, uploader, set_limits, pauses
):
    set_limits(UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=10, LFS_COMMIT_WAIT_S=0.05)
    send(uploader, repository, WEIGHTS)
    with pytest.raises(LfsObjectPending, match="nothing is sent again"):
        push(large("model.bin", WEIGHTS))
    assert Task.objects.filter(name="check_lfs_object").count() == 1
    assert send(uploader, repository, WEIGHTS).object_id is None
    while run_one("tests"):
        pass
    assert push(large("model.bin", WEIGHTS)).number == 1


def test_commit_when_a_task_finds_other_bytes_then_refused_and_can_be_sent_again(
    repository, push, uploader, set_limits, pauses
):
    set_limits(UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=10, LFS_COMMIT_WAIT_S=0.05)
    sending = send(uploader, repository, WEIGHTS)
    get_store().replace(incoming_lfs_key(sending.object_id), b"x" * 1_000, "")
    with pytest.raises(LfsObjectPending):
        push(large("model.bin", WEIGHTS))
    while run_one("tests"):
        pass
    with pytest.raises(UploadRefused, match="other bytes"):
        push(large("model.bin", WEIGHTS))
    assert not list(get_store().list("incoming/"))
    again = send(uploader, repository, WEIGHTS)
    assert again.object_id not in (None, sending.object_id)


def test_commit_when_the_bucket_has_lost_a_checked_blob_then_it_must_be_sent_again(
    repository, push, uploader
):
    send(uploader, repository, WEIGHTS)
    push(large("model.bin", WEIGHTS))
    other, _ = create_repository(artifact_type=MODEL, owner="", name="second", user=uploader)
    get_store().delete([blob_key(sha256_of(WEIGHTS))])
    LfsObject.objects.update(made_blob=False)
    with pytest.raises(BlobsMissing, match="Upload them again"):
        commit_files(
            artifact=other, reference=refer_to(f"registry.{uploader.username}/second", "second"),
            commit=read_commit(body(large("model.bin", WEIGHTS))), user=uploader,
        )  # fmt: skip
    assert not list(get_store().list(record_key(other.id)))
    assert send(uploader, other, WEIGHTS).url


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


def test_commit_when_all_weights_are_broken_then_refused(push):
    with pytest.raises(ArchiveRefused, match="is broken"):
        push(file("model.safetensors", b"no header at all"))


def test_commit_when_some_weights_are_broken_then_marked(push):
    revision = push(file("model.safetensors", b"no header"), file("model.bin", WEIGHTS))
    assert "1 of its files" in revision.content_reason
    later = push(file("a", b"a"))
    assert later.files.get(path="model.safetensors").fault
    assert "1 of its files" in later.content_reason


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
