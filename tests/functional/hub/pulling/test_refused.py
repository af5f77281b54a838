"""What source or gate refuse stays refused for an hour, and every read says why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.exceptions import SourceAbsent, SourceRefused, SourceUnavailable, StorageUnavailable
from artifacts.limits import PULL_KEPT_S
from artifacts.models import Artifact, HubPull, Task
from artifacts.services.hub import pulling
from tests.functional.hub.pulling.reader import INFO, READS, run_tasks

pytestmark = pytest.mark.django_db


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
