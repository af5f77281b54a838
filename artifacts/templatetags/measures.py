"""Filters that write measures for people: how long something took, how much of it there is."""

from __future__ import annotations

import math
from datetime import datetime

from django import template

from artifacts.limits import LATENCY_EDGES_MS
from artifacts.said import say

register = template.Library()


@register.filter
def latency(latency_ms: float | None) -> str:
    """Return a latency for people: "12 ms", "1.4 s", "over 10 s", "-" for unknown."""
    if latency_ms is None:
        return "-"
    if math.isinf(latency_ms):
        return f"over {LATENCY_EDGES_MS[-1] / 1000:g} s"
    return f"{latency_ms:.0f} ms" if latency_ms < 1_000 else f"{latency_ms / 1000:.1f} s"  # noqa: PLR2004


@register.filter
def measured(value: str | float, name: str) -> str:
    """Return what a component measures, in the unit that the end of its name tells.

    Args:
        name: as in `answer_ms`, `oldest_due_s`, `last_lease_until`; others are counts or words.
    """
    if isinstance(value, str):
        is_time = name.endswith("_until")
        return f"{datetime.fromisoformat(value):%H:%M:%S} UTC" if is_time else say(value)
    if name.endswith("_ms"):
        return latency(value)
    return span(value) if name.endswith("_s") else f"{value:,}"


@register.filter
def rate(number: float) -> str:
    """Return a number that may have parts, with as many places as tell something."""
    if number and number < 10:  # noqa: PLR2004  (of larger ones nobody reads the parts)
        return f"{number:.1f}".removesuffix(".0")
    return f"{number:,.0f}"


@register.filter
def share(part: int, whole: int) -> str:
    """Return a part in percent of a whole; "0 %" of nothing."""
    percent = 100 * part / whole if whole else 0.0
    return f"{percent:.1f} %" if 0 < percent < 10 else f"{percent:.0f} %"  # noqa: PLR2004  (as above)


@register.filter
def span(seconds: float) -> str:
    """Return a span of time in its largest fitting unit: "40 s", "12 min", "3 h", "2 days"."""
    for unit, size_s in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size_s:
            return f"{seconds / size_s:.0f} {unit}"
    return f"{seconds:.0f} s"
