"""What people, and the registry itself, decided on revisions."""

from __future__ import annotations

from typing import Any

from django.db import models

from artifacts.enums import DecisionState
from artifacts.limits import DECISION_REASON_MAX_CHARS, USERNAME_MAX_CHARS


class Decision(models.Model):
    """One decision on a revision. Append-only; what holds at present is in `Revision.decision`.

    Written by `services.trust.decisions`. What opens a revision may need two people: the first
    one's word is kept with `is_effective` False, and the second one's has `seconds`.
    """

    revision = models.ForeignKey(
        "artifacts.Revision", on_delete=models.CASCADE, related_name="decisions"
    )
    state: models.CharField[DecisionState, str] = models.CharField(
        max_length=12, choices=DecisionState.choices()
    )
    reason = models.CharField(max_length=DECISION_REASON_MAX_CHARS)
    # A copy of the name, as in the trail; "" for the registry itself.
    decided_by = models.CharField(max_length=USERNAME_MAX_CHARS, blank=True)
    # What of the registry found the reason, such as `scan`; "" for a person.
    found_by = models.CharField(max_length=50, blank=True)
    decided_at = models.DateTimeField()
    # When an approval ends; None for never, and for all others.
    expires_at = models.DateTimeField(null=True)
    # Metrics by which the model fails the gate, and that an approval overlooks.
    waived = models.JSONField(default=list)
    # Whether it took effect; False for what waits, or waited, for a second person.
    is_effective = models.BooleanField(default=True)
    # Whose word this one completed; "" if it needed none.
    seconds = models.CharField(max_length=USERNAME_MAX_CHARS, blank=True)

    class Meta:
        """Read per revision, in order."""

        # Those that a rebuild brings back are written later than others made since.
        ordering = ("decided_at", "id")
        indexes = [
            models.Index(fields=("revision", "-decided_at", "-id"), name="decision_by_revision")
        ]

    def __str__(self) -> str:
        """Show who decided what."""
        return f"{self.decided_by or self.found_by}: {self.state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new decision; a written one cannot be changed.

        Raises:
            TypeError: it is written already.
        """
        if not self._state.adding:
            raise TypeError("Decisions are written once and never changed.")
        super().save(*args, **kwargs)
