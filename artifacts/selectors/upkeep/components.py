"""How what is found out about the registry's components is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

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
