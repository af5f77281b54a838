"""Waking the function on Lambda; what the interface does with rows is in test_runner.py."""

import pytest

from artifacts import functions
from artifacts.exceptions import FunctionUnavailable
from artifacts.limits import WAKE_UP_REST_S, WAKE_UPS_MAX, WAKE_UPS_WINDOW_S
from artifacts.models import Task
from artifacts.tasks import backend, jobs
from tests.unit.services.test_activity import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(backend, "time", clock)
    return clock


@pytest.fixture
def sent(monkeypatch, settings, clock) -> list[dict]:
    """The events that were sent."""
    settings.REGISTRY_TASKS = "lambda"
    monkeypatch.setattr(backend, "_wake_ups", backend._WakeUps())
    events: list[dict] = []
    monkeypatch.setattr(functions, "send_event", events.append)
    return events


def enqueue(number: int = 1) -> None:
    for _ in range(number):
        jobs.build_bundle.enqueue(artifact_id="model-1-1", revision=1, part="full")


def test_enqueue_when_on_lambda_then_the_function_is_called_after_the_commit(
    sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue()
        assert sent == []
    assert sent == [{"registry_task": str(Task.objects.get().id)}]


def test_enqueue_when_a_worker_does_the_tasks_then_nobody_is_called(
    sent, settings, django_capture_on_commit_callbacks
):
    settings.REGISTRY_TASKS = "worker"
    with django_capture_on_commit_callbacks(execute=True):
        enqueue()
    assert sent == []


def test_enqueue_when_many_at_once_then_few_wake_ups(
    sent, clock, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(3 * WAKE_UPS_MAX)
    assert len(sent) == WAKE_UPS_MAX
    clock.now += WAKE_UPS_WINDOW_S
    with django_capture_on_commit_callbacks(execute=True):
        enqueue()
    assert len(sent) == WAKE_UPS_MAX + 1


def test_enqueue_when_lambda_is_away_then_logged_and_not_asked_for_a_while(
    sent, clock, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    asked = []

    def fail(event) -> None:
        asked.append(event)
        raise FunctionUnavailable("Lambda sleeps.")

    monkeypatch.setattr(functions, "send_event", fail)
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(2)
    assert Task.objects.count() == 2
    assert len(asked) == 1
    (record,) = [each for each in caplog.records if each.message == "task.wake_failed"]
    assert record.reason == "Lambda sleeps."
    clock.now += WAKE_UP_REST_S
    with django_capture_on_commit_callbacks(execute=True):
        enqueue()
    assert len(asked) == 2
