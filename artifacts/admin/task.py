"""Background work: shown, retried, cancelled."""

from __future__ import annotations

from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from artifacts.admin.base import ReadOnlyAdmin, do_for_each, do_now_or_later, return_to_page
from artifacts.admin.filters import JobFilter
from artifacts.enums import TaskState
from artifacts.limits import CHOSEN_MAX
from artifacts.models import Task, User
from artifacts.rules.sizes import human_size
from artifacts.said import title
from artifacts.work.jobs import Job
from artifacts.work.queue import can_be_retried, cancel_task, retry_task, retry_tasks


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """The queue, with the errors in it."""

    words = ("task", "tasks")
    list_display = ("job", "badge", "artifact_id", "wrong", "tries", "progress", "due_at")
    list_filter = ("state", JobFilter)
    search_fields = ("artifact_id__contains", "error__icontains")
    search_help_text = "A part of an artifact's id or of what went wrong."
    ordering = ("-created_at",)
    actions = ("retry", "cancel")

    @admin.display(description="attempts")
    def tries(self, task: Task) -> str:
        """Show the number of attempts."""
        return f"{task.attempts} of {task.attempts_max}"

    @admin.display(description="progress")
    def progress(self, task: Task) -> str:
        """Show how many bytes are transferred, or how many models are rated."""
        if task.name == Job.RATE_CHOSEN:
            return f"{task.done_bytes:,} of {len(task.arguments['chosen'].split()):,} models"
        if not task.done_bytes:
            return "-"
        if task.state == TaskState.SUCCEEDED:
            # What is there already is not fetched again, so the sum of what came may be less.
            return human_size(task.total_bytes)
        return f"{human_size(task.done_bytes)} of {human_size(task.total_bytes)}"

    @admin.display(description="task", ordering="name")
    def job(self, task: Task) -> str:
        """Show the name in words."""
        return title(task.name)

    @admin.display(description="state", ordering="state")
    def badge(self, task: Task) -> SafeString:
        """Show the state."""
        return render_to_string("panels/task_state.html", {"state": task.state})

    def read_badge(self, task: Task) -> str:
        """Return the same as a word."""
        return task.state

    @admin.display(description="what went wrong")
    def wrong(self, task: Task) -> str:
        """Show the last error."""
        return task.error

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Add what can be done with the task."""
        task = cast("Task | None", self.get_object(request, object_id))
        offered = [("cancel", "Cancel")] if task and task.is_open else []
        if task and can_be_retried(task):
            offered = [("retry", "Retry")]
        given = {"offered_actions": offered, **(extra_context or {})}
        answer: HttpResponse = super().change_view(request, object_id, form_url, given)
        return answer

    @admin.action(description="Retry")
    def retry(self, request: HttpRequest, queryset: QuerySet[Task]) -> HttpResponse | None:
        """Make failed or cancelled tasks due at once; many of them in one statement."""
        user = cast("User", request.user)
        return do_now_or_later(
            request,
            queryset,
            lambda each: retry_task(task_id=each.id, user=user),
            ("task is due again.", "tasks are due again."),
            partial(_retry_many, request),
        )

    @admin.action(description="Cancel")
    def cancel(self, request: HttpRequest, queryset: QuerySet[Task]) -> HttpResponse | None:
        """Stop waiting or running tasks."""
        user = cast("User", request.user)
        do_for_each(
            request,
            queryset,
            lambda each: cancel_task(task_id=each.id, user=user),
            ("task was cancelled.", "tasks were cancelled."),
        )
        return return_to_page(request, "task")


def _retry_many(request: HttpRequest, ids: list[UUID]) -> None:
    """Make many tasks due, and say how many of them could be."""
    retried = retry_tasks(task_ids=ids[:CHOSEN_MAX], user=cast("User", request.user))
    left = len(ids) - retried
    rest = f" {left:,} of those chosen cannot be retried." if left else ""
    messages.success(request, f"{retried:,} tasks are due again; this list shows how far.{rest}")
