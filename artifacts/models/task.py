"""Work that continues after an answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import BooleanField, Func, Q

from artifacts.enums import TaskState
from artifacts.limits import TASK_ATTEMPTS_MAX

# How the error of an attempt begins that no source or component caused: details are for staff.
INTERNAL_ERROR = "Internal error."


class _IsOpen(Func):
    """Whether a state is that of a task that is not done."""

    arity = 1
    output_field = BooleanField()
    template = "%(expressions)s IN ('ready', 'running')"


class Task(models.Model):
    """One piece of work and its state.

    Written by `work.queue`. A running task belongs to the worker named in `leased_by` until
    `leased_until`; if that worker dies, the next one takes over. A task may be delivered twice, so
    every task must be safe to run again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A `work.jobs.Job`, or a name that only another release knows.
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    # The artifact it is about, "" for none. Not a reference: a reason outlives a dropped artifact.
    artifact_id = models.CharField(max_length=64, blank=True)
    state: models.CharField[TaskState, str] = models.CharField(
        max_length=10, choices=TaskState.choices(), default=TaskState.READY
    )
    attempts = models.PositiveIntegerField(default=0)
    attempts_max = models.PositiveIntegerField(default=TASK_ATTEMPTS_MAX)
    due_at = models.DateTimeField()
    leased_by = models.CharField(max_length=100, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    done_bytes = models.BigIntegerField(default=0)
    total_bytes = models.BigIntegerField(null=True, blank=True)
    # What went wrong at the last attempt; see `told_error`.
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Indexed by due time and by artifact."""

        ordering = ("-created_at",)
        indexes = [
            models.Index(
                fields=("due_at",),
                name="task_due",
                condition=Q(state__in=("ready", "running")),
            ),
            models.Index(fields=("artifact_id", "-created_at"), name="task_by_artifact"),
            models.Index(fields=("-created_at",), name="task_by_date"),
            # Counted in each health check.
            models.Index(fields=("created_at",), name="task_failed", condition=Q(state="failed")),
            # For removing old tasks.
            models.Index(fields=("finished_at",), name="task_by_end"),
        ]

    def __str__(self) -> str:
        """Show name and state."""
        return f"{self.name} ({self.state})"

    @staticmethod
    def is_waiting_or_running() -> Q:
        """Ask for tasks that are not done, in the words of the index of them.

        SQLite compares words, and takes parameters for something else.
        """
        return Q(_IsOpen("state"))

    @property
    def told_error(self) -> str:
        """What went wrong at the last attempt, in words for everybody; "" for nothing."""
        return INTERNAL_ERROR if self.error.startswith(INTERNAL_ERROR) else self.error

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (TaskState.READY, TaskState.RUNNING)
