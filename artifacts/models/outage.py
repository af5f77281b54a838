"""Recent failures of components: written by the process that met one, read by all processes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction

from artifacts.limits import (
    OUTAGE_KEPT_S,
    OUTAGE_KEY_MAX_CHARS,
    OUTAGE_REASON_MAX_CHARS,
    SOURCE_REST_S,
    SOURCE_SILENT_AFTER,
    SOURCE_SILENT_WITHIN_S,
)
from artifacts.rules.text import storable

# Keys of our own components; the key of a source is its address.
DATABASE, STORAGE = "database", "storage"


class OutageQuerySet(models.QuerySet["Outage"]):
    """Methods that write outages, each in a short transaction of its own."""

    def note(
        self,
        key: str,
        reason: str,
        *,
        failed_at: datetime,
        began_at: datetime | None = None,
        is_slow: bool = False,
    ) -> None:
        """Record that a component failed.

        Args:
            began_at: the first failure, if several are recorded at once.
            is_slow: whether the caller waited for long before the failure was known.
        """
        with transaction.atomic(using=self.db):
            row = self.model(key=key, began_at=began_at or failed_at, failed_at=failed_at)
            self.bulk_create([row], ignore_conflicts=True)
            kept = self.select_for_update().filter(key=key).first()
            if kept is None:
                return  # It just answered another caller.
            kept.add(reason, began_at or failed_at, failed_at, is_slow=is_slow)
            kept.save()

    def claim_try(self, key: str, now: datetime) -> bool:
        """Claim the right to query a resting source, if its next try is due.

        The claimant reports the result through `note` or `forget`. Without a report, the right
        becomes available again after `SOURCE_REST_S`.
        """
        due = self.filter(key=key, next_try_at__lte=now)
        return due.update(next_try_at=now + timedelta(seconds=SOURCE_REST_S)) == 1

    def forget(self, key: str) -> None:
        """Record that a component answers again."""
        self.filter(key=key).delete()


class Outage(models.Model):
    """A component that failed recently; components that answer have no row.

    Any row may be deleted: the next failure writes it again.
    """

    # `DATABASE`, `STORAGE`, or the address of a source.
    key = models.CharField(max_length=OUTAGE_KEY_MAX_CHARS, primary_key=True)
    began_at = models.DateTimeField()
    failed_at = models.DateTimeField()
    reason = models.CharField(max_length=OUTAGE_REASON_MAX_CHARS, default="")
    # Consecutive pieces of work that waited for the source for long without an answer.
    slow_failures = models.PositiveIntegerField(default=0)
    # Until then nobody queries the source; after it, one caller does. None: everybody may.
    next_try_at = models.DateTimeField(null=True)

    objects = OutageQuerySet.as_manager()

    def __str__(self) -> str:
        """Show the component."""
        return self.key

    def add(self, reason: str, began_at: datetime, failed_at: datetime, *, is_slow: bool) -> None:
        """Count a failure; one that is known at once delays nobody, so queries may continue."""
        since_s = (failed_at - self.failed_at).total_seconds()
        if since_s > OUTAGE_KEPT_S:
            self.began_at = began_at
        self.began_at = min(self.began_at, began_at)
        self.failed_at = max(self.failed_at, failed_at)
        self.reason = storable(reason)[:OUTAGE_REASON_MAX_CHARS]
        in_a_row = self.slow_failures if since_s <= SOURCE_SILENT_WITHIN_S else 0
        self.slow_failures = in_a_row + 1 if is_slow else 0
        rests = self.slow_failures >= SOURCE_SILENT_AFTER
        self.next_try_at = failed_at + timedelta(seconds=SOURCE_REST_S) if rests else None
