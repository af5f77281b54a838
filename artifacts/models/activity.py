"""The requests of the last minutes."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from artifacts.limits import (
    ACTIVITY_QUARTER_MINUTES,
    CLIENT_MARKS,
    FAILURE_REASON_MAX_CHARS,
    LATENCY_EDGES_MS,
)


def _count_of_latency() -> models.PositiveIntegerField[int, int]:
    """Return a column that the release before this one need not know."""
    return models.PositiveIntegerField(default=0, db_default=0)


class _Counts(models.Model):
    """The number of requests of one kind in a stretch of time."""

    # The columns of latencies, in the order of `LATENCY_EDGES_MS`; the last has what took longer.
    LATENCIES = (*(f"within_{edge}_ms" for edge in LATENCY_EDGES_MS), "longer")

    # The first of the stretch.
    minute = models.DateTimeField()
    # The method and the route's pattern, such as `GET /artifacts/{artifact_type}/{id}`.
    route = models.CharField(max_length=120)
    status = models.PositiveSmallIntegerField()
    # "" where the route is not about one type.
    artifact_type = models.CharField(max_length=10, blank=True)
    requests = models.PositiveIntegerField(default=0)
    # How many of them took so long, each counted once: in the first column that it fits. An older
    # release counts requests without their latency.
    within_5_ms = _count_of_latency()
    within_10_ms = _count_of_latency()
    within_25_ms = _count_of_latency()
    within_50_ms = _count_of_latency()
    within_100_ms = _count_of_latency()
    within_250_ms = _count_of_latency()
    within_500_ms = _count_of_latency()
    within_1000_ms = _count_of_latency()
    within_2500_ms = _count_of_latency()
    within_5000_ms = _count_of_latency()
    within_10000_ms = _count_of_latency()
    longer = _count_of_latency()

    class Meta:
        """No table of its own."""

        abstract = True

    def __str__(self) -> str:
        """Show minute and route."""
        return f"{self.minute:%H:%M} {self.route}"


class ActivityBucket(_Counts):
    """The number of requests of one kind in one minute. Written by `services.upkeep.activity`."""

    class Meta:
        """One row per kind and minute."""

        constraints = [
            models.UniqueConstraint(
                fields=("minute", "route", "status", "artifact_type"), name="activity_once"
            )
        ]


class ActivityQuarter(_Counts):
    """The same of a quarter of an hour: for windows of which nobody looks at single minutes.

    Written in the same transaction as the minutes, so both tables have the same sums. What an older
    release counts beside this one stands in the minutes alone.
    """

    class Meta:
        """One row per kind and quarter."""

        constraints = [
            models.UniqueConstraint(
                fields=("minute", "route", "status", "artifact_type"), name="activity_quarter_once"
            )
        ]

    @staticmethod
    def begin_of(moment: datetime) -> datetime:
        """Return the beginning of the quarter in which a moment lies."""
        past = moment.minute % ACTIVITY_QUARTER_MINUTES
        return moment.replace(minute=moment.minute - past, second=0, microsecond=0)


class ClientMark(models.Model):
    """When a client with this mark was last seen; any row may be deleted.

    A mark is twelve bits of a keyed hash of an address, so each stands for a million addresses and
    names nobody. How many marks were seen tells how many clients there were (linear counting:
    Whang, Vander-Zanden and Taylor, 1990). The table never has more than `CLIENT_MARKS` rows.
    """

    MARKS = CLIENT_MARKS

    mark = models.PositiveSmallIntegerField(primary_key=True)
    # The minute.
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Show the mark."""
        return str(self.mark)


class FailedRequest(models.Model):
    """A request that our side failed, or that took very long; the newest few are kept.

    What the log says in its line, as far as anybody may read it: no address, user or path.
    """

    at = models.DateTimeField()
    request_id = models.CharField(max_length=32)
    route = models.CharField(max_length=120)
    status = models.PositiveSmallIntegerField()
    # The event of its line in the log.
    event = models.CharField(max_length=40)
    # The message of an error of the registry; the class of any other.
    reason = models.CharField(max_length=FAILURE_REASON_MAX_CHARS, blank=True)
    took_ms = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Show status and route."""
        return f"{self.status} {self.route}"
