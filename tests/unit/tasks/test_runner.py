import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.exceptions import SourceRefused, SourceUnavailable, StorageUnavailable
from artifacts.models import Task
from artifacts.tasks.runner import run_one
from artifacts.tasks.table import TABLE, GiveUp, Row
from artifacts.work import leases, queue
from artifacts.work.jobs import Job

pytestmark = pytest.mark.django_db
ARGUMENTS: dict[str, Any] = {"revision": 1, "part": "full"}


def set_job(monkeypatch, run, give_up: GiveUp | None = None) -> None:
    """Have something else run than what makes a bundle."""
    monkeypatch.setitem(TABLE, Job.BUILD_BUNDLE, Row(run, give_up=give_up))


@pytest.fixture
def calls(monkeypatch, settings) -> list[dict]:
    """What the job was called with; it can be told to fail."""
    settings.REGISTRY_TASKS = "worker"
    seen: list[dict] = []
    set_job(monkeypatch, lambda **given: seen.append(given))
    return seen


@pytest.fixture
def task(calls) -> Task:
    queue.schedule(Job.BUILD_BUNDLE, artifact_id="model-1-1", **ARGUMENTS)
    return Task.objects.get()


def fail_with(monkeypatch, error: Exception, give_up=None, event: str = "bundle.given_up") -> None:
    def fail(**_given):
        raise error

    set_job(monkeypatch, fail, GiveUp(give_up, event) if give_up else None)


def test_run_one_when_a_job_is_due_then_done(task, calls):
    assert run_one("worker-a")
    assert calls == [{"artifact_id": "model-1-1", **ARGUMENTS}]
    task.refresh_from_db()
    assert task.state == TaskState.SUCCEEDED


def test_run_one_when_nothing_is_due_then_says_so(calls):
    assert not run_one("worker-a")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SourceUnavailable("Away."), TaskState.READY),
        (ValueError("A bug."), TaskState.READY),
        (SourceRefused("Gone."), TaskState.FAILED),
    ],
    ids=["source-away", "bug", "final"],
)
def test_run_one_when_the_job_fails_then_the_row_says_how(task, monkeypatch, error, state):
    fail_with(monkeypatch, error)
    assert run_one("worker-a")
    task.refresh_from_db()
    assert task.state == state
    assert str(error) in task.error


@pytest.mark.parametrize(
    ("error", "gives_up", "event"),
    [
        (SourceUnavailable("The Hub is away."), None, "task.postponed"),
        (SourceRefused("Gone."), None, "task.failed"),
        (SourceRefused("Gone."), True, "bundle.given_up"),
        (SourceRefused("Gone."), False, "task.failed"),
        (SourceRefused("Gone."), StorageUnavailable("Away."), "task.not_given_up"),
        (ZeroDivisionError("a bug"), StorageUnavailable("Away."), "task.crashed"),
        (DatabaseError("a mistake of ours"), None, "task.crashed"),
        (ZeroDivisionError("a bug"), None, "task.crashed"),
    ],
    ids=[
        "later",
        "final",
        "given-up",
        "nothing-left",
        "not-given-up",
        "bug-not-given-up",
        "statement",
        "bug",
    ],
)
def test_run_one_when_an_attempt_fails_then_one_line_says_what_came_of_it(
    task, monkeypatch, caplog, error, gives_up, event
):
    def give_up(**_given):
        if isinstance(gives_up, Exception):
            raise gives_up
        return gives_up

    if gives_up is not None:
        Task.objects.update(attempts=task.attempts_max - 1)
    fail_with(monkeypatch, error, None if gives_up is None else give_up)
    with caplog.at_level("INFO", logger="artifacts"):
        run_one("worker-a")
    (record,) = caplog.records
    assert (record.message, record.task) == (event, str(task.id))
    assert (record.job, record.artifact) == ("build_bundle", "model-1-1")
    if event == "task.not_given_up":
        assert record.reason == "Away."
    is_crash = event == "task.crashed"
    assert record.levelname == ("ERROR" if is_crash else "WARNING")
    assert (record.exc_info or [None, None])[1] is (error if is_crash else None)


def test_run_one_when_the_job_failed_for_good_then_what_is_left_is_done(task, monkeypatch):
    given_up = []
    fail_with(monkeypatch, SourceRefused("Gone."), lambda **given: given_up.append(given))
    run_one("worker-a")
    assert given_up == [{"artifact_id": "model-1-1", "reason": "Gone.", **ARGUMENTS}]


def test_run_one_when_what_is_left_cannot_be_done_then_it_is_done_after_the_lease(
    task, monkeypatch
):
    given_up = []

    def give_up(**given):
        given_up.append(given)
        if len(given_up) == 1:
            raise StorageUnavailable("The bucket is away.")

    fail_with(monkeypatch, SourceRefused("Gone."), give_up)
    assert run_one("worker-a")
    task.refresh_from_db()
    assert (task.state, len(given_up)) == (TaskState.RUNNING, 1)
    Task.objects.update(due_at=timezone.now())
    assert run_one("worker-b")
    task.refresh_from_db()
    assert (task.state, len(given_up)) == (TaskState.FAILED, 2)


def test_run_one_when_every_worker_died_of_it_then_given_up_unrun(task, calls):
    Task.objects.update(attempts=task.attempts_max)
    run_one("worker-a")
    task.refresh_from_db()
    assert (task.state, calls) == (TaskState.FAILED, [])
    assert "worker was lost" in task.error


def test_run_one_when_the_lease_is_lost_then_the_row_is_left_alone(task, monkeypatch):
    fail_with(monkeypatch, leases.LeaseLost("Another worker has it."))
    run_one("worker-a")
    task.refresh_from_db()
    assert (task.state, task.error) == (TaskState.RUNNING, "")


def test_run_one_when_a_job_takes_long_then_its_lease_is_renewed(task, monkeypatch, set_limits):
    renewed = threading.Event()
    set_limits(TASK_LEASE_S=0.01)
    monkeypatch.setattr(leases, "renew_lease", lambda _task: renewed.set() or True)
    set_job(monkeypatch, lambda **_: renewed.wait(10))
    run_one("worker-a")
    assert renewed.is_set()


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_run_one_when_renewing_fails_once_then_tries_again(task, monkeypatch, set_limits, error):
    attempts, twice = [], threading.Event()

    def renew(_task) -> bool:
        attempts.append(1)
        if len(attempts) == 1:
            raise error("away for a moment")
        twice.set()
        return False

    set_limits(TASK_LEASE_S=0.01)
    monkeypatch.setattr(leases, "renew_lease", renew)
    set_job(monkeypatch, lambda **_: twice.wait(10))
    run_one("worker-a")
    assert len(attempts) == 2


def test_run_one_when_the_job_does_not_want_the_artifact_then_it_has_its_arguments_only(
    task, monkeypatch
):
    seen = []
    row = Row(lambda **given: seen.append(given), takes_artifact_id=False)
    monkeypatch.setitem(TABLE, Job.BUILD_BUNDLE, row)
    run_one("worker-a")
    assert seen == [ARGUMENTS]


@pytest.mark.parametrize(
    ("error", "patience_s", "state"),
    [
        (SourceUnavailable("Away."), 60.0, TaskState.READY),
        (SourceUnavailable("Away."), 0.0, TaskState.FAILED),
        (ValueError("A bug."), 60.0, TaskState.FAILED),
    ],
    ids=["patient", "impatient", "bug"],
)
def test_run_one_when_the_last_attempt_fails_then_the_jobs_patience_decides(
    task, monkeypatch, error, patience_s, state
):
    Task.objects.update(attempts=task.attempts_max - 1)
    fail_with(monkeypatch, error)
    row = replace(TABLE[Job.BUILD_BUNDLE], patience_s=patience_s)
    monkeypatch.setitem(TABLE, Job.BUILD_BUNDLE, row)
    run_one("worker-a")
    task.refresh_from_db()
    assert task.state == state


def test_run_one_when_only_another_release_has_the_job_then_it_waits_for_that(
    task, caplog, monkeypatch
):
    Task.objects.update(name="job_of_tomorrow")
    assert run_one("worker-a")
    task.refresh_from_db()
    assert (task.state, task.attempts) == (TaskState.READY, 1)
    assert task.due_at > timezone.now()
    assert "job_of_tomorrow" in task.error
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert (record.message, record.outcome) == ("task.crashed", "task.postponed")
    # The release that knows it comes to it.
    seen = []
    monkeypatch.setitem(TABLE, "job_of_tomorrow", Row(lambda **given: seen.append(given)))
    Task.objects.update(due_at=timezone.now())
    run_one("worker-b")
    task.refresh_from_db()
    assert (task.state, len(seen)) == (TaskState.SUCCEEDED, 1)


def test_run_one_when_no_release_has_the_job_then_failed_for_good_in_the_end(task, caplog):
    Task.objects.update(name="job_of_tomorrow", attempts=task.attempts_max - 1)
    run_one("worker-a")
    task.refresh_from_db()
    assert task.state == TaskState.FAILED
    assert caplog.records[-1].outcome == "task.failed"
