"""The front page of the staff site."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from artifacts.rules.charts import stack_bars
from artifacts.selectors.upkeep import health
from artifacts.selectors.upkeep.front_page import Hour, get_needs, get_stored, list_hours


def gather_front_page() -> dict[str, Any]:
    """Return what the front page shows, beside the groups."""
    needs, hours = get_needs(), list_hours()
    counted = (sum(each.requests for each in hours), sum(each.faults for each in hours))
    components = health.list_components(health.get_database(), len(hours) * 60, counted=counted)
    return {
        "needs": needs,
        "hours": hours,
        "day": _sum_up(hours),
        "chart": _draw(hours),
        "components": components,
        "queue": next(each for each in components if each.id == "tasks").metrics,
        "stored": get_stored(),
        "version": settings.REGISTRY_VERSION,
        "mode": settings.REGISTRY_MODE,
    }


def _sum_up(hours: tuple[Hour, ...]) -> dict[str, int]:
    """Return the sums of the day, and the faults of the present hour."""
    names = ("requests", "registered", "downloaded", "faults")
    sums = {name: sum(getattr(each, name) for each in hours) for name in names}
    return sums | {"faults_now": hours[-1].faults}


def _draw(hours: tuple[Hour, ...]) -> dict[str, object]:
    """Return the chart, each bar with the hour that it shows."""
    chart = stack_bars(
        (
            [float(each.downloaded) for each in hours],
            [float(each.registered) for each in hours],
            [float(each.faults) for each in hours],
        )
    )
    return {"chart": chart, "bars": [(bar, hours[bar.column]) for bar in chart.bars]}
