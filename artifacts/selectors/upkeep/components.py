"""How what is found out about the registry's components is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from artifacts.exceptions import InvalidRequest
from artifacts.limits import (
    HEALTH_WINDOW_DEFAULT_MINUTES,
    HEALTH_WINDOW_MAX_MINUTES,
    HEALTH_WINDOW_MIN_MINUTES,
)

Metric = int | float | str | bool
# The contract's words.
Severity = Literal["info", "warning", "error"]


class Status(StrEnum):
    """The contract's HealthStatus, from best to worst."""

    OK = "ok"
    UNKNOWN = "unknown"
    DEGRADED = "degraded"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Issue:
    """The contract's HealthIssue."""

    code: str
    severity: Severity
    summary: str
    details: str


class TimelineEntry(NamedTuple):
    """What was counted in the minute that begins at `bucket` (contract: HealthTimelineEntry)."""

    bucket: datetime
    value: int
    unit: str


@dataclass(frozen=True)
class Component:
    """The contract's HealthComponentDetail.

    Attributes:
        timeline: what was counted in each minute, oldest first.
    """

    id: str
    display_name: str
    description: str
    status: Status
    metrics: dict[str, Metric] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()

    @property
    def issue_count(self) -> int:
        """How many issues it has."""
        return len(self.issues)


def read_window(given: str | None, name: str) -> int:
    """Return the window that a client asked for, in minutes.

    Args:
        name: of the parameter, for the refusal.

    Raises:
        InvalidRequest: it is not a number within the bounds.
    """
    if given is None:
        return HEALTH_WINDOW_DEFAULT_MINUTES
    low, high = HEALTH_WINDOW_MIN_MINUTES, HEALTH_WINDOW_MAX_MINUTES
    is_number = given.isascii() and given.isdecimal()
    if not is_number or len(given) > len(str(high)) or not low <= int(given) <= high:
        raise InvalidRequest(f"{name} is a whole number from {low} to {high:,}.")
    return int(given)
