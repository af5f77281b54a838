"""Outages that are kept in memory, for tests without a database or with threads."""

from __future__ import annotations

from datetime import datetime, timedelta

from artifacts.limits import SOURCE_REST_S
from artifacts.models import Outage


class MemoryOutages:
    """Stands in for `Outage.objects`; `tests/contract/test_outages.py` tries both alike."""

    def __init__(self) -> None:
        self.rows: dict[str, Outage] = {}
        # What was asked of it, by the names of its methods.
        self.asked: list[str] = []

    def all(self) -> list[Outage]:
        self.asked.append("all")
        return list(self.rows.values())

    def note(
        self,
        key: str,
        reason: str,
        *,
        failed_at: datetime,
        began_at: datetime | None = None,
        is_slow: bool = False,
    ) -> None:
        self.asked.append("note")
        began_at = began_at or failed_at
        row = self.rows.setdefault(key, Outage(key=key, began_at=began_at, failed_at=failed_at))
        row.add(reason, began_at, failed_at, is_slow=is_slow)

    def claim_try(self, key: str, now: datetime) -> bool:
        self.asked.append("claim_try")
        row = self.rows.get(key)
        if row is None or row.next_try_at is None or row.next_try_at > now:
            return False
        row.next_try_at = now + timedelta(seconds=SOURCE_REST_S)
        return True

    def forget(self, key: str) -> None:
        self.asked.append("forget")
        self.rows.pop(key, None)
