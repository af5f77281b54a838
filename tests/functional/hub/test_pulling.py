"""Reading what is not registered registers it, where `REGISTRY_HUB_PULL` says so."""

import threading
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from artifacts.enums import ArtifactType, SourceKind, TokenScope
from artifacts.exceptions import SourceAbsent, SourceRefused, SourceUnavailable, StorageUnavailable
from artifacts.limits import PULL_KEPT_S, PULL_LEASE_S
from artifacts.models import Artifact, AuditEntry, HubPull, Task, User
from artifacts.services.access.account import make_token_for_programs
from artifacts.services.content import downloads
from artifacts.services.hub import pulling
from artifacts.services.hub.pulling import forget_old_pulls, pull
from artifacts.tasks.runner import run_one
from tests.clients import ApiClient, user_with
from tests.secret_watch import remember
from tests.unit.services.conftest import CONTENTS, make_reference, make_snapshot, outside, source

__all__ = ["outside", "source"]
pytestmark = pytest.mark.django_db
ID = "acme/robot"
INFO = f"/api/models/{ID}"
READS = {
    "info": INFO,
    "revision": f"{INFO}/revision/main",
    "tree": f"{INFO}/tree/main?recursive=true",
    "resolve": f"/{ID}/resolve/main/README.md",
}


class Reader:
    """A client of the Hub."""

    def __init__(self, user: User, scope: TokenScope = TokenScope.WRITE) -> None:
        token, _ = make_token_for_programs(user=user, name="x", scope=scope, lifetime_days=1)
        self.headers = {"Authorization": f"Bearer {remember(token)}"}
        self.client = Client()

    def get(self, path: str):
        return self.client.get(path, headers=self.headers)

    def head(self, path: str):
        return self.client.head(path, headers=self.headers)


@pytest.fixture(autouse=True)
def pulls(settings, set_limits, monkeypatch):
    settings.REGISTRY_HUB_PULL = "on"
    settings.REGISTRY_TASKS = "worker"
    set_limits(PULL_WAIT_S=0.3, PULL_POLL_S=0.02)
    monkeypatch.setattr(downloads, "DOWNLOAD_WAIT_S", 0.01)


@pytest.fixture
def reader(uploader) -> Reader:
    return Reader(uploader)


def run_tasks() -> None:
    for _ in range(20):
        if not run_one("test"):
            return


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
    assert reader.get(path).status_code == (302 if "resolve" in path else 200)
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


# ------------------------------------------------------------------ refusals


@pytest.fixture
def strict(settings, outside) -> None:
    """The gate is enforced, and no source is going to tell more than it told."""
    settings.REGISTRY_GATE = "enforce"
    outside.code = outside.dataset = SourceRefused("There is none.")


def test_read_when_the_gate_refuses_then_its_reasons_for_an_hour(reader, source, strict):
    first = reader.get(INFO)
    assert (first.status_code, first["X-Error-Code"]) == (403, "GatedRepo")
    assert "reach the threshold of every metric" in first["X-Error-Message"]
    assert "Data set quality" in first.json()["error"]
    others = [reader.get(path) for path in READS.values()]
    assert {each.status_code for each in others} == {403}
    assert {each["X-Error-Message"] for each in others} == {first["X-Error-Message"]}
    assert source.asked == 1
    HubPull.objects.update(ended_at=timezone.now() - timedelta(seconds=PULL_KEPT_S + 1))
    assert reader.get(INFO).status_code == 403
    assert source.asked == 2
    assert not Artifact.objects.exists()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (SourceAbsent("The Hub says that there is no such repository."), 404, "RepoNotFound"),
        (SourceRefused("The Hub says that we may not have it."), 403, "GatedRepo"),
    ],
    ids=["absent", "refused"],
)
def test_read_when_the_source_refuses_then_not_asked_again(reader, source, error, status, code):
    source.error = error
    found = [reader.get(path) for path in (INFO, READS["resolve"], INFO.upper().lower())]
    assert [(each.status_code, each["X-Error-Code"]) for each in found] == [(status, code)] * 3
    assert source.asked == 1
    if status == 403:
        assert "we may not have it" in found[2]["X-Error-Message"]


def test_read_when_the_id_is_written_otherwise_then_the_refusal_holds(reader, source):
    source.error = SourceAbsent("There is none.")
    reader.get("/api/models/acme/robot")
    reader.get("/api/models/Acme/ROBOT")
    assert source.asked == 1


def test_read_when_an_older_id_is_asked_for_then_led_to_the_new_one_and_asked_once(reader, source):
    for _ in range(2):
        answer = reader.get("/api/models/old/name")
        assert (answer.status_code, answer["Location"]) == (307, "/api/models/acme/robot")
    assert source.asked == 1


def test_read_when_the_source_is_silent_then_asked_to_come_back_until_it_speaks(reader, source):
    source.error = SourceUnavailable("The Hub sleeps.")
    for _ in range(2):
        answer = reader.get(INFO)
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
    assert source.asked == 1
    source.error = None
    Task.objects.update(due_at=timezone.now())
    run_tasks()
    assert reader.get(INFO).status_code == 200


def test_read_when_a_task_gave_it_up_then_its_reason(reader, source):
    source.error = SourceUnavailable("The Hub sleeps.")
    reader.get(INFO)
    source.error = SourceRefused("The Hub says that we may not have it.")
    Task.objects.update(due_at=timezone.now())
    run_tasks()
    assert not Artifact.objects.exists()
    answer = reader.get(INFO)
    assert answer.status_code == 403
    assert "we may not have it" in answer["X-Error-Message"]


def test_read_when_it_was_deleted_again_then_not_registered_within_the_hour(reader, source):
    reader.get(INFO)
    Artifact.objects.update(current_revision=None)
    Artifact.objects.all().delete()
    assert reader.get(INFO).status_code == 404
    assert source.asked == 1


def test_read_when_a_component_is_lost_then_whoever_comes_next_tries(reader, source, monkeypatch):
    def lost(**_):
        raise StorageUnavailable("The bucket does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(pulling, "register_artifact", lost)
        assert reader.get(INFO).status_code == 503
    assert not HubPull.objects.exists()
    assert reader.get(INFO).status_code == 200


# ------------------------------------------------------------------ how often, and at once


def test_reader_when_many_ids_were_asked_for_then_429_and_what_is_registered_is_read(
    reader, source, set_limits
):
    set_limits(PULLS_OF_A_USER_MAX=2)
    assert reader.get(INFO).status_code == 200
    source.error = SourceAbsent("There is none.")
    assert reader.get("/api/models/acme/none").status_code == 404
    answer = reader.get("/api/models/acme/other")
    assert (answer.status_code, answer["Retry-After"]) == (429, str(PULL_KEPT_S))
    assert source.asked == 2
    assert reader.get(INFO).status_code == 200
    # What is known of an id is told, and others have their own count.
    assert reader.get("/api/models/acme/none").status_code == 404
    other = Reader(user_with("search", "download", "upload"))
    assert other.get("/api/models/acme/other").status_code == 404


def in_progress(seconds: float) -> None:
    """Another process began to ask so long ago."""
    begun_at = timezone.now() - timedelta(seconds=seconds)
    HubPull.objects.create(
        key=f"model:{ID}", holder=uuid.uuid4(), user_name="ursula", begun_at=begun_at
    )


def test_read_when_another_process_asks_then_waits_and_does_not_ask(reader, source):
    in_progress(1)
    answer = reader.get(INFO)
    assert (answer.status_code, source.asked) == (503, 0)


def test_claim_when_two_take_it_at_the_same_moment_then_one_has_it(uploader):
    """Both have just seen that nobody asks."""
    claims = [pulling._is_claimed(f"model:{ID}", uuid.uuid4(), uploader) for _ in range(2)]
    assert claims == [True, False]


def test_read_when_that_process_has_crashed_then_asks(reader, source):
    in_progress(PULL_LEASE_S + 1)
    assert reader.get(INFO).status_code == 200
    assert source.asked == 1


def test_pulls_when_old_then_forgotten_and_not_before(db):
    in_progress(PULL_KEPT_S)
    assert forget_old_pulls() == 0
    HubPull.objects.update(begun_at=timezone.now() - timedelta(seconds=PULL_KEPT_S + 61))
    assert forget_old_pulls() == 1


@pytest.mark.django_db(transaction=True)
def test_readers_when_two_ask_at_once_then_one_registration_and_both_have_it(
    uploader, source, set_limits
):
    set_limits(PULL_WAIT_S=20)
    readers = [Reader(uploader), Reader(user_with("search", "download", "upload"))]
    asked, barrier = threading.Event(), threading.Barrier(2)
    real = source.fetch_snapshot
    found = []

    def slowly(reference, inquiry):
        # Goes on once the other one has looked and waits.
        asked.wait(0.5)
        return real(reference, inquiry)

    source.fetch_snapshot = slowly

    def read(reader: Reader) -> None:
        try:
            barrier.wait()
            found.append(reader.get(INFO).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=[reader]) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200, 200]
    assert source.asked == 1
    assert Artifact.objects.count() == 1


def test_api_when_it_is_asked_then_registers_nothing(uploader, source):
    assert ApiClient(uploader).get("/artifact/byName/robot").status_code == 404
    assert source.asked == 0


def test_pull_when_registered_meanwhile_then_nothing_is_asked(uploader, source, reader):
    reader.get(INFO)
    HubPull.objects.all().delete()
    pull(artifact_type=ArtifactType.MODEL, repo_id=ID, user=uploader)
    assert source.asked == 1
