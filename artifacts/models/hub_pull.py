"""What readers of the Hub's protocol had registered by asking for it."""

from __future__ import annotations

from django.db import models

from artifacts.limits import (
    PULL_KEY_MAX_CHARS,
    PULL_REFUSAL_MAX_CHARS,
    USERNAME_MAX_CHARS,
)


class HubPull(models.Model):
    """An id of the Hub that a reader asked for and nothing was registered as.

    Written by `services.hub.pulling`. While it has no end, one process is asking the Hub and the
    others wait. Afterwards it says for a while what came of it, so that nobody asks again. Any row
    may be deleted: the id is then asked for anew.
    """

    # The type and the id in small letters: `model:openai/whisper-tiny`.
    key = models.CharField(max_length=PULL_KEY_MAX_CHARS, primary_key=True)
    # Drawn by chance by the process that asks; after a crash, another takes its place.
    holder = models.UUIDField()
    user_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # What was registered, though perhaps under another id; "" for nothing.
    artifact_id = models.CharField(max_length=64, blank=True)
    # Why nothing was, as a sentence; "" if there is no such repository.
    refusal = models.CharField(max_length=PULL_REFUSAL_MAX_CHARS, blank=True)

    class Meta:
        """By reader, whose attempts are counted, and by age."""

        indexes = [
            models.Index(fields=("user_name", "begun_at"), name="hubpull_by_reader"),
            models.Index(fields=("begun_at",), name="hubpull_by_age"),
        ]

    def __str__(self) -> str:
        """Show the id."""
        return self.key
