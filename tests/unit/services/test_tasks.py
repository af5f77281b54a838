import pytest
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.exceptions import NotFound
from artifacts.models import Task
from artifacts.services import tasks

pytestmark = pytest.mark.django_db
ARGUMENTS = {"revision": 1, "part": "code"}


@pytest.fixture
def task(settings) -> Task:
    settings.REGISTRY_TASKS = "worker"
    return tasks.create_task("build_bundle", artifact_id="model-1-1", arguments=ARGUMENTS)


def test_schedule_when_called_then_a_row_is_due(settings):
    settings.REGISTRY_TASKS = "worker"
    tasks.schedule("build_bundle", artifact_id="model-1-1", arguments=ARGUMENTS)
    task = Task.objects.get()
    assert (task.name, task.artifact_id, task.arguments) == (
        "build_bundle", "model-1-1", ARGUMENTS,
    )  # fmt: skip
    assert task.due_at <= timezone.now()


def test_schedule_when_the_job_does_not_exist_then_says_so():
    with pytest.raises(AttributeError, match="no_such_job"):
        tasks.schedule("no_such_job")


@pytest.mark.parametrize(
    ("name", "artifact_id", "arguments", "expected"),
    [
        ("build_bundle", "model-1-1", ARGUMENTS, True),
        ("build_bundle", "model-1-1", {"revision": 1, "part": "full"}, False),
        ("build_bundle", "model-2-2", ARGUMENTS, False),
        ("mirror_revision", "model-1-1", ARGUMENTS, False),
    ],
    ids=["same", "other-part", "other-artifact", "other-job"],
)
def test_is_scheduled_when_asked_then_only_for_the_same_work(
    task, name, artifact_id, arguments, expected
):
    assert tasks.is_scheduled(name, artifact_id, arguments) is expected


def test_is_scheduled_when_it_has_ended_then_not(task):
    Task.objects.update(state=TaskState.SUCCEEDED)
    assert not tasks.is_scheduled("build_bundle", "model-1-1", ARGUMENTS)


@pytest.mark.parametrize("state", [TaskState.FAILED, TaskState.CANCELLED])
def test_retry_task_when_it_had_ended_badly_then_due_with_all_attempts(task, administrator, state):
    Task.objects.update(state=state, attempts=8, finished_at=timezone.now())
    tasks.retry_task(task_id=task.id, user=administrator)
    task.refresh_from_db()
    assert (task.state, task.attempts, task.finished_at) == (TaskState.READY, 0, None)


@pytest.mark.parametrize("state", [TaskState.READY, TaskState.RUNNING, TaskState.SUCCEEDED])
def test_retry_task_when_there_is_nothing_to_retry_then_says_so(task, administrator, state):
    Task.objects.update(state=state)
    with pytest.raises(NotFound, match="failed or cancelled"):
        tasks.retry_task(task_id=task.id, user=administrator)


@pytest.mark.parametrize("state", [TaskState.READY, TaskState.RUNNING])
def test_cancel_task_when_it_waits_or_runs_then_cancelled(task, administrator, state):
    Task.objects.update(state=state)
    tasks.cancel_task(task_id=task.id, user=administrator)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert task.finished_at is not None


def test_cancel_task_when_it_has_ended_then_says_so(task, administrator):
    Task.objects.update(state=TaskState.SUCCEEDED)
    with pytest.raises(NotFound, match="ended"):
        tasks.cancel_task(task_id=task.id, user=administrator)
