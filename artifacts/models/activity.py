"""The requests of the last minutes."""

from django.db import models


class ActivityBucket(models.Model):
    """The number of requests of one kind in one minute. Written by `services.upkeep.activity`."""

    minute = models.DateTimeField()
    # The method and the route's pattern, such as `GET /artifacts/{artifact_type}/{id}`.
    route = models.CharField(max_length=120)
    status = models.PositiveSmallIntegerField()
    # "" where the route is not about one type.
    artifact_type = models.CharField(max_length=10, blank=True)
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        """One row per kind and minute."""

        constraints = [
            models.UniqueConstraint(
                fields=("minute", "route", "status", "artifact_type"), name="activity_once"
            )
        ]

    def __str__(self) -> str:
        """Show minute and route."""
        return f"{self.minute:%H:%M} {self.route}"
