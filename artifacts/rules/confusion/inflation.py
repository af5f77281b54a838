"""Downloads that look made to make an artifact look popular."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

# Fewer downloads make nothing look popular, and come about by chance.
_DOWNLOADS_MIN: Final = 50
# From this share on, the downloads are one user's.
_SHARE_OF_ONE = 0.8
# From this share on, an hour has most of all downloads of the time that is looked at.
_SHARE_OF_HOUR = 0.5
# In so many hours of one day no person works, and a schedule has fewer.
_HOURS_AWAKE_MAX = 20


class HourlyDownloads(NamedTuple):
    """How many times a user fetched an artifact within one hour."""

    user_name: str
    hour: datetime
    times: int


def find_inflation(downloads: Iterable[HourlyDownloads]) -> tuple[str, ...]:
    """Say what looks inflated about an artifact's downloads, a sentence each; () for nothing."""
    by_user: Counter[str] = Counter()
    by_hour: Counter[datetime] = Counter()
    hours_of_day: dict[tuple[str, datetime], set[int]] = defaultdict(set)
    for each in downloads:
        by_user[each.user_name] += each.times
        by_hour[each.hour] += each.times
        day = each.hour.replace(hour=0)
        hours_of_day[each.user_name, day].add(each.hour.hour)
    total = by_user.total()
    if total < _DOWNLOADS_MIN:
        return ()
    found = []
    user_name, most = by_user.most_common(1)[0]
    if most / total >= _SHARE_OF_ONE:
        found.append(f"{most:,} of {total:,} downloads are of one user, {user_name}.")
    hour, most = by_hour.most_common(1)[0]
    if most / total >= _SHARE_OF_HOUR:
        found.append(f"{most:,} of {total:,} downloads fell into one hour, {hour:%Y-%m-%d %H} UTC.")
    (user_name, day), hours = max(hours_of_day.items(), key=lambda each: len(each[1]))
    if len(hours) > _HOURS_AWAKE_MAX:
        found.append(
            f"{user_name} fetched it in {len(hours)} hours of {day:%Y-%m-%d}, as only programs do."
        )
    return tuple(found)
