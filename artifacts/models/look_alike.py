"""Names that may be mistaken for others: by what they are found, what was found, who is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from artifacts.limits import NOTE_MAX_CHARS, USERNAME_MAX_CHARS

if TYPE_CHECKING:
    from artifacts.rules.confusion.mechanism import Mechanism


class NameKey(models.Model):
    """A hash of a form of an artifact's name, or of its owner's, that those alike have in common.

    Written by `services.trust.look_alikes` with the first revision; see `rules.confusion.keys`.
    """

    artifact = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="name_keys"
    )
    value = models.BigIntegerField()

    class Meta:
        """Each once per artifact; indexed to find others that have it."""

        constraints = [models.UniqueConstraint(fields=("artifact", "value"), name="name_key_once")]
        indexes = [models.Index(fields=("value", "artifact"), name="name_key_by_value")]

    def __str__(self) -> str:
        """Show the hash."""
        return f"{self.value:x}"


class LookAlike(models.Model):
    """An artifact that may be mistaken for a better known one, and what people decided about it.

    Written by `services.trust.look_alikes`. An open one goes when the audit no longer finds it; a
    cleared one stays, and keeps the pair from being suspected again, whichever is better known.
    """

    suspect = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="look_alikes"
    )
    other = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="imitations"
    )
    mechanism: models.CharField[Mechanism, str] = models.CharField(max_length=20)
    # A sentence for people.
    detail = models.CharField(max_length=NOTE_MAX_CHARS)
    # From 0 to 1.
    score = models.FloatField()
    found_at = models.DateTimeField()
    # None while it is open.
    cleared_at = models.DateTimeField(null=True)
    # Names are copies: they outlive the user.
    cleared_by = models.CharField(max_length=USERNAME_MAX_CHARS, blank=True)
    reason = models.CharField(max_length=NOTE_MAX_CHARS, blank=True)

    class Meta:
        """Each pair once; the open ones are listed by score."""

        constraints = [models.UniqueConstraint(fields=("suspect", "other"), name="look_alike_once")]
        indexes = [
            models.Index(
                fields=("-score", "id"),
                name="look_alike_open",
                condition=Q(cleared_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        """Show both ids."""
        return f"{self.suspect_id} like {self.other_id}"


class ArtifactSearch(models.Model):
    """That a user searched for an artifact on a day, however often; any row may be deleted.

    Written by `services.trust.searches`. It tells how well known an artifact is, as downloads do.
    """

    artifact = models.ForeignKey(
        "artifacts.Artifact", on_delete=models.CASCADE, related_name="searches", db_index=False
    )
    user = models.ForeignKey(
        "artifacts.User", on_delete=models.CASCADE, related_name="searches", db_index=False
    )
    # Of UTC.
    day = models.DateField()

    class Meta:
        """Each once, found by the user's day; counted by artifact."""

        constraints = [
            models.UniqueConstraint(fields=("user", "day", "artifact"), name="artifact_search_once")
        ]
        indexes = [
            models.Index(fields=("artifact", "day", "user"), name="artifact_search_counted"),
        ]

    def __str__(self) -> str:
        """Show the day and the artifact."""
        return f"{self.day} {self.artifact_id}"
