from typing import Any

import pytest
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.exceptions import NotFound
from artifacts.models import Task
from artifacts.work import queue
from artifacts.work.jobs import GONE_WHEN_GIVEN_UP, Job

pytestmark = pytest.mark.django_db
ARGUMENTS: dict[str, Any] = {"revision": 1, "part": "code"}


@pytest.fixture
def task(settings) -> Task:
    settings.REGISTRY_TASKS = "worker"
    return queue.create_task("build_bundle", artifact_id="model-1-1", arguments=ARGUMENTS)


def test_schedule_when_called_then_a_row_is_due(settings):
    settings.REGISTRY_TASKS = "worker"
    queue.schedule(Job.BUILD_BUNDLE, artifact_id="model-1-1", **ARGUMENTS)
    task = Task.objects.get()
    assert (task.name, task.artifact_id, task.arguments) == (
        "build_bundle", "model-1-1", ARGUMENTS,
    )  # fmt: skip
    assert task.due_at <= timezone.now()


def test_schedule_when_called_then_one_statement(settings, django_assert_num_queries):
    settings.REGISTRY_TASKS = "worker"
    with django_assert_num_queries(1):
        queue.schedule(Job.BUILD_BUNDLE, artifact_id="model-1-1", **ARGUMENTS)


@pytest.mark.parametrize(
    ("job", "artifact_id", "arguments", "scheduled"),
    [
        (Job.BUILD_BUNDLE, "model-1-1", ARGUMENTS, 0),
        (Job.BUILD_BUNDLE, "model-1-1", {"revision": 1, "part": "full"}, 1),
        (Job.BUILD_BUNDLE, "model-2-2", ARGUMENTS, 1),
        (Job.MIRROR_REVISION, "model-1-1", ARGUMENTS, 1),
    ],
    ids=["same", "other-part", "other-artifact", "other-job"],
)
def test_schedule_once_when_the_same_waits_then_not_again(
    task, job, artifact_id, arguments, scheduled
):
    queue.schedule_once(job, artifact_id=artifact_id, **arguments)
    assert Task.objects.count() == 1 + scheduled


def test_schedule_once_when_the_same_has_ended_then_again(task):
    Task.objects.update(state=TaskState.SUCCEEDED)
    queue.schedule_once(Job.BUILD_BUNDLE, artifact_id="model-1-1", **ARGUMENTS)
    assert Task.objects.filter(state=TaskState.READY).count() == 1


@pytest.mark.parametrize("state", [TaskState.FAILED, TaskState.CANCELLED])
def test_retry_task_when_it_had_ended_badly_then_due_with_all_attempts(task, administrator, state):
    Task.objects.update(state=state, attempts=8, finished_at=timezone.now())
    queue.retry_task(task_id=task.id, user=administrator)
    task.refresh_from_db()
    assert (task.state, task.attempts, task.finished_at) == (TaskState.READY, 0, None)


@pytest.mark.parametrize("state", [TaskState.READY, TaskState.RUNNING, TaskState.SUCCEEDED])
def test_retry_task_when_there_is_nothing_to_retry_then_says_so(task, administrator, state):
    Task.objects.update(state=state)
    with pytest.raises(NotFound, match="failed or cancelled"):
        queue.retry_task(task_id=task.id, user=administrator)


@pytest.mark.parametrize("state", TaskState)
@pytest.mark.parametrize("job", Job)
def test_retry_when_offered_then_done_and_else_refused(administrator, job, state):
    task = queue.create_task(job, artifact_id="x", arguments={})
    Task.objects.update(state=state)
    task.refresh_from_db()
    offered = queue.can_be_retried(task)
    assert queue.retry_tasks(task_ids=[task.id], user=administrator) == offered


@pytest.mark.parametrize("job", sorted(GONE_WHEN_GIVEN_UP))
def test_retry_task_when_what_it_was_about_is_gone_then_refused(task, administrator, job):
    Task.objects.update(name=job, state=TaskState.FAILED)
    task.refresh_from_db()
    assert not queue.can_be_retried(task)
    assert queue.retry_tasks(task_ids=[task.id], user=administrator) == 0
    with pytest.raises(NotFound, match="is gone since it was given up"):
        queue.retry_task(task_id=task.id, user=administrator)
    Task.objects.update(state=TaskState.CANCELLED)
    queue.retry_task(task_id=task.id, user=administrator)
    assert Task.objects.get().state == TaskState.READY


def test_retry_tasks_when_some_had_ended_badly_then_those_alone(
    task, administrator, django_assert_num_queries
):
    others = [queue.create_task("build_bundle", artifact_id="x", arguments={}) for _ in range(3)]
    for other, state in zip(others, ("failed", "cancelled", "succeeded"), strict=True):
        Task.objects.filter(id=other.id).update(state=state, attempts=8)
    ids = [task.id, *(other.id for other in others)]
    with django_assert_num_queries(1):
        assert queue.retry_tasks(task_ids=ids, user=administrator) == 2
    assert Task.objects.filter(state=TaskState.READY, attempts=0).count() == 3
    assert queue.retry_tasks(task_ids=ids, user=administrator) == 0


@pytest.mark.parametrize("state", [TaskState.READY, TaskState.RUNNING])
def test_cancel_task_when_it_waits_or_runs_then_cancelled(task, administrator, state):
    Task.objects.update(state=state)
    queue.cancel_task(task_id=task.id, user=administrator)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert task.finished_at is not None


def test_cancel_task_when_it_has_ended_then_says_so(task, administrator):
    Task.objects.update(state=TaskState.SUCCEEDED)
    with pytest.raises(NotFound, match="ended"):
        queue.cancel_task(task_id=task.id, user=administrator)
