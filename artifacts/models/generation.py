"""The state of the bucket that the database belongs to."""

from __future__ import annotations

from django.db import models

from artifacts.enums import Apart
from artifacts.limits import GENERATION_MAX_CHARS


class Generation(models.Model):
    """The only row: what this database knows about its bucket.

    Written by `services.records.generation`. The bucket keeps its generation in
    `registry/generation.json`. A reset does not change the row.
    """

    # The key of the only row.
    SOLE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=SOLE)
    # "" before the first; see `services.records.generation` for the form.
    current = models.CharField(max_length=GENERATION_MAX_CHARS, blank=True)
    # The generation that is being written to the bucket; "" at other times.
    following = models.CharField(max_length=GENERATION_MAX_CHARS, blank=True)
    # How bucket and database do not match, "" while they do, and a sentence with the evidence. Only
    # a rebuild clears these.
    apart: models.CharField[Apart, str] = models.CharField(
        max_length=30, blank=True, choices=Apart.choices()
    )
    reason = models.TextField(blank=True)
    found_at = models.DateTimeField(null=True, blank=True)
    # Artifacts whose records had no rows at the last check; a rebuild decides about them.
    unjoined = models.PositiveIntegerField(default=0)
    # The last artifact that an interrupted rebuild has processed, and the bucket's generation at
    # that time: if it has changed, the rebuild starts again.
    rebuilt_to = models.CharField(max_length=64, blank=True)
    rebuilt_of = models.CharField(max_length=GENERATION_MAX_CHARS, blank=True)

    def __str__(self) -> str:
        """Show the generation."""
        return self.current
