"""The audit trail."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from artifacts.enums import ArtifactType, AuditAction
from artifacts.limits import NAME_MAX_CHARS, NOTE_MAX_CHARS, USERNAME_MAX_CHARS


class NamedUser(NamedTuple):
    """A user as an entry names one."""

    name: str
    is_admin: bool


class NamedArtifact(NamedTuple):
    """An artifact as an entry names one."""

    name: str
    id: str
    type: str


class AuditEntry(models.Model):
    """Who did what to which artifact, when. Append-only; only a reset removes entries.

    Names are copies, not references: the trail outlives the artifact and the user.
    """

    artifact_id = models.CharField(max_length=64)
    artifact_type: models.CharField[ArtifactType, str] = models.CharField(
        max_length=10, choices=ArtifactType.choices()
    )
    artifact_name = models.CharField(max_length=NAME_MAX_CHARS)
    user_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    user_is_admin = models.BooleanField()
    action: models.CharField[AuditAction, str] = models.CharField(
        max_length=10, choices=AuditAction.choices()
    )
    created_at = models.DateTimeField()
    # What the action was about where the word is not enough, as in `part=weights`.
    note = models.CharField(max_length=NOTE_MAX_CHARS, blank=True)

    class Meta:
        """Read per artifact, in order."""

        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=("artifact_id", "id"), name="audit_by_artifact"),
            models.Index(fields=("-created_at",), name="audit_by_date"),
            # How often something was fetched lately.
            models.Index(
                fields=("artifact_id", "created_at"),
                name="audit_of_downloads",
                condition=Q(action=AuditAction.DOWNLOAD),
            ),
        ]

    def __str__(self) -> str:
        """Show who did what."""
        return f"{self.user_name} {self.action} {self.artifact_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new entry; a written one cannot be changed.

        Raises:
            TypeError: the entry is in the trail already.
        """
        if not self._state.adding:
            raise TypeError("Audit entries are written once and never changed.")
        super().save(*args, **kwargs)

    @property
    def named_user(self) -> NamedUser:
        """Who did it, as called then."""
        return NamedUser(self.user_name, self.user_is_admin)

    @property
    def named_artifact(self) -> NamedArtifact:
        """What it was done to, as called then."""
        return NamedArtifact(self.artifact_name, self.artifact_id, self.artifact_type)
