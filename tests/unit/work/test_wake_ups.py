"""How a task that was scheduled gets somebody to do it."""

import pytest
from django.utils.module_loading import import_string

from artifacts import functions
from artifacts.enums import TaskState
from artifacts.exceptions import FunctionUnavailable
from artifacts.limits import WAKE_UP_REST_S, WAKE_UPS_MAX, WAKE_UPS_WINDOW_S
from artifacts.models import Task
from artifacts.tasks.runner import run_one
from artifacts.tasks.table import TABLE, Row
from artifacts.work import queue, wake_ups
from artifacts.work.jobs import Job
from tests.unit.services.upkeep.test_activity import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(wake_ups, "time", clock)
    return clock


@pytest.fixture
def sent(monkeypatch, settings, clock) -> list[dict]:
    """The events that were sent."""
    settings.REGISTRY_TASKS = "lambda"
    monkeypatch.setattr(wake_ups, "_wake_ups", wake_ups._WakeUps())
    events: list[dict] = []
    monkeypatch.setattr(functions, "send_event", events.append)
    return events


def schedule(number: int = 1) -> None:
    for _ in range(number):
        queue.schedule(Job.BUILD_BUNDLE, artifact_id="model-1-1", revision=1, part="full")


def test_schedule_when_on_lambda_then_the_function_is_called_after_the_commit(
    sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        schedule()
        assert sent == []
    assert sent == [{"registry_task": str(Task.objects.get().id)}]


def test_schedule_when_a_worker_does_the_tasks_then_nobody_is_called(
    sent, settings, django_capture_on_commit_callbacks
):
    settings.REGISTRY_TASKS = "worker"
    with django_capture_on_commit_callbacks(execute=True):
        schedule()
    assert sent == []


def test_schedule_when_many_at_once_then_few_wake_ups(
    sent, clock, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        schedule(3 * WAKE_UPS_MAX)
    assert len(sent) == WAKE_UPS_MAX
    clock.now += WAKE_UPS_WINDOW_S
    with django_capture_on_commit_callbacks(execute=True):
        schedule()
    assert len(sent) == WAKE_UPS_MAX + 1


def test_schedule_when_lambda_is_away_then_logged_and_not_asked_for_a_while(
    sent, clock, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    asked = []

    def fail(event) -> None:
        asked.append(event)
        raise FunctionUnavailable("Lambda sleeps.")

    monkeypatch.setattr(functions, "send_event", fail)
    with django_capture_on_commit_callbacks(execute=True):
        schedule(2)
    assert Task.objects.count() == 2
    assert len(asked) == 1
    (record,) = [each for each in caplog.records if each.message == "task.wake_failed"]
    assert record.reason == "Lambda sleeps."
    clock.now += WAKE_UP_REST_S
    with django_capture_on_commit_callbacks(execute=True):
        schedule()
    assert len(asked) == 2


def test_schedule_when_tasks_run_at_once_then_done_after_the_commit(
    settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.REGISTRY_TASKS = "immediate"
    calls = []
    monkeypatch.setitem(TABLE, Job.BUILD_BUNDLE, Row(lambda **given: calls.append(given)))
    with django_capture_on_commit_callbacks(execute=True):
        schedule()
        assert calls == []
    assert calls == [{"artifact_id": "model-1-1", "revision": 1, "part": "full"}]


def test_runner_when_the_settings_name_it_then_it_is_there(settings):
    assert import_string(settings.TASK_RUNNER) is run_one


def break_down(*_given) -> None:
    raise ZeroDivisionError


def test_schedule_when_the_wake_up_breaks_then_the_row_stays_and_nobody_hears(
    settings, caplog, django_capture_on_commit_callbacks
):
    settings.REGISTRY_TASKS = "immediate"
    settings.TASK_RUNNER = f"{__name__}.break_down"
    with django_capture_on_commit_callbacks(execute=True):
        schedule()
    assert Task.objects.get().state == TaskState.READY
    assert [type(each.exc_info[1]) for each in caplog.records] == [ZeroDivisionError]
