"""No more tasks run at once than may, whoever looks for them and whenever."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.models import Task
from artifacts.work import leases
from artifacts.work.queue import create_task

THREADS, ROUNDS = 8, 6


def due(job: str, count: int) -> list[Task]:
    return [
        create_task(job, artifact_id=f"model-{number}-1", arguments={}) for number in range(count)
    ]


def running() -> int:
    return Task.objects.filter(state=TaskState.RUNNING).count()


def in_threads(work) -> None:
    """Run `work` on threads that begin at one moment; what goes wrong there is raised here."""
    barrier, errors = threading.Barrier(THREADS), []

    def begin(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            work(f"worker-{number}")
        except Exception as error:  # noqa: BLE001  (raised below)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tasks_max", [1, 3])
def test_lease_when_all_look_at_one_moment_then_no_more_than_may(settings, tasks_max):
    settings.REGISTRY_TASKS_MAX = tasks_max
    due("rate_model", 4 * THREADS)
    found = []
    for _ in range(ROUNDS):
        in_threads(leases.lease_next)
        found.append(running())
        Task.objects.filter(state=TaskState.RUNNING).update(state=TaskState.SUCCEEDED)
    assert found == [tasks_max] * ROUNDS


@pytest.mark.django_db(transaction=True)
def test_lease_when_tasks_end_meanwhile_then_their_places_are_taken_and_no_more(settings):
    settings.REGISTRY_TASKS_MAX = 3
    due("rate_model", 40)
    lock, held, most = threading.Lock(), [], []

    def work(name: str) -> None:
        for _ in range(10):
            task = leases.lease_next(name)
            if task is None:
                continue
            with lock:
                held.append(task.id)
                most.append(len(held))
            with lock:
                held.remove(task.id)
            leases.finish_task(task)

    in_threads(work)
    assert max(most) <= 3
    assert len(most) > 3


@pytest.mark.django_db
def test_lease_when_long_tasks_have_their_share_then_short_ones_are_next(settings):
    settings.REGISTRY_TASKS_MAX = 4
    due("mirror_revision", 6)
    due("rate_model", 2)
    names = [task.name if (task := leases.lease_next("worker")) else None for _ in range(5)]
    assert names == ["mirror_revision"] * 3 + ["rate_model", None]


@pytest.mark.django_db
def test_lease_when_all_places_are_taken_then_the_task_stays_due_as_it_was(settings):
    settings.REGISTRY_TASKS_MAX = 1
    first, second = due("rate_model", 2)
    leased = leases.lease_next("worker-a", first.id)
    assert leases.lease_next("worker-b", second.id) is None
    second.refresh_from_db()
    assert (second.state, second.attempts) == (TaskState.READY, 0)
    assert leases.anything_due()
    leases.finish_task(leased)
    assert leases.lease_next("worker-b", second.id).id == second.id


@pytest.mark.django_db
def test_lease_when_a_worker_is_lost_then_its_place_is_free_again(settings):
    settings.REGISTRY_TASKS_MAX = 1
    first, second = due("rate_model", 2)
    leases.lease_next("worker-a", first.id)
    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(id=first.id).update(due_at=past, leased_until=past)
    assert leases.lease_next("worker-b", second.id).id == second.id
    assert leases.lease_next("worker-c", first.id) is None


@pytest.mark.django_db
def test_lease_when_no_bound_is_set_then_as_many_as_there_are_workers(settings):
    settings.REGISTRY_TASKS_MAX = 0
    due("mirror_revision", 20)
    assert sum(leases.lease_next("worker") is not None for _ in range(21)) == 20
