"""What users fetch of a revision file by file, and what was withdrawn from them."""

from __future__ import annotations

from django.db import models

from artifacts.enums import ArtifactType
from artifacts.limits import NOTE_MAX_CHARS, REPO_ID_MAX_CHARS, USERNAME_MAX_CHARS


class DownloadTally(models.Model):
    """How much of a revision a user fetched within a few minutes, one file after another.

    Written by `services.hub.downloads`. The entry in the audit trail is written once, with the
    first file, and stays as it is; what comes after is added here.
    """

    # Names and numbers are copies, as in the entry: both outlive what they name.
    user_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    artifact_id = models.CharField(max_length=64)
    # The registry's number of it.
    revision = models.PositiveIntegerField()
    # When the time that it covers began, in seconds since 1970.
    started_s = models.BigIntegerField()
    entry = models.OneToOneField(
        "artifacts.AuditEntry", null=True, on_delete=models.CASCADE, related_name="tally"
    )
    # Files that were asked for from their first byte to their last.
    files = models.PositiveIntegerField(default=0)
    # Bytes that were asked for, those of resumed and partial reads included.
    size_bytes = models.BigIntegerField(default=0)

    class Meta:
        """One for each user, revision and time: two files at once are added to the same."""

        constraints = [
            models.UniqueConstraint(
                fields=("artifact_id", "revision", "user_name", "started_s"),
                name="download_tally_once",
            )
        ]

    def __str__(self) -> str:
        """Show who fetched how much."""
        return f"{self.user_name} {self.artifact_id}: {self.files} files"


class Withdrawal(models.Model):
    """An id under which something was served that was deleted.

    Written by `services.catalogue.deletion`. Clients of the Hub that have a copy go on using it,
    whatever they are answered, unless they are told that its revision is gone.
    """

    type: models.CharField[ArtifactType, str] = models.CharField(
        max_length=10, choices=ArtifactType.choices()
    )
    # In lower case, as sources are compared.
    repo_id = models.CharField(max_length=REPO_ID_MAX_CHARS)
    artifact_id = models.CharField(max_length=64, db_index=True)
    # Why, as whoever deleted it said; "" for no reason.
    reason = models.CharField(max_length=NOTE_MAX_CHARS, blank=True)
    withdrawn_at = models.DateTimeField()

    class Meta:
        """The last deletion counts."""

        constraints = [models.UniqueConstraint(fields=("type", "repo_id"), name="withdrawal_once")]

    def __str__(self) -> str:
        """Show the id."""
        return self.repo_id
