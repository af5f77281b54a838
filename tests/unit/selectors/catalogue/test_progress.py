"""How far a registration is, as the rows of artifact, revision and tasks tell it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.enums import ContentState, TaskState
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, Revision, Task
from artifacts.selectors.catalogue.progress import Stage, get_progress
from artifacts.selectors.catalogue.steps import StepState
from artifacts.selectors.trust.verdict import Badge
from artifacts.work.jobs import Job
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db
READY, RUNNING, SUCCEEDED, FAILED, CANCELLED = (
    TaskState.READY, TaskState.RUNNING, TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED,
)  # fmt: skip


def add_task(job: Job, artifact_id: str, state: TaskState, due_s: float = 0.0, **changes) -> None:
    arguments = {"url": "https://huggingface.co/acme/robot"}
    task = create_task(job, artifact_id=artifact_id, arguments=arguments)
    due_at = timezone.now() + timedelta(seconds=due_s)
    Task.objects.filter(pk=task.pk).update(state=state, due_at=due_at, **changes)


@pytest.mark.parametrize(
    ("state", "due_s", "stage", "step"),
    [
        (READY, 0, Stage.ASKING, StepState.DUE),
        (READY, 300, Stage.WAITING, StepState.RETRYING),
        (RUNNING, 20, Stage.ASKING, StepState.RUNNING),
        (RUNNING, -1, Stage.ASKING, StepState.DUE),
        (CANCELLED, 0, Stage.STOPPED, StepState.CANCELLED),
        (None, 0, Stage.STOPPED, StepState.CANCELLED),
    ],
)
def test_progress_when_the_source_has_not_answered_then_as_its_task_is(state, due_s, stage, step):
    artifact = make_artifact(visible=False)
    if state is not None:
        add_task(Job.INGEST_ARTIFACT, artifact.id, state, due_s)
    found = get_progress(artifact.id)
    assert (found.stage, found.steps[0].state) == (stage, step)
    assert [each.name for each in found.steps] == ["source", "rating", "files"]
    assert {each.state for each in found.steps[1:]} == {StepState.LATER}
    assert (found.is_registered, found.badge) == (False, None)
    assert found.source == ("https://huggingface.co/acme/robot" if state else artifact.source_key)


@pytest.mark.parametrize(
    ("content", "state", "due_s", "stage", "step"),
    [
        (ContentState.PENDING, READY, 0, Stage.FETCHING, StepState.DUE),
        (ContentState.PENDING, READY, 300, Stage.FETCHING, StepState.RETRYING),
        (ContentState.PENDING, RUNNING, 20, Stage.FETCHING, StepState.RUNNING),
        (ContentState.PENDING, CANCELLED, 0, Stage.STOPPED, StepState.CANCELLED),
        (ContentState.PENDING, None, 0, Stage.STOPPED, StepState.CANCELLED),
        (ContentState.STORED, SUCCEEDED, 0, Stage.DONE, StepState.DONE),
        (ContentState.STORED, None, 0, Stage.DONE, StepState.DONE),
        (ContentState.LINK_ONLY, SUCCEEDED, 0, Stage.LINK_ONLY, StepState.LEFT_OUT),
        (ContentState.FAILED, FAILED, 0, Stage.FETCH_FAILED, StepState.FAILED),
        (ContentState.FAILED, READY, 0, Stage.FETCHING, StepState.DUE),
        (ContentState.FAILED, RUNNING, 20, Stage.FETCHING, StepState.RUNNING),
    ],
)
def test_progress_when_registered_then_as_its_files_are(content, state, due_s, stage, step):
    artifact = make_artifact(kind="code")
    Revision.objects.update(content_state=content, size_bytes=1_000)
    if state is not None:
        add_task(Job.MIRROR_REVISION, artifact.id, state, due_s, done_bytes=250)
    found = get_progress(artifact.id)
    assert [each.name for each in found.steps] == ["source", "files"]
    assert (found.stage, found.steps[1].state) == (stage, step)
    assert (found.is_registered, found.badge) == (True, Badge.UNRATED)
    if found.steps[1].is_open:
        assert found.steps[1].share == 0.25


@pytest.mark.parametrize(
    ("is_incomplete", "state", "step", "stage"),
    [
        (False, None, StepState.DONE, Stage.DONE),
        (True, READY, StepState.RETRYING, Stage.FINISHING),
        (True, FAILED, StepState.FAILED, Stage.DONE),
        (True, None, StepState.DONE, Stage.DONE),
    ],
)
def test_progress_when_a_model_then_as_its_rating_is(is_incomplete, state, step, stage):
    artifact = make_artifact()
    make_rating(artifact, is_incomplete=is_incomplete)
    Revision.objects.update(content_state=ContentState.STORED)
    if state is not None:
        add_task(Job.RATE_MODEL, artifact.id, state, 300)
    found = get_progress(artifact.id)
    assert (found.steps[1].name, found.steps[1].state) == ("rating", step)
    assert found.stage == stage


def test_progress_when_fetched_again_then_the_newest_task_counts():
    artifact = make_artifact(kind="code")
    add_task(Job.MIRROR_REVISION, artifact.id, FAILED, error="Long ago.")
    Task.objects.update(created_at=timezone.now() - timedelta(days=1))
    add_task(Job.MIRROR_REVISION, artifact.id, RUNNING, 20)
    step = get_progress(artifact.id).steps[1]
    assert (step.state, step.error) == (StepState.RUNNING, "")


def test_progress_when_other_work_is_open_then_it_is_a_step_and_done_work_is_not():
    artifact = make_artifact(kind="code")
    Revision.objects.update(content_state=ContentState.STORED)
    add_task(Job.BUILD_BUNDLE, artifact.id, RUNNING, 20)
    add_task(Job.FOLLOW_PARENT, artifact.id, SUCCEEDED)
    found = get_progress(artifact.id)
    assert [each.name for each in found.steps] == ["source", "files", "build_bundle"]
    assert found.stage == Stage.FINISHING


@pytest.mark.parametrize(
    ("job", "state", "stage"),
    [
        (Job.INGEST_ARTIFACT, FAILED, Stage.GIVEN_UP),
        (Job.INGEST_ARTIFACT, SUCCEEDED, Stage.DELETED),
        (Job.REMOVE_OBJECTS, SUCCEEDED, Stage.DELETED),
    ],
)
def test_progress_when_the_artifact_is_gone_then_its_tasks_tell_why(job, state, stage):
    add_task(job, "dataset-1-7", state, error="It is gone.")
    found = get_progress("dataset-1-7")
    assert (found.stage, found.artifact_type, found.name) == (stage, "dataset", "")
    assert found.is_over
    assert not found.is_moving
    assert [each.error for each in found.steps] == (
        ["It is gone."] if stage == Stage.GIVEN_UP else []
    )


@pytest.mark.parametrize(
    ("state", "due_s", "is_moving"),
    [(READY, 0, True), (RUNNING, 20, True), (READY, 20, True), (READY, 300, False),
     (CANCELLED, 0, False)],
)  # fmt: skip
def test_progress_when_something_is_near_then_it_is_moving(state, due_s, is_moving):
    artifact = make_artifact(visible=False)
    add_task(Job.INGEST_ARTIFACT, artifact.id, state, due_s)
    assert get_progress(artifact.id).is_moving == is_moving


@pytest.mark.parametrize("artifact_id", ["model-1-7", "", "no such", "a\0b"])
def test_progress_when_nothing_is_known_then_not_found(artifact_id):
    create_task(Job.CHECK_UPLOAD, artifact_id="", arguments={})
    with pytest.raises(ArtifactNotFound):
        get_progress(artifact_id)


def test_progress_when_the_card_is_large_then_it_is_not_read(django_assert_num_queries):
    artifact = make_artifact()
    make_rating(artifact)
    with django_assert_num_queries(2) as asked:
        get_progress(artifact.id)
    assert not any(f'"{each}"' in asked[0]["sql"] for each in ("card", "facts", "results"))
    assert Artifact.objects.count() == 1
