"""Counts of requests, as `services.upkeep.activity` writes them: by minute and by quarter."""

from datetime import datetime
from typing import Any

from django.db.models import F

from artifacts.models import ActivityBucket, ActivityQuarter


def count_requests(
    minute: datetime,
    route: str = "GET /x",
    status: int = 200,
    artifact_type: str = "",
    **counted: int,
) -> None:
    """Add to both tables; `counted` names columns."""
    kind: dict[str, Any] = {"route": route, "status": status, "artifact_type": artifact_type}
    for model, begins_at in (
        (ActivityBucket, minute), (ActivityQuarter, ActivityQuarter.begin_of(minute)),
    ):  # fmt: skip
        row, _ = model.objects.get_or_create(minute=begins_at, **kind)
        added = {name: F(name) + number for name, number in counted.items()}
        model.objects.filter(pk=row.pk).update(**added)
