"""Recent failures of components, as any instance met them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from artifacts.limits import OUTAGE_SHOWN_S, SOURCE_REST_S
from artifacts.models import DATABASE, STORAGE, Outage
from artifacts.selectors.upkeep.components import Component, Issue, Status
from artifacts.sources.silence import silent_sources


def list_recent_failures() -> dict[str, Issue]:
    """Return the recent failures of the database and of the bucket, by component.

    Raises:
        Error: the database does not answer.
    """
    since = timezone.now() - timedelta(seconds=OUTAGE_SHOWN_S)
    rows = Outage.objects.filter(key__in=(DATABASE, STORAGE), failed_at__gt=since)
    return {row.key: _issue(row) for row in rows}


def with_failure(component: Component, failures: dict[str, Issue]) -> Component:
    """Mark a component as degraded if it answers now but failed a moment ago."""
    issue = failures.get(component.id)
    if issue is None or component.status == Status.CRITICAL:
        return component
    return replace(component, status=Status.DEGRADED, issues=(*component.issues, issue))


def get_sources(*, is_readable: bool) -> Component:
    """Report which sources failed lately, without asking them, which would use up rate limits.

    Args:
        is_readable: whether the database answers; otherwise only this process's knowledge counts.
    """
    silent = silent_sources(is_readable=is_readable)
    resting = [name for name, next_try_at in silent.items() if next_try_at is not None]
    issues = tuple(
        Issue(
            "source_unavailable",
            "warning",
            f"{name} did not answer as it should when it was last asked.",
            "Registrations from there are done later, by tasks. What is kept is served on."
            + (
                f" It was silent again and again: one piece of work tries it every "
                f"{SOURCE_REST_S:g} s, and all others do not wait for it."
                if name in resting
                else ""
            ),
        )
        for name in silent
    )
    status = Status.DEGRADED if silent else Status.OK
    description = "Where artifacts come from."
    return Component("sources", "Sources", description, status, {"resting": len(resting)}, issues)


def _issue(row: Outage) -> Issue:
    """Report when a component failed, and with which message."""
    began, failed = (f"{each:%H:%M:%S}" for each in (row.began_at, row.failed_at))
    span = f"at {began}" if began == failed else f"between {began} and {failed}"
    return Issue(
        f"{row.key}_failed_lately",
        "warning",
        f"The {row.key} failed an instance of the registry {span} (UTC).",
        f"It answers this instance now. Then it was: {row.reason} If it comes again, see how many "
        "connections and instances there are, and what the log says under these minutes.",
    )
