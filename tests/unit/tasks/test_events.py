import threading
import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from artifacts import functions
from artifacts.enums import TaskState
from artifacts.exceptions import StorageUnavailable
from artifacts.limits import TASK_LEASE_S, TASK_START_MIN_S, TASK_STOP_BEFORE_S
from artifacts.models import ActivityBucket, ArtifactSearch, Task
from artifacts.request_id import current_request_id
from artifacts.services.trust.searches import note_search
from artifacts.services.upkeep import activity, housekeeping
from artifacts.tasks import events
from artifacts.tasks.table import TABLE, Row
from artifacts.work import clock, leases, wake_ups
from artifacts.work.jobs import Job
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact

# Events open and close connections as requests do, which no test's transaction would survive.
pytestmark = pytest.mark.django_db(transaction=True)
ENOUGH_S = 900.0


@pytest.fixture
def sent(monkeypatch, settings) -> list[dict]:
    settings.REGISTRY_TASKS = "lambda"
    monkeypatch.setattr(wake_ups, "_wake_ups", wake_ups._WakeUps())
    seen: list[dict] = []
    monkeypatch.setattr(functions, "send_event", seen.append)
    return seen


@pytest.fixture
def calls(monkeypatch, sent) -> list[dict]:
    """What the job was called with."""
    seen: list[dict] = []
    work(monkeypatch, lambda **given: seen.append(given))
    return seen


def work(monkeypatch, job) -> None:
    monkeypatch.setitem(TABLE, Job.BUILD_BUNDLE, Row(job))


def make_task() -> Task:
    arguments: dict[str, str | int] = {"revision": 1, "part": "full"}
    return create_task("build_bundle", artifact_id="model-1-1", arguments=arguments)


def state_of(task: Task) -> str:
    task.refresh_from_db()
    return task.state


class Killed(BaseException):
    """What ends an instance: nothing catches it."""


def test_run_task_when_due_then_done_once_however_often_delivered(calls):
    task = make_task()
    assert events.run_task(task.id, ENOUGH_S) == 1
    assert events.run_task(task.id, ENOUGH_S) == 0
    assert len(calls) == 1
    assert state_of(task) == TaskState.SUCCEEDED


def test_run_task_when_as_many_run_as_may_then_the_next_event_does_it(calls, settings):
    settings.REGISTRY_TASKS_MAX = 1
    elsewhere = make_task()
    leased = leases.lease_next("another-instance", elsewhere.id)
    task = make_task()
    assert events.run_task(task.id, ENOUGH_S) == 0
    assert (state_of(task), task.attempts, calls) == (TaskState.READY, 0, [])
    leases.finish_task(leased)
    assert events.run_due(ENOUGH_S) == 1
    assert state_of(task) == TaskState.SUCCEEDED


def test_run_task_when_delivered_twice_at_once_then_one_does_it(calls, monkeypatch):
    task, both, done = make_task(), threading.Barrier(2, timeout=30), []
    inside, looked = threading.Event(), threading.Event()

    def slow(**given) -> None:
        calls.append(given)
        inside.set()
        looked.wait(30)

    def deliver() -> None:
        both.wait()
        try:
            done.append(events.run_task(task.id, ENOUGH_S))
        finally:
            # The one that finds nothing to do lets the other go on.
            looked.set()
            connection.close()

    work(monkeypatch, slow)
    threads = [threading.Thread(target=deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [0, 1]
    assert len(calls) == 1
    assert state_of(task) == TaskState.SUCCEEDED


def test_run_task_when_the_instance_is_killed_then_the_next_event_after_the_lease_does_it(
    calls, monkeypatch
):
    task = make_task()

    def die(**_given) -> None:
        raise Killed

    work(monkeypatch, die)
    with pytest.raises(Killed):
        events.run_task(task.id, ENOUGH_S)
    work(monkeypatch, lambda **given: calls.append(given))
    assert events.run_task(task.id, ENOUGH_S) == 0
    assert state_of(task) == TaskState.RUNNING
    later = timezone.now() + timedelta(seconds=TASK_LEASE_S + 1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert events.run_due(ENOUGH_S) == 1
    assert (state_of(task), task.attempts) == (TaskState.SUCCEEDED, 2)


@pytest.mark.parametrize("state", [TaskState.CANCELLED, TaskState.FAILED, TaskState.SUCCEEDED])
def test_run_task_when_it_has_ended_then_left_alone(calls, state):
    task = make_task()
    Task.objects.update(state=state)
    assert events.run_task(task.id, ENOUGH_S) == 0
    assert (state_of(task), calls) == (state, [])


def test_run_task_when_nobody_knows_the_id_then_nothing(calls):
    assert events.run_task(uuid.uuid4(), ENOUGH_S) == 0
    assert calls == []


def test_run_task_when_others_are_due_then_goes_on_with_them(calls):
    task = make_task()
    make_task()
    assert events.run_task(task.id, ENOUGH_S) == 2
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.SUCCEEDED}


@pytest.mark.parametrize(("left_s", "done"), [(TASK_START_MIN_S - 1, 1), (ENOUGH_S, 3)])
def test_run_due_when_little_time_is_left_then_one_task_and_no_more(calls, left_s, done):
    for _ in range(3):
        make_task()
    assert events.run_due(left_s) == done
    assert len(calls) == done


def test_run_due_when_nothing_is_due_then_nothing(calls):
    assert events.run_due(ENOUGH_S) == 0


def test_run_due_when_a_task_fails_then_the_others_are_done(calls, monkeypatch):
    def fail_once(**given) -> None:
        calls.append(given)
        if len(calls) == 1:
            raise StorageUnavailable("The bucket is away. Try again later.")

    work(monkeypatch, fail_once)
    first, second = make_task(), make_task()
    assert events.run_due(ENOUGH_S) == 2
    assert (state_of(first), state_of(second)) == (TaskState.READY, TaskState.SUCCEEDED)


def test_run_task_when_time_ends_after_progress_then_paused_and_called_for_again(sent, monkeypatch):
    def half(**_given) -> None:
        clock.note_kept()
        clock.check_time()

    work(monkeypatch, half)
    task = make_task()
    assert events.run_task(task.id, TASK_STOP_BEFORE_S) == 1
    assert (state_of(task), task.attempts, task.error) == (TaskState.READY, 0, "")
    assert task.due_at <= timezone.now()
    assert sent == [{"registry_task": str(task.id)}]
    assert events.run_task(task.id, ENOUGH_S) == 1
    assert state_of(task) == TaskState.SUCCEEDED


def test_run_task_when_time_ends_without_progress_then_an_attempt_is_gone_and_the_reason_kept(
    sent, monkeypatch
):
    work(monkeypatch, lambda **_given: leases.report_progress(1))
    task = make_task()
    events.run_task(task.id, TASK_STOP_BEFORE_S)
    assert (state_of(task), task.attempts, sent) == (TaskState.READY, 1, [])
    assert "no further" in task.error
    assert task.due_at > timezone.now()


@pytest.mark.parametrize(
    ("error", "event"),
    [(OperationalError("gone"), "database.failed"), (KeyError("a-bug"), "event.failed")],
)
def test_run_task_when_it_cannot_then_one_line_and_lambda_hears_of_it(
    monkeypatch, caplog, error, event
):
    def fail(*_arguments) -> None:
        raise error

    monkeypatch.setattr(leases, "lease_next", fail)
    with pytest.raises(events.EventFailed) as raised:
        events.run_task(uuid.uuid4(), ENOUGH_S)
    # Lambda writes what leaves the function as it is: no cause, no words of the cause.
    assert (raised.value.__suppress_context__, raised.value.__cause__) == (True, None)
    assert str(error) not in str(raised.value)
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert (record.message, record.exc_info[1]) == (event, error)


def test_run_due_when_called_then_one_line_says_how_the_queue_stands(calls, caplog):
    caplog.set_level("INFO", logger="artifacts.tasks.events")
    task, _ = make_task(), make_task()
    Task.objects.filter(id=task.id).update(due_at=timezone.now() - timedelta(seconds=400))
    events.run_due(ENOUGH_S)
    (record,) = [each for each in caplog.records if each.message == "tasks.counted"]
    assert (record.due, record.postponed) == (2, 0)
    assert 400 <= record.overdue_s < 500


def test_event_when_it_ends_then_nothing_of_it_goes_on(calls, monkeypatch):
    before = set(threading.enumerate())
    during: list[str] = []
    work(monkeypatch, lambda **_given: during.extend(map(str, threading.enumerate())))
    make_task()
    events.run_due(ENOUGH_S)
    assert any("lease-" in name for name in during)
    assert set(threading.enumerate()) <= before


def test_event_when_it_ends_then_what_requests_left_to_count_is_written(calls):
    activity.count("GET /somewhere", 200, "")
    events.run_due(ENOUGH_S)
    assert ActivityBucket.objects.filter(route="GET /somewhere").exists()


def test_event_when_it_ends_then_what_was_searched_for_is_written(calls, administrator):
    note_search(administrator, [make_artifact("robot").id])
    events.run_due(ENOUGH_S)
    assert ArtifactSearch.objects.filter(user=administrator).count() == 1


def test_event_when_it_logs_then_under_an_id_of_its_own(sent, monkeypatch):
    ids = []
    work(monkeypatch, lambda **_given: ids.append(current_request_id()))
    make_task()
    events.run_due(ENOUGH_S)
    assert len(ids) == 1
    assert ids[0] != "-"


def test_keep_house_when_called_then_takes_every_step(monkeypatch):
    taken = []
    monkeypatch.setattr(housekeeping, "keep_house", lambda: taken.append(1))
    events.keep_house(ENOUGH_S)
    assert taken == [1]
