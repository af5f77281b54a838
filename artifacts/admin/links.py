"""The addresses on the staff site that links in panels lead to."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from artifacts.templatetags.panels import registration_address


class StaffLinks:
    """The addresses of the staff site's pages that `artifacts/templatetags/panels.py` needs."""

    def artifact(self, artifact_id: str) -> str:
        """Return the address of an artifact's page."""
        return reverse("admin:artifacts_artifact_change", args=[artifact_id])

    def bundle(self, artifact_id: str, part: str) -> str:
        """Return the address of the zip of a part."""
        return reverse("admin:artifacts_artifact_download", args=[artifact_id, part])

    def file(self, file_id: int) -> str:
        """Return the address of a file's bytes."""
        return reverse("admin:artifacts_file_download", args=[file_id])

    def decision(self, artifact_id: str) -> str:
        """Return where a decision on an artifact is sent."""
        return reverse("artifact-page-decision", args=[artifact_id])

    def monitor(self, artifact_id: str) -> str:
        """Return where the program that decides about a model's downloads is sent."""
        return reverse("artifact-page-monitor", args=[artifact_id])

    def registration(self, url: str, artifact_type: str = "") -> str:
        """Return where something that is not registered can be, by its address at its source."""
        return registration_address(url, artifact_type)

    def progress(self, artifact_id: str) -> str:
        """Return the address of how far a registration is."""
        return reverse("registration-progress", args=[artifact_id])

    def files(self, artifact_id: str, revision_id: int) -> str:  # noqa: ARG002  (other sites' need)
        """Return the address of the list of a revision's files."""
        return _list_address("file", revision=revision_id)

    def task(self, task_id: str) -> str:
        """Return the address of a task's page."""
        return reverse("admin:artifacts_task_change", args=[task_id])

    def tasks(self, artifact_id: str) -> str:
        """Return the address of the list of an artifact's tasks."""
        return _list_address("task", q=artifact_id)

    def trail(self, artifact_id: str) -> str:
        """Return the address of the list of an artifact's audit entries."""
        return _list_address("auditentry", q=artifact_id)

    def revisions(self, artifact_id: str) -> str:
        """Return the address of the list of an artifact's revisions."""
        return _list_address("revision", q=artifact_id)


def _list_address(model: str, **query: str | int) -> str:
    """Return the address of a filtered list."""
    return f"{reverse(f'admin:artifacts_{model}_changelist')}?{urlencode(query)}"
