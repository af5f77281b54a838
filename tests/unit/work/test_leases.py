from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.exceptions import (
    ArtifactExists,
    NotJoined,
    RatingIncomplete,
    SourceRefused,
    SourceUnavailable,
    StorageUnavailable,
)
from artifacts.limits import (
    TASK_ATTEMPTS_MAX,
    TASK_BACKOFF_MAX_S,
    TASK_LEASE_S,
    TASK_PATIENCE_S,
)
from artifacts.models import Task
from artifacts.work import leases
from artifacts.work.queue import create_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> Task:
    return create_task("build_bundle", artifact_id="model-1-1", arguments={"part": "full"})


def expire_lease(task: Task) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(id=task.id).update(due_at=past, leased_until=past)


def test_lease_next_when_a_task_is_due_then_it_runs_under_a_lease(task):
    leased = leases.lease_next("worker-a")
    assert leased.id == task.id
    task.refresh_from_db()
    assert (task.state, task.attempts, task.leased_by) == (TaskState.RUNNING, 1, "worker-a")
    assert timedelta(0) < task.leased_until - timezone.now() <= timedelta(seconds=TASK_LEASE_S)


def test_lease_next_when_another_worker_holds_the_task_then_nothing(task):
    leases.lease_next("worker-a")
    assert leases.lease_next("worker-b") is None
    assert not leases.anything_due()


def test_lease_next_when_the_lease_ran_out_then_the_next_worker_has_it(task):
    first = leases.lease_next("worker-a")
    expire_lease(task)
    second = leases.lease_next("worker-b")
    assert (second.id, second.leased_by, second.attempts) == (task.id, "worker-b", 2)
    assert not leases.renew_lease(first)
    leases.finish_task(first)
    task.refresh_from_db()
    assert task.state == TaskState.RUNNING


def test_lease_next_when_not_due_yet_then_nothing(task):
    Task.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert leases.lease_next("worker-a") is None


def test_lease_next_when_a_certain_task_is_asked_for_then_that_one(task):
    other = create_task("build_bundle", artifact_id="model-2-2", arguments={})
    assert leases.lease_next("worker-a", other.id).id == other.id


def test_lease_next_when_several_are_due_then_the_longest_due_first(task):
    older = create_task("build_bundle", artifact_id="model-2-2", arguments={})
    Task.objects.filter(id=older.id).update(due_at=timezone.now() - timedelta(hours=1))
    assert leases.lease_next("worker-a").id == older.id


def test_renew_lease_when_held_then_lasts_longer(task):
    held = leases.lease_next("worker-a")
    expire_lease(task)
    assert leases.renew_lease(held)
    task.refresh_from_db()
    assert task.leased_until > timezone.now()
    assert task.due_at == task.leased_until


def test_finish_task_when_held_then_succeeded_and_not_due(task):
    leases.finish_task(leases.lease_next("worker-a"))
    task.refresh_from_db()
    assert (task.state, task.error) == (TaskState.SUCCEEDED, "")
    assert task.finished_at is not None
    assert leases.lease_next("worker-b") is None


def test_fail_task_when_it_may_help_then_postponed_with_the_reason(task):
    held = leases.lease_next("worker-a")
    assert not leases.fail_task(held, SourceUnavailable("The Hub is away."))
    task.refresh_from_db()
    assert (task.state, task.error) == (TaskState.READY, "The Hub is away.")
    assert task.due_at > timezone.now()


def test_fail_task_when_the_source_says_when_then_not_before(task):
    held = leases.lease_next("worker-a")
    leases.fail_task(held, SourceUnavailable("Too many requests.", retry_after_s=900))
    task.refresh_from_db()
    assert task.due_at - timezone.now() > timedelta(seconds=890)


@pytest.mark.parametrize(
    "error",
    [SourceRefused("There is no such repository."), ArtifactExists("model-1-1", "https://x")],
    ids=["source-refused", "registered-already"],
)
def test_fail_task_when_it_cannot_help_then_failed_for_good(task, error):
    assert leases.fail_task(leases.lease_next("worker-a"), error)
    task.refresh_from_db()
    assert (task.state, task.error) == (TaskState.FAILED, error.message)


def test_fail_task_when_attempts_are_used_up_then_failed_for_good(task):
    Task.objects.update(attempts=TASK_ATTEMPTS_MAX - 1)
    assert leases.fail_task(leases.lease_next("worker-a"), SourceUnavailable("Still away."))


@pytest.mark.parametrize(
    "error",
    [StorageUnavailable("Away."), NotJoined("The database is old.")],
    ids=["bucket", "restored"],
)
def test_fail_task_when_an_operator_mends_it_at_the_last_attempt_then_it_is_not_the_last(
    task, error
):
    Task.objects.update(attempts=TASK_ATTEMPTS_MAX - 1)
    assert not leases.fail_task(leases.lease_next("worker-a"), error)
    expire_lease(task)
    assert not leases.fail_task(leases.lease_next("worker-a"), error)
    task.refresh_from_db()
    assert (task.state, task.attempts) == (TaskState.READY, TASK_ATTEMPTS_MAX - 1)


@pytest.mark.parametrize(
    ("error", "age_s", "is_final"),
    [
        (SourceUnavailable("Away."), TASK_PATIENCE_S - 60, False),
        (RatingIncomplete("model-1-1", {"license": "x"}), 0, False),
        (SourceUnavailable("Away."), TASK_PATIENCE_S + 60, True),
        (ValueError("A bug."), 0, True),
    ],
    ids=["content", "rating", "content-of-last-week", "bug"],
)
def test_fail_task_when_a_source_is_silent_then_a_patient_job_waits_for_it(
    task, error, age_s, is_final
):
    created_at = timezone.now() - timedelta(seconds=age_s)
    Task.objects.update(attempts=TASK_ATTEMPTS_MAX - 1, created_at=created_at)
    leased = leases.lease_next("worker-a")
    assert leases.fail_task(leased, error, patience_s=TASK_PATIENCE_S) is is_final


def test_fail_task_when_the_lease_is_lost_then_changes_nothing(task):
    first = leases.lease_next("worker-a")
    expire_lease(task)
    leases.lease_next("worker-b")
    assert not leases.fail_task(first, SourceRefused("Gone."))
    task.refresh_from_db()
    assert (task.state, task.error) == (TaskState.RUNNING, "")


def test_fail_task_when_the_error_is_not_ours_then_its_class_is_kept_too(task):
    assert not leases.fail_task(leases.lease_next("worker-a"), ValueError("boom"))
    task.refresh_from_db()
    assert task.error == "Internal error. ValueError: boom"
    assert task.told_error == "Internal error."


def test_backoff_when_attempts_rise_then_grows_to_the_limit():
    waits = [leases.backoff(attempts).total_seconds() for attempts in range(1, 12)]
    floors = [min(2 * 4 ** (n - 1), TASK_BACKOFF_MAX_S) for n in range(1, 12)]
    assert len(waits) == 11
    assert all(low <= wait <= low * 1.1 for low, wait in zip(floors, waits, strict=True))


def test_report_progress_when_holding_then_written_once_an_interval(task):
    held = leases.lease_next("worker-a")
    with leases.holding(held):
        leases.report_progress(10, 100)
        leases.report_progress(20, 100)
    task.refresh_from_db()
    assert (task.done_bytes, task.total_bytes) == (10, 100)


def test_report_progress_when_cancelled_then_stops_the_work(task):
    held = leases.lease_next("worker-a")
    Task.objects.update(state=TaskState.CANCELLED)
    with leases.holding(held), pytest.raises(leases.LeaseLost):
        leases.report_progress(10)


def test_report_progress_when_outside_of_a_task_then_nothing(task):
    leases.report_progress(10)
    task.refresh_from_db()
    assert task.done_bytes == 0


def test_pause_task_when_held_then_due_at_once_and_the_attempt_does_not_count(task):
    held = leases.lease_next("worker-a")
    leases.pause_task(held)
    task.refresh_from_db()
    assert (task.state, task.attempts, task.leased_until) == (TaskState.READY, 0, None)
    assert leases.lease_next("worker-b").id == task.id


def test_pause_task_when_cancelled_then_stays_so(task):
    held = leases.lease_next("worker-a")
    Task.objects.update(state=TaskState.CANCELLED)
    leases.pause_task(held)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
