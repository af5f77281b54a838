"""The rows come back from the bucket as they were."""

import hashlib
import json
from typing import Any

import pytest

from artifacts.enums import ArtifactType, ContentState
from artifacts.exceptions import RecordBroken
from artifacts.models import (
    Artifact,
    AuditEntry,
    Blob,
    File,
    IdSequence,
    LineageEdge,
    Rating,
    Revision,
    SearchDocument,
    Task,
    VersionTag,
)
from artifacts.rules.digest import Sha256
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.records.artifact_records import store_record
from artifacts.services.records.identity import next_id
from artifacts.services.upkeep import rebuild, restoring
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.storage.keys import RESET_MARKER_KEY, blob_key, record_key, revision_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import CONTENTS, URL, make_reference, make_snapshot

# Nobody deletes in this order by hand: what refers goes before what it refers to.
TABLES = (
    Task, AuditEntry, LineageEdge, Rating, SearchDocument, VersionTag, File, Artifact, Revision,
    Blob, IdSequence,
)  # fmt: skip
TAGS = {"v1.2.3": "dead1234", "latest": "c0ffee"}
# Numbers that the database gives itself.
OWN = {"id", "revision_id", "current_revision_id", "current_rating_id", "created_at"}


def rows():
    """Every row by its content."""
    found: dict[str, list[Any]] = {}
    for table in TABLES[1:-2]:
        values = table.objects.values()
        found[table.__name__] = sorted(
            json.dumps({k: v for k, v in row.items() if k not in OWN}, sort_keys=True, default=str)
            for row in values
        )
    found["Blob"] = sorted(Blob.objects.values_list("sha256", "size_bytes"))
    found["current"] = sorted(Artifact.objects.values_list("id", "current_revision__number"))
    found["dates"] = sorted(Revision.objects.values_list("number", "created_at"))
    found["trail"] = sorted(AuditEntry.objects.values_list("action", "created_at"))
    return found


def lose_database():
    Artifact.objects.update(current_revision=None)
    for table in TABLES:
        table.objects.all().delete()


@pytest.fixture
def artifact(source, uploader, django_capture_on_commit_callbacks):
    """One artifact of two revisions, both mirrored."""
    source.snapshot = make_snapshot(make_reference(), tags=TAGS, card={"base_model": "acme/mother"})
    with django_capture_on_commit_callbacks(execute=True):
        made = register_artifact(
            artifact_type=ArtifactType.MODEL, url=URL, name="tea", user=uploader
        ).artifact
    changed = CONTENTS | {"README.md": b"# robot\n\nServes coffee.\n"}
    source.contents = changed
    source.snapshot = make_snapshot(make_reference(), changed, readme="Serves coffee.")
    with django_capture_on_commit_callbacks(execute=True):
        replace_artifact(
            artifact_type=ArtifactType.MODEL,
            artifact_id=made.id,
            name="tea",
            url=URL,
            user=uploader,
        )
    return Artifact.objects.get()


def test_rebuild_when_the_database_is_lost_brings_every_row_back(artifact):
    before = rows()
    assert before["current"] == [(artifact.id, 2)]
    assert Revision.objects.filter(content_state=ContentState.STORED).count() == 2
    lose_database()
    result = rebuild_index()
    assert rows() == before
    assert (result.artifacts, result.revisions, result.broken) == (1, 2, {})
    assert next_id(ArtifactType.MODEL)[0].startswith("model-2-")


def test_rebuild_when_files_have_faults_brings_these_back(artifact):
    File.objects.filter(path="weights.bin").update(fault="It is broken.")
    Revision.objects.update(content_reason="A fault was found.")
    store_record(artifact.id)
    lose_database()
    rebuild_index()
    files = Artifact.objects.get().current_revision.files
    assert files.get(path="weights.bin").fault == "It is broken."
    assert files.exclude(fault="").count() == 1
    assert Artifact.objects.get().current_revision.content_reason == "A fault was found."


def test_rebuild_when_a_record_is_of_an_older_release_has_no_faults_and_no_targets(artifact):
    for key in (record_key(artifact.id), revision_key(artifact.id, 1)):
        record = json.loads(get_store().read(key))
        for each in record["files"]:
            del each["fault"]
        del record["revision"]["tag_targets"]
        get_store().replace(key, json.dumps(record).encode(), "application/json")
    lose_database()
    rebuild_index()
    assert File.objects.filter(fault="").count() == File.objects.count() > 0
    assert list(Revision.objects.values_list("tag_targets", flat=True)) == [{}, {}]


def test_rebuild_when_run_again_changes_nothing(artifact):
    lose_database()
    rebuild_index()
    before = rows()
    rebuild_index()
    assert rows() == before
    assert Task.objects.count() == 0


def test_rebuild_when_dry_changes_nothing(artifact):
    lose_database()
    result = rebuild_index(is_dry_run=True)
    assert (result.artifacts, result.revisions) == (1, 2)
    assert not any(table.objects.exists() for table in TABLES)


def test_rebuild_when_bytes_are_missing_has_them_fetched(
    artifact, django_capture_on_commit_callbacks
):
    before = rows()
    sha256 = hashlib.sha256(CONTENTS["weights.bin"]).hexdigest()
    lose_database()
    get_store().delete([blob_key(Sha256(sha256))])
    with django_capture_on_commit_callbacks():
        rebuild_index()
    assert File.objects.filter(path="weights.bin", blob=None).count() == 2
    assert not Blob.objects.filter(sha256=sha256).exists()
    assert set(Revision.objects.values_list("content_state", flat=True)) == {ContentState.PENDING}
    asked = {task.arguments["revision_id"] for task in Task.objects.filter(name="mirror_revision")}
    assert asked == set(Revision.objects.values_list("id", flat=True))
    assert rows() != before


def changed(key, **changes):
    record = json.loads(get_store().read(key)) | changes
    get_store().replace(key, json.dumps(record).encode(), "application/json")


def test_rebuild_when_a_record_is_of_a_newer_writer_passes_over_what_it_added(artifact):
    parent = {
        "parent_type": "model", "parent_key": "huggingface_model:acme/mother", "smell": "sweet",
        "parent_name": "acme/mother", "parent_url": "", "relationship": "merge", "origin": "tags",
    }  # fmt: skip
    changed(record_key(artifact.id), colour="green", parents=[parent])
    lose_database()
    assert rebuild_index().broken == {}
    assert Artifact.objects.visible().get().id == artifact.id
    assert LineageEdge.objects.get().relationship == "merge"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"format": 1}', id="fields missing"),
        pytest.param(b'{"format": 99, "revision": {}}', id="newer form"),
        pytest.param(b"\xff", id="no text"),
    ],
)
def test_rebuild_when_a_record_is_broken_reports_it_and_goes_on(artifact, damage):
    key = record_key("code-7-1760000000000007")
    get_store().replace(key, damage, "application/json")
    lose_database()
    result = rebuild_index()
    assert list(result.broken) == [key]
    assert Artifact.objects.visible().get().id == artifact.id
    assert IdSequence.objects.get(artifact_type="code").last_number == 7


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"files": [1]}, id="a file is a number"),
        pytest.param({"files": None}, id="no list of files"),
        pytest.param({"version_tags": [["v1", "many"]]}, id="a version is no number"),
        pytest.param({"tag_targets": [["v1", "c0ffee"]]}, id="tags are a list"),
        pytest.param({"tag_targets": {"v1": 7}}, id="a tag's commit is a number"),
        pytest.param({"audit": [{}]}, id="an entry is empty"),
        pytest.param({"created_us": None}, id="no date"),
        pytest.param({"id": "model-8-8"}, id="another artifact's"),
    ],
)
def test_rebuild_when_a_field_is_wrong_writes_nothing_of_the_record(artifact, changes):
    key = record_key(artifact.id)
    if "tag_targets" in changes:
        changes = {"revision": json.loads(get_store().read(key))["revision"] | changes}
    changed(key, **changes)
    get_store().delete([f"artifacts/{artifact.id}/revisions/{n}.json" for n in (1, 2)])
    lose_database()
    assert list(rebuild_index().broken) == [key]
    assert not Artifact.objects.exists()
    assert not File.objects.exists()


def test_rebuild_when_two_records_claim_one_source_restores_the_first(artifact):
    record = json.loads(get_store().read(record_key(artifact.id)))
    other = record | {"id": "model-9-1760000000000009"}
    get_store().create(record_key(other["id"]), json.dumps(other).encode(), "application/json")
    lose_database()
    for is_dry_run in (True, False):
        (found,) = rebuild_index(is_dry_run=is_dry_run).registered_again
        assert (found.artifact_id, found.holder) == (other["id"], artifact.id)
    assert Artifact.objects.visible().get().id == artifact.id


def test_rebuild_when_a_key_is_no_artifacts_reports_it(artifact):
    get_store().create("artifacts/readme.txt", b"x", "text/plain")
    lose_database()
    assert list(rebuild_index().broken) == ["artifacts/readme.txt"]


@pytest.mark.parametrize(("later_us", "restored"), [(0, 0), (-1, 1)], ids=["dead", "alive"])
def test_rebuild_when_the_registry_was_reset_leaves_what_was_before(artifact, later_us, restored):
    marker = json.dumps({"reset_us": artifact.created_us + later_us}).encode()
    get_store().replace(RESET_MARKER_KEY, marker, "application/json")
    lose_database()
    result = rebuild_index()
    assert Artifact.objects.count() == restored
    assert result.passed_over == (0 if restored else 3)


@pytest.mark.parametrize("marker", [b"{", b"{}", b"[]", b'{"reset_us": null}'])
def test_rebuild_when_the_reset_marker_is_broken_refuses(db, marker):
    get_store().replace(RESET_MARKER_KEY, marker, "application/json")
    with pytest.raises(RecordBroken, match="reset"):
        rebuild_index()


def test_rebuild_when_only_revisions_are_left_of_an_artifact_makes_none(artifact):
    get_store().delete([record_key(artifact.id)])
    lose_database()
    result = rebuild_index()
    assert list(result.broken) == [f"artifacts/{artifact.id}/revisions/{n}.json" for n in (1, 2)]
    assert not Artifact.objects.exists()


def test_rebuild_when_blobs_are_many_writes_them_in_batches(db, monkeypatch):
    monkeypatch.setattr(rebuild, "_BATCH_ROWS", 2)
    for number in range(5):
        get_store().create(blob_key(Sha256(f"{number}" * 64)), b"12", "x")
    get_store().create("blobs/sha256/no/pe/short", b"x", "x")
    digests, new = rebuild._blobs_in_bucket(write_rows=True)
    assert digests == new == {f"{number}" * 64 for number in range(5)}
    assert set(Blob.objects.values_list("size_bytes", flat=True)) == {2}
    assert Blob.objects.count() == 5
    assert rebuild._blobs_in_bucket(write_rows=True) == (digests, set())


def test_record_when_restored_looks_for_blobs_in_batches(artifact, monkeypatch):
    before = rows()
    monkeypatch.setattr(restoring, "_BATCH_ROWS", 1)
    lose_database()
    rebuild_index()
    assert rows() == before


def test_rebuild_when_a_deletion_shows_only_once_the_row_is_written_then_takes_it_back(
    artifact, monkeypatch
):
    lose_database()
    answers = iter([False, True, True, True, True, True])
    monkeypatch.setattr(restoring, "_is_dead", lambda _record: next(answers))
    assert rebuild_index().artifacts == 0
    assert not Artifact.objects.exists()
