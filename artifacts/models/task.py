"""Work that goes on after an answer."""

import uuid

from django.db import models
from django.db.models import Q

from artifacts.enums import TaskState
from artifacts.limits import TASK_ATTEMPTS_MAX


class Task(models.Model):
    """One piece of work and the truth about it.

    Written by `services.tasks`. A running task belongs to the worker named in `leased_by` until
    `leased_until`; a worker that dies loses it to the next one. Delivery may happen twice, so every
    task can be run again safely.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The name of a function in `artifacts/tasks/jobs.py`.
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    # The artifact this is about, "" for none. No reference: a reason outlives a dropped artifact.
    artifact_id = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.READY)
    attempts = models.PositiveIntegerField(default=0)
    attempts_max = models.PositiveIntegerField(default=TASK_ATTEMPTS_MAX)
    due_at = models.DateTimeField()
    leased_by = models.CharField(max_length=100, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    done_bytes = models.BigIntegerField(default=0)
    total_bytes = models.BigIntegerField(null=True, blank=True)
    # What went wrong at the last attempt, for staff.
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by what is due, and by artifact."""

        ordering = ("-created_at",)
        indexes = [
            models.Index(
                fields=("due_at",),
                name="task_due",
                condition=Q(state__in=("ready", "running")),
            ),
            models.Index(fields=("artifact_id", "-created_at"), name="task_by_artifact"),
            models.Index(fields=("-created_at",), name="task_by_date"),
            # Counted in each look at the registry's health.
            models.Index(fields=("created_at",), name="task_failed", condition=Q(state="failed")),
            # Removed when they have served their time.
            models.Index(fields=("finished_at",), name="task_by_end"),
        ]

    def __str__(self) -> str:
        """Show name and state."""
        return f"{self.name} ({self.state})"
