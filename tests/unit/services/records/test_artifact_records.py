import json

import pytest

from artifacts.models import Artifact
from artifacts.services.records.artifact_records import store_record
from artifacts.storage.keys import RECORDS_PREFIX, record_key, revision_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact


def keys():
    return [found.key for found in get_store().list(RECORDS_PREFIX)]


def test_record_when_stored_holds_everything_of_the_artifact(db):
    artifact = make_artifact(readme="# robot")
    store_record(artifact.id)
    record = json.loads(get_store().read(record_key(artifact.id)))
    assert record["format"] == 1
    assert (record["id"], record["type"], record["name"]) == (artifact.id, "model", "robot")
    assert (record["source_key"], record["uploader_name"]) == (artifact.source_key, "ursula")
    assert (record["created_us"], record["readme"]) == (artifact.created_us, "# robot")
    assert record["revision"]["url"] == "https://huggingface.co/acme/robot"
    assert record["files"] == [
        {
            "path": "README.md",
            "part": "card",
            "size_bytes": 7,
            "source_digest": "",
            "sha256": None,
            "fault": "",
        }
    ]
    assert [entry["action"] for entry in record["audit"]] == ["CREATE"]
    assert get_store().read(revision_key(artifact.id, 1)) == get_store().read(
        record_key(artifact.id)
    )


def test_record_when_stored_twice_is_the_same_bytes(db):
    artifact = make_artifact()
    store_record(artifact.id)
    before = get_store().read(record_key(artifact.id))
    store_record(artifact.id)
    assert get_store().read(record_key(artifact.id)) == before


@pytest.mark.parametrize("visible", [True, False])
def test_record_when_there_is_no_artifact_to_see_is_not_written(db, visible):
    if not visible:
        make_artifact(visible=False)
    store_record("model-1-1760000000000001")
    assert keys() == []


def test_record_when_the_artifact_is_deleted_meanwhile_goes_again(db, monkeypatch):
    artifact = make_artifact()
    store = get_store()
    real = store.replace

    def replace(key, data, content_type):
        real(key, data, content_type)
        Artifact.objects.filter(id=artifact.id).delete()

    monkeypatch.setattr(store, "replace", replace)
    store_record(artifact.id)
    assert keys() == []
