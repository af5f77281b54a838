"""The programs that decide about downloads of sensitive models, and what they decided."""

from __future__ import annotations

from typing import Any

from django.db import models

from artifacts.enums import MonitorVerdict, Part
from artifacts.limits import USERNAME_MAX_CHARS
from artifacts.rules.digest import SHA256_CHARS


class MonitorChange(models.Model):
    """Somebody set a model's program, or removed it. The latest one is in force.

    Written by `services.content.monitors`. Append-only: only with their artifact do they go.
    """

    artifact = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="monitor_changes"
    )
    # "" where the program was removed.
    program = models.TextField(blank=True)
    # Of the program's bytes in UTF-8; "" where it was removed.
    sha256 = models.CharField(max_length=SHA256_CHARS, blank=True)
    # A copy, as in the audit trail: users can be deleted.
    user_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    created_at = models.DateTimeField()

    class Meta:
        """Read per artifact, the latest first."""

        indexes = [
            models.Index(fields=("artifact", "-created_at", "-id"), name="monitor_by_artifact")
        ]

    def __str__(self) -> str:
        """Show whose program it is, and which."""
        return f"{self.artifact_id}: {self.sha256[:12] or 'removed'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new change; a written one stays as it is.

        Raises:
            TypeError: it is written already.
        """
        if not self._state.adding:
            raise TypeError("Changes of a monitor are written once and never changed.")
        super().save(*args, **kwargs)


class MonitorRun(models.Model):
    """One run of a model's program before a download, and its verdict.

    Written by `services.content.monitoring`. It belongs to the entry in the audit trail that says
    who was to have what, and goes with it.
    """

    entry = models.ForeignKey(
        "artifacts.AuditEntry", on_delete=models.CASCADE, related_name="monitor_runs"
    )
    artifact_id = models.CharField(max_length=64)
    # The registry's number of it.
    revision = models.PositiveIntegerField()
    # Which zip it saw; single files rest on what was decided about the zip of all.
    part: models.CharField[Part, str] = models.CharField(max_length=10, choices=Part.choices())
    user_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    program_sha256 = models.CharField(max_length=SHA256_CHARS)
    verdict: models.CharField[MonitorVerdict, str] = models.CharField(
        max_length=10, choices=MonitorVerdict.choices()
    )
    # None if the program was not run.
    exit_status = models.IntegerField(null=True)
    # The end of what it printed, without characters that cannot be seen; or why it was not run.
    output = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        """Asked for by clients that fetch one file after another."""

        indexes = [
            models.Index(
                fields=("artifact_id", "revision", "user_name", "-created_at"),
                name="monitor_run_lately",
            )
        ]

    def __str__(self) -> str:
        """Show whom it concerned, and the verdict."""
        return f"{self.user_name} {self.artifact_id}: {self.verdict}"
