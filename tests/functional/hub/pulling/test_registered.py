"""Reading what is not registered registers it, where `REGISTRY_HUB_PULL` says so."""

from dataclasses import replace

import pytest

from artifacts.enums import SourceKind, TokenScope
from artifacts.models import Artifact, AuditEntry, HubPull
from tests.clients import user_with
from tests.functional.hub.pulling.reader import ID, INFO, READS, Reader, run_tasks
from tests.unit.services.conftest import CONTENTS, make_reference, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", READS.values(), ids=READS)
def test_read_when_nothing_is_registered_then_registered_by_its_reader(reader, source, path):
    answer = reader.get(path)
    artifact = Artifact.objects.get()
    assert (artifact.uploader_name, artifact.source_key) == (
        "ursula", "huggingface_model:acme/robot",
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="CREATE", user_name="ursula").count() == 1
    # The bytes come a little later, and clients ask again by themselves.
    assert answer.status_code == (503 if "resolve" in path else 200)
    run_tasks()
    assert reader.get(path).status_code == 200
    assert source.asked == 1


def test_read_when_head_then_registered_and_answered_itself(reader, source):
    assert reader.head(READS["resolve"]).status_code == 503
    run_tasks()
    answer = reader.head(READS["resolve"])
    assert (answer.status_code, answer["X-Linked-Size"]) == (200, str(len(CONTENTS["README.md"])))


def test_read_when_of_a_dataset_then_registered_as_one(reader, source):
    reference = replace(make_reference(), kind=SourceKind.HUGGINGFACE_DATASET)
    source.snapshot = make_snapshot(reference)
    assert reader.get(f"/api/datasets/{ID}").status_code == 200
    assert Artifact.objects.get().type == "dataset"


@pytest.mark.parametrize("path", [
    f"{INFO}/refs", f"{INFO}/commits/main", f"{INFO}/auth-check", "/api/models/robot", f"/{ID}",
    "/api/models/github.acme/robot", "/api/models/kaggle.acme/robot",
    "/api/models/registry.acme/robot", "/api/models/registry/model-1-1763490531234567",
    "/api/models/Registry.acme/robot", "/api/models/acme/a--b", "/api/models/acme/..",
    f"/api/models/{'a' * 97}/robot", "/api/models/acme/robot.git", "/api/models/acme/r%00t",
    "/api/models/acme/r%20t", "/github.acme/robot/resolve/main/a", "/robot/resolve/main/a",
])  # fmt: skip
def test_read_when_it_may_not_register_then_nobody_is_asked(reader, source, path):
    assert reader.get(path).status_code in (400, 404)
    assert source.asked == 0
    assert not Artifact.objects.exists()
    assert not HubPull.objects.exists()


@pytest.mark.parametrize("path", READS.values(), ids=READS)
def test_read_when_switched_off_then_as_ever(reader, source, settings, path):
    settings.REGISTRY_HUB_PULL = "off"
    answer = reader.get(path)
    assert (answer.status_code, answer["X-Error-Code"]) == (404, "RepoNotFound")
    assert source.asked == 0


@pytest.mark.parametrize(
    ("permissions", "scope"),
    [(("search", "download"), TokenScope.WRITE),
     (("search", "download", "upload"), TokenScope.READ)],
    ids=["permission", "scope"],
)  # fmt: skip
def test_read_when_the_reader_may_not_upload_then_as_ever(source, permissions, scope):
    reader = Reader(user_with(*permissions), scope)
    assert {reader.get(path).status_code for path in READS.values()} == {404}
    assert source.asked == 0


def test_read_when_read_only_then_as_ever(reader, source, settings):
    settings.REGISTRY_MODE = "read_only"
    assert reader.get(INFO).status_code == 404
    assert source.asked == 0
