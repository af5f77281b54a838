"""The health dashboard. Programs ask `/health` and `/health/components`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from artifacts.database import outages
from artifacts.exceptions import DatabaseUnavailable
from artifacts.limits import OUTAGE_REASON_MAX_CHARS
from artifacts.rules.charts import Chart, draw_lines, stack_bars
from artifacts.selectors.upkeep import health
from artifacts.selectors.upkeep.components import Status, read_window
from artifacts.selectors.upkeep.traffic import Step, Traffic, get_traffic, list_failures
from artifacts.services.upkeep import activity

# What can be chosen; the address may name any other number of minutes.
_WINDOWS = (
    (5, "5 minutes"), (15, "15 minutes"), (60, "1 hour"), (360, "6 hours"), (1_440, "24 hours"),
)  # fmt: skip


def show_dashboard(request: HttpRequest) -> HttpResponse:
    """Show how the components are, and what was asked of the registry lately.

    Raises:
        InvalidRequest: the window is not one.
        DatabaseUnavailable: it was lost since the person was recognised.
    """
    minutes = read_window(request.GET.get("minutes"), "minutes")
    words = request.GET.get("failures", "")[:OUTAGE_REASON_MAX_CHARS]
    database = health.get_database()
    if database.status != Status.OK and "answer_ms" not in database.metrics:
        activity.hold()
        raise DatabaseUnavailable(database.issues[0].summary)
    if database.status == Status.OK:
        activity.flush()
        outages.write()
    traffic = get_traffic(minutes)
    counted = (traffic.tally.requests, traffic.tally.faults)
    components = health.list_components(database, minutes, counted=counted)
    queue = next(each for each in components if each.id == "tasks")
    context = {
        "traffic": traffic,
        "charts": _draw(traffic),
        "components": components,
        "worst": health.worst(components),
        "queue": queue.metrics,
        "failures": list_failures(traffic.started_at, words),
        "words": words,
        "windows": [
            (each, label, urlencode({"minutes": each} | ({"failures": words} if words else {})))
            for each, label in _WINDOWS
        ],
        "uptime_s": activity.get_uptime_s(),
    }
    return render(request, "web/upkeep/dashboard.html", context)


def _draw(traffic: Traffic) -> dict[str, object]:
    """Return the charts."""
    steps, minutes = traffic.steps, float(traffic.step_minutes)
    requests = stack_bars(
        (
            [(each.tally.requests - each.tally.failed) / minutes for each in steps],
            [each.tally.failed / minutes for each in steps],
        )
    )
    errors = stack_bars(
        (
            [float(each.tally.unavailable) for each in steps],
            [float(each.tally.faults) for each in steps],
        )
    )
    latency = draw_lines(
        (
            [each.latency.half for each in steps],
            [each.latency.most for each in steps],
            [each.latency.nearly_all for each in steps],
        )
    )
    return {
        "requests": requests,
        "requests_bars": _tell(requests, steps),
        "errors": errors,
        "errors_bars": _tell(errors, steps),
        "latency": latency,
    }


def _tell(chart: Chart, steps: tuple[Step, ...]) -> list[tuple[int, str, str]]:
    """Return for each bar its series, its outline, and what it shows.

    Put together here: there are hundreds, and a template takes its time for each value.
    """
    told = [
        f"{each.begins_at:%H:%M}: {each.tally.requests} in all, {each.tally.failed} failed"
        for each in steps
    ]
    return [(bar.series, bar.outline, told[bar.column]) for bar in chart.bars]
