"""How far a registration is: what was done, what runs, what waits for what, and what came of it.

The rows of tasks tell it, so it can be asked by anybody at any time; a registration that was given
up is known as long as its task is (`TASK_HISTORY_DAYS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from django.utils import timezone

from artifacts.enums import ArtifactType, ContentState, TaskState
from artifacts.exceptions import ArtifactNotFound, RecordBroken
from artifacts.limits import PROGRESS_SOON_S, TASKS_SHOWN_MAX
from artifacts.models import Artifact, Revision, Task
from artifacts.rules.identity import can_be_id, parse_id
from artifacts.selectors.catalogue.steps import (
    Step,
    StepState,
    show_files_step,
    show_rating_step,
    show_task,
)
from artifacts.selectors.trust.decisions import require_shown
from artifacts.selectors.trust.verdict import Badge, choose_badge
from artifacts.work.jobs import Job

_FIELDS = (
    "id", "type", "name", "source_key", "current_revision__url",
    "current_revision__content_state", "current_revision__content_reason",
    "current_revision__decision", "current_revision__size_bytes",
    "current_revision__current_rating__gate",
    "current_revision__current_rating__is_incomplete",
    "current_revision__current_rating__rules_version",
)  # fmt: skip
# The work of which the three steps of a registration consist.
_STEPS = (Job.INGEST_ARTIFACT, Job.RATE_MODEL, Job.MIRROR_REVISION)
_OPEN = (TaskState.READY, TaskState.RUNNING)


class Stage(StrEnum):
    """How far it is, as a whole."""

    # The source is being asked, or is about to be.
    ASKING = "asking"
    # The source did not answer and is asked again later.
    WAITING = "waiting"
    # It is registered, and its files are on their way.
    FETCHING = "fetching"
    # It can be used; other work for it goes on.
    FINISHING = "finishing"
    DONE = "done"
    # It is registered, and its files are left out on purpose.
    LINK_ONLY = "link_only"
    # It is registered, and its files could not be had.
    FETCH_FAILED = "fetch_failed"
    # Staff cancelled the work.
    STOPPED = "stopped"
    # The source refused or stayed silent for too long. The artifact is gone.
    GIVEN_UP = "given_up"
    DELETED = "deleted"


@dataclass(frozen=True)
class Progress:
    """How far a registration is.

    Attributes:
        name: "" if the artifact is gone.
        source: the address that it was registered by, or the identity of a silent source.
        badge: None until it is registered.
    """

    artifact_id: str
    artifact_type: str
    name: str
    source: str
    stage: Stage
    steps: tuple[Step, ...]
    badge: Badge | None

    @property
    def is_registered(self) -> bool:
        """Whether everybody sees the artifact."""
        return self.badge is not None

    @property
    def is_over(self) -> bool:
        """Whether nothing is going to change by itself."""
        return self.stage not in (
            Stage.ASKING, Stage.WAITING, Stage.FETCHING, Stage.FINISHING,
        )  # fmt: skip

    @property
    def is_moving(self) -> bool:
        """Whether something may change within moments."""
        soon = timezone.now() + timedelta(seconds=PROGRESS_SOON_S)
        return any(
            each.state in (StepState.RUNNING, StepState.DUE)
            or (each.next_at is not None and each.next_at <= soon)
            for each in self.steps
        )

    def without_reasons(self) -> Progress:
        """Return the same without what a source said, unless it is registered for all to see."""
        if self.is_registered:
            return self
        return replace(self, steps=tuple(replace(each, error="") for each in self.steps))


def get_progress(artifact_id: str, user: object = None) -> Progress:
    """Return how far the registration of an artifact is, in two queries.

    Args:
        user: a user, or somebody unknown.

    Raises:
        ArtifactQuarantined: it is in quarantine, and this user does not decide.
        ArtifactNotFound: there is no such artifact, and no work for it is on record.
    """
    if not can_be_id(artifact_id):
        raise ArtifactNotFound("artifact", artifact_id)
    found = Artifact.objects.select_related("current_revision__current_rating").only(*_FIELDS)
    artifact = found.filter(id=artifact_id).first()
    rows = Task.objects.filter(artifact_id=artifact_id).order_by("-created_at")[:TASKS_SHOWN_MAX]
    # The newest of each job.
    tasks = {task.name: task for task in reversed(rows)}
    if artifact is not None:
        if artifact.current_revision is not None:
            require_shown(artifact, artifact.current_revision, user)
        return _describe(artifact, tasks)
    if not tasks:
        raise ArtifactNotFound("artifact", artifact_id)
    return _describe_gone(artifact_id, tasks)


def _describe_gone(artifact_id: str, tasks: Mapping[str, Task]) -> Progress:
    """Return what became of an artifact that is gone."""
    task = tasks.get(Job.INGEST_ARTIFACT)
    is_given_up = task is not None and task.state == TaskState.FAILED
    try:
        artifact_type = str(parse_id(artifact_id).type)
    except RecordBroken:
        artifact_type = ""
    return Progress(
        artifact_id=artifact_id,
        artifact_type=artifact_type,
        name="",
        source=str(task.arguments.get("url", "")) if task else "",
        stage=Stage.GIVEN_UP if is_given_up else Stage.DELETED,
        steps=(show_task("source", task),) if task and is_given_up else (),
        badge=None,
    )


def _describe(artifact: Artifact, tasks: Mapping[str, Task]) -> Progress:
    """Return how far an artifact is."""
    revision = artifact.current_revision
    task = tasks.get(Job.INGEST_ARTIFACT)
    if revision is None:
        source = show_task("source", task) if task else Step("source", StepState.CANCELLED)
        steps = [source, *_list_later(artifact)]
        stage = _choose_waiting_stage(source)
    else:
        steps = [Step("source", StepState.DONE)]
        if artifact.type == ArtifactType.MODEL:
            steps.append(show_rating_step(revision, tasks.get(Job.RATE_MODEL)))
        files = show_files_step(revision, tasks.get(Job.MIRROR_REVISION))
        others = [
            show_task(name, task)
            for name, task in tasks.items()
            if name not in _STEPS and task.state in _OPEN
        ]
        steps += [files, *others]
        stage = _choose_stage(revision, files, steps)
    return Progress(
        artifact_id=artifact.id,
        artifact_type=str(artifact.type),
        name=artifact.name,
        source=revision.url if revision else _read_url(task) or artifact.source_key,
        stage=stage,
        steps=tuple(steps),
        badge=choose_badge(artifact) if revision else None,
    )


def _read_url(task: Task | None) -> str:
    """Return the address that a task asks."""
    return str(task.arguments.get("url", "")) if task else ""


def _list_later(artifact: Artifact) -> list[Step]:
    """Return the steps that follow when the source has answered."""
    names = ("rating", "files") if artifact.type == ArtifactType.MODEL else ("files",)
    return [Step(name, StepState.LATER) for name in names]


def _choose_waiting_stage(source: Step) -> Stage:
    """Return the stage of an artifact whose source has not answered."""
    if not source.is_open:
        return Stage.STOPPED
    return Stage.WAITING if source.state == StepState.RETRYING else Stage.ASKING


def _choose_stage(revision: Revision, files: Step, steps: list[Step]) -> Stage:
    """Return the stage of an artifact that is registered."""
    if files.is_open:
        return Stage.FETCHING
    if revision.content_state == ContentState.PENDING:
        return Stage.STOPPED
    if revision.content_state == ContentState.FAILED:
        return Stage.FETCH_FAILED
    if any(each.is_open for each in steps):
        return Stage.FINISHING
    return Stage.DONE if revision.content_state == ContentState.STORED else Stage.LINK_ONLY
