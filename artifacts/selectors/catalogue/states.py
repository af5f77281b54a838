"""What is shown of an artifact's revisions, of its card and of the work done for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Length, Substr

from artifacts.database.first_rows import FirstRows, take_first_rows
from artifacts.enums import TaskState
from artifacts.limits import CARD_SHOWN_MAX_CHARS, REVISIONS_SHOWN_MAX, TASKS_SHOWN_MAX
from artifacts.models import Artifact, Revision, SearchDocument, Task
from artifacts.rules.page_urls import only_web_url


@dataclass(frozen=True)
class RevisionLine:
    """A state of an artifact.

    Attributes:
        web_url: the address at the source, where it is one that a page may link to; "" otherwise.
    """

    number: int
    is_current: bool
    url: str
    web_url: str
    commit: str
    content_state: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class Revisions:
    """The newest revisions of an artifact."""

    artifact_id: str
    lines: FirstRows[RevisionLine]


@dataclass(frozen=True)
class TaskLine:
    """A piece of work.

    Attributes:
        error: what went wrong at the last attempt, "" for nothing.
        due_at: when it is tried next; None for what is not waiting.
        total_bytes: None for unknown.
    """

    task_id: str
    name: str
    state: str
    attempts: int
    attempts_max: int
    error: str
    due_at: datetime | None
    created_at: datetime
    done_bytes: int
    total_bytes: int | None


@dataclass(frozen=True)
class Tasks:
    """The newest work for an artifact."""

    artifact_id: str
    lines: FirstRows[TaskLine]


@dataclass(frozen=True)
class Card:
    """The beginning of an artifact's README, as its source has it: text from strangers.

    Attributes:
        left_out_chars: how much more of it there is.
        unread: why it is not known whether there is one, "" if that is known.
    """

    text: str = ""
    left_out_chars: int = 0
    unread: str = ""


def get_revisions(artifact: Artifact) -> Revisions:
    """Return the newest revisions of an artifact, in one query; two where there are many."""

    def show(revision: Revision) -> RevisionLine:
        return RevisionLine(
            number=revision.number,
            is_current=revision.pk == artifact.current_revision_id,
            url=revision.url,
            web_url=only_web_url(revision.url),
            commit=revision.commit,
            content_state=revision.content_state,
            created_by=revision.created_by,
            created_at=revision.created_at,
        )

    found = Revision.objects.filter(artifact_id=artifact.id).order_by("-number")
    found = found.defer(*Revision.LARGE_FIELDS)
    return Revisions(artifact.id, take_first_rows(found, REVISIONS_SHOWN_MAX, show))


def get_tasks(artifact_id: str) -> Tasks:
    """Return the newest work for an artifact, in one query; two where there is much."""
    found = Task.objects.filter(artifact_id=artifact_id).order_by("-created_at")
    return Tasks(artifact_id, take_first_rows(found, TASKS_SHOWN_MAX, _show_task))


def get_card(artifact_id: str) -> Card:
    """Return the beginning of an artifact's README; the database leaves the rest where it is."""
    row = (
        SearchDocument.objects.filter(artifact_id=artifact_id)
        .values_list(Substr("readme", 1, CARD_SHOWN_MAX_CHARS), Length("readme"))
        .first()
    )
    if row is None:
        return Card()
    text, length = row
    return Card(text, max(0, length - CARD_SHOWN_MAX_CHARS))


def _show_task(task: Task) -> TaskLine:
    """Return what is shown of a task."""
    return TaskLine(
        task_id=str(task.id),
        name=task.name,
        state=task.state,
        attempts=task.attempts,
        attempts_max=task.attempts_max,
        error=task.error,
        due_at=task.due_at if task.state == TaskState.READY else None,
        created_at=task.created_at,
        done_bytes=task.done_bytes,
        total_bytes=task.total_bytes,
    )
