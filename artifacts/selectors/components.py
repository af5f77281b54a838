"""How what is found out about the registry's components is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Metric = int | float | str | bool


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
    severity: str
    summary: str
    details: str


@dataclass(frozen=True)
class Component:
    """The contract's HealthComponentDetail.

    Attributes:
        timeline: start of a minute and what was counted in it, oldest first.
    """

    id: str
    display_name: str
    description: str
    status: Status
    metrics: dict[str, Metric] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    timeline: tuple[tuple[datetime, int], ...] = ()
    timeline_unit: str = ""
