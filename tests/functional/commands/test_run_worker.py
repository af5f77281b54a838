import os
import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection

from artifacts.enums import TaskState
from artifacts.exceptions import StorageUnavailable
from artifacts.management.commands import run_worker
from artifacts.models import Task
from artifacts.services import housekeeping
from artifacts.services.tasks import create_task
from artifacts.tasks import jobs


@pytest.fixture
def calls(monkeypatch, settings) -> list[dict]:
    settings.REGISTRY_TASKS = "worker"
    seen: list[dict] = []
    monkeypatch.setattr(jobs.bundles, "build_bundle", lambda **given: seen.append(given))
    return seen


def enqueue() -> None:
    arguments = {"revision": 1, "part": "full"}
    create_task("build_bundle", artifact_id="model-1-1", arguments=arguments)


def test_worker_when_told_to_run_once_then_does_what_is_due_and_stops(db, calls):
    enqueue()
    enqueue()
    call_command("run_worker", "--once")
    assert len(calls) == 2
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.SUCCEEDED}


@pytest.mark.django_db(transaction=True)
def test_worker_when_its_parent_is_gone_then_finishes_and_stops(calls, monkeypatch):
    monkeypatch.setattr(run_worker, "POLL_S", 0.01)
    enqueue()
    done = threading.Event()

    def work() -> None:
        call_command("run_worker", "--threads", "1", "--parent", str(os.getppid() + 1))
        connection.close()
        done.set()

    threading.Thread(target=work).start()
    assert done.wait(30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [DatabaseError, InterfaceError, StorageUnavailable, ValueError])
def test_work_when_anything_fails_then_goes_on_later(calls, monkeypatch, error):
    stop, attempts = threading.Event(), []

    def fail_once() -> bool:
        attempts.append(1)
        if len(attempts) == 1:
            raise error("gone")
        stop.set()
        return False

    monkeypatch.setattr(run_worker, "PAUSE_AFTER_ERROR_S", 0.0)
    monkeypatch.setattr(run_worker.leases, "anything_due", fail_once)
    thread = threading.Thread(target=run_worker._work, args=("worker", stop))
    thread.start()
    thread.join(30)
    assert len(attempts) == 2


@pytest.mark.django_db(transaction=True)
def test_housekeeping_when_its_time_comes_then_clears_up_and_survives_a_failure(monkeypatch):
    stop, attempts = threading.Event(), []

    def remove_orphans() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise StorageUnavailable("The bucket is away. Try again later.")
        stop.set()

    monkeypatch.setattr(run_worker, "HOUSEKEEPING_INTERVAL_S", 0.01)
    monkeypatch.setattr(housekeeping.orphans, "remove_orphans", remove_orphans)
    thread = threading.Thread(target=run_worker._keep_house, args=(stop,))
    thread.start()
    thread.join(30)
    assert len(attempts) == 2
