import threading

import pytest
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django_tasks.exceptions import TaskResultDoesNotExist

from artifacts.enums import TaskState
from artifacts.exceptions import SourceRefused, SourceUnavailable, StorageUnavailable
from artifacts.models import Task
from artifacts.services import leases
from artifacts.tasks import jobs, runner
from artifacts.tasks.backend import RegistryTaskBackend
from artifacts.tasks.runner import run_one

pytestmark = pytest.mark.django_db
ARGUMENTS = {"revision": 1, "part": "full"}


@pytest.fixture
def calls(monkeypatch, settings) -> list[dict]:
    """What the job was called with; it can be told to fail."""
    settings.REGISTRY_TASKS = "worker"
    seen: list[dict] = []
    monkeypatch.setattr(jobs.bundles, "build_bundle", lambda **given: seen.append(given))
    return seen


@pytest.fixture
def task(calls) -> Task:
    jobs.build_bundle.enqueue(artifact_id="model-1-1", **ARGUMENTS)
    return Task.objects.get()


def fail_with(monkeypatch, error: Exception) -> None:
    def fail(**_given):
        raise error

    monkeypatch.setattr(jobs.bundles, "build_bundle", fail)


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


def test_run_one_when_the_job_failed_for_good_then_what_is_left_is_done(task, monkeypatch):
    given_up = []
    fail_with(monkeypatch, SourceRefused("Gone."))
    monkeypatch.setitem(jobs.GIVE_UP, "build_bundle", lambda **given: given_up.append(given))
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

    fail_with(monkeypatch, SourceRefused("Gone."))
    monkeypatch.setitem(jobs.GIVE_UP, "build_bundle", give_up)
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


def test_run_one_when_a_job_takes_long_then_its_lease_is_renewed(task, monkeypatch):
    renewed = threading.Event()
    monkeypatch.setattr(runner, "TASK_LEASE_S", 0.01)
    monkeypatch.setattr(leases, "renew_lease", lambda _task: renewed.set() or True)
    monkeypatch.setattr(jobs.bundles, "build_bundle", lambda **_: renewed.wait(10))
    run_one("worker-a")
    assert renewed.is_set()


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_run_one_when_renewing_fails_once_then_tries_again(task, monkeypatch, error):
    attempts, twice = [], threading.Event()

    def renew(_task) -> bool:
        attempts.append(1)
        if len(attempts) == 1:
            raise error("away for a moment")
        twice.set()
        return False

    monkeypatch.setattr(runner, "TASK_LEASE_S", 0.01)
    monkeypatch.setattr(leases, "renew_lease", renew)
    monkeypatch.setattr(jobs.bundles, "build_bundle", lambda **_: twice.wait(10))
    run_one("worker-a")
    assert len(attempts) == 2


def test_enqueue_when_tasks_run_at_once_then_done_after_the_commit(
    calls, settings, django_capture_on_commit_callbacks
):
    settings.REGISTRY_TASKS = "immediate"
    with django_capture_on_commit_callbacks(execute=True):
        jobs.build_bundle.enqueue(artifact_id="model-1-1", **ARGUMENTS)
        assert calls == []
    assert len(calls) == 1


def test_enqueue_when_given_positions_then_refused(calls):
    with pytest.raises(TypeError, match="keyword"):
        jobs.build_bundle.enqueue("model-1-1")


def test_get_result_when_the_row_exists_then_shown_in_the_words_of_the_interface(task):
    result = jobs.build_bundle.get_result(str(task.id))
    assert result.status == "READY"
    assert result.kwargs == {"artifact_id": "model-1-1", **ARGUMENTS}
    run_one("worker-a")
    assert jobs.build_bundle.get_result(str(task.id)).status == "SUCCESSFUL"


@pytest.mark.parametrize("result_id", ["no-uuid", "7d9f8d0e-0000-4000-8000-000000000000"])
def test_get_result_when_there_is_no_row_then_says_so(result_id):
    with pytest.raises(TaskResultDoesNotExist):
        RegistryTaskBackend("default", {}).get_result(result_id)


def test_every_job_that_can_be_given_up_exists():
    assert set(jobs.GIVE_UP) <= set(dir(jobs))
