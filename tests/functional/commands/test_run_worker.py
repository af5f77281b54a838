import os
import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection

from artifacts.enums import TaskState
from artifacts.exceptions import StorageUnavailable
from artifacts.management.commands import run_worker
from artifacts.models import Task
from artifacts.services.upkeep import housekeeping, orphans
from artifacts.tasks.table import TABLE, Row
from artifacts.work import leases
from artifacts.work.jobs import Job
from artifacts.work.queue import create_task


@pytest.fixture
def calls(monkeypatch, settings) -> list[dict]:
    settings.REGISTRY_TASKS = "worker"
    seen: list[dict] = []
    monkeypatch.setitem(TABLE, Job.BUILD_BUNDLE, Row(lambda **given: seen.append(given)))
    return seen


def enqueue() -> None:
    arguments: dict[str, str | int] = {"revision": 1, "part": "full"}
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
    monkeypatch.setattr(leases, "anything_due", fail_once)
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
    monkeypatch.setattr(orphans, "remove_orphans", remove_orphans)
    thread = threading.Thread(target=run_worker._keep_house, args=(stop,))
    thread.start()
    thread.join(30)
    assert len(attempts) == 2


@pytest.mark.django_db(transaction=True)
def test_housekeeping_when_a_worker_was_started_lately_then_clears_up_without_waiting_for_a_day(
    monkeypatch,
    set_limits,
):
    stop, attempts = threading.Event(), []

    def keep_house() -> None:
        attempts.append(1)
        stop.set()

    set_limits(GENERATION_WATCH_S=0.01)
    monkeypatch.setattr(run_worker, "HOUSEKEEPING_FIRST_S", 0.05)
    monkeypatch.setattr(housekeeping, "keep_house", keep_house)
    thread = threading.Thread(target=run_worker._keep_house, args=(stop,), daemon=True)
    thread.start()
    thread.join(30)
    stop.set()
    assert attempts == [1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [ValueError, StorageUnavailable, DatabaseError])
def test_housekeeping_when_anything_fails_then_is_reported_and_goes_on(
    monkeypatch, set_limits, caplog, error
):
    stop, attempts = threading.Event(), []

    def watch() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise error("gone")
        stop.set()

    set_limits(GENERATION_WATCH_S=0.01)
    monkeypatch.setattr(run_worker, "watch_generation", watch)
    thread = threading.Thread(target=run_worker._keep_house, args=(stop,), daemon=True)
    thread.start()
    thread.join(30)
    stop.set()
    assert len(attempts) == 2
    expected = "generation.unknown" if error is DatabaseError else "worker.failed"
    assert [record.message for record in caplog.records if record.exc_info] == [expected]


def test_watch_when_a_worker_starts_then_it_looks_before_it_waits(monkeypatch):
    """Whoever restored the database has started it anew, and its tasks are due."""
    stop = threading.Event()
    monkeypatch.setattr(run_worker, "watch_generation", stop.set)
    thread = threading.Thread(target=run_worker._keep_house, args=(stop,), daemon=True)
    thread.start()
    thread.join(30)
    assert stop.is_set()
