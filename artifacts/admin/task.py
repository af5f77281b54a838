"""Background work: shown, retried, cancelled."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from artifacts.admin.base import ReadOnlyAdmin, do_for_each
from artifacts.models import Task, User
from artifacts.rules.sizes import human_size
from artifacts.work.queue import cancel_task, retry_task


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    """The queue, with the errors in it."""

    list_display = ("name", "artifact_id", "state", "tries", "progress", "due_at", "created_at")
    list_filter = ("state", "name")
    search_fields = ("artifact_id__exact",)
    ordering = ("-created_at",)
    actions = ("retry", "cancel")

    @admin.display(description="attempts")
    def tries(self, task: Task) -> str:
        """Show the number of attempts."""
        return f"{task.attempts} of {task.attempts_max}"

    @admin.display(description="progress")
    def progress(self, task: Task) -> str:
        """Show how many bytes are transferred."""
        if not task.done_bytes:
            return "-"
        return f"{human_size(task.done_bytes)} of {human_size(task.total_bytes)}"

    @admin.action(description="Retry")
    def retry(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        """Make failed or cancelled tasks due at once."""
        user = cast("User", request.user)
        do_for_each(
            request,
            queryset,
            lambda each: retry_task(task_id=each.id, user=user),
            "tasks are due again.",
        )

    @admin.action(description="Cancel")
    def cancel(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        """Stop waiting or running tasks."""
        user = cast("User", request.user)
        do_for_each(
            request,
            queryset,
            lambda each: cancel_task(task_id=each.id, user=user),
            "tasks were cancelled.",
        )
