"""Artifacts that may be mistaken for others: found anew, or as the last audit found them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.utils import timezone

from artifacts.enums import AuditAction
from artifacts.limits import (
    INFLATION_ROWS_MAX,
    INFLATION_WINDOW_DAYS,
    LOOK_ALIKES_PAGE_SIZE,
    LOOK_ALIKES_WARNED_MAX,
    SEARCHES_KEPT_DAYS,
)
from artifacts.models import Artifact, ArtifactSearch, AuditEntry, LookAlike
from artifacts.rules.confusion.inflation import HourlyDownloads, find_inflation
from artifacts.rules.confusion.labels import Called
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.paging import Rows, cut_page, read_key
from artifacts.rules.values import read_count
from artifacts.selectors.trust.suspicions import (
    COLUMNS,
    find_copied,
    find_suspicions_about,
    judge_look_alikes,
    score_suspicion,
)

# A score of 1 is stored as this; offsets hold whole numbers.
_SCORE_UNITS = 1_000_000
_NEVER = (0, 0)


@dataclass(frozen=True)
class Party:
    """One of two artifacts that may be mistaken for each other.

    Attributes:
        id: "" for one that is not registered.
        repository: what its source calls it, or its address.
        users: how many different users of this registry downloaded it.
        searchers: how many different users searched for it within `SEARCHES_KEPT_DAYS`.
        searches: on how many days they did, those of all users added up.
        downloads, likes: as its source stated them last; None for unknown.
    """

    id: str
    type: str
    name: str
    repository: str
    users: int
    searchers: int
    searches: int
    downloads: int | None
    likes: int | None

    @property
    def shown_id(self) -> str | None:
        """The id, None for none."""
        return self.id or None


@dataclass(frozen=True)
class Resemblance:
    """Two artifacts, the lesser known one first, and everything that speaks for a confusion.

    Attributes:
        key: the row's key; None for what was found just now and is not kept.
        copied: what the suspect has of the other, a sentence each.
        inflated: what looks inflated about the suspect's downloads here, a sentence each.
    """

    key: int | None
    suspect: Party
    other: Party
    mechanism: Mechanism
    detail: str
    score: float
    copied: tuple[str, ...] = ()
    inflated: tuple[str, ...] = ()
    found_at: datetime | None = None
    cleared_at: datetime | None = None
    cleared_by: str = ""
    reason: str = ""


def list_look_alikes(offset: str | None = None) -> Rows[Resemblance]:
    """Return a page of the open suspicions of the last audit, the surest first.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    found = LookAlike.objects.filter(cleared_at__isnull=True)
    if offset is not None:
        units, last = read_key(offset, int, int)
        found = found.filter(score__lte=int(units) / _SCORE_UNITS).exclude(
            score=int(units) / _SCORE_UNITS, id__lte=last
        )
    rows = list(found.order_by("-score", "id")[: LOOK_ALIKES_PAGE_SIZE + 1])
    page = cut_page(
        rows, LOOK_ALIKES_PAGE_SIZE, lambda row: (round(row.score * _SCORE_UNITS), row.pk)
    )
    return Rows(show_look_alikes(page.rows), page.next_offset)


def list_of_artifact(artifact_id: str) -> list[Resemblance]:
    """Return what an artifact may be mistaken for, and what for it, cleared ones included."""
    rows = LookAlike.objects.filter(Q(suspect_id=artifact_id) | Q(other_id=artifact_id))
    return show_look_alikes(rows.order_by("-score", "id")[:LOOK_ALIKES_PAGE_SIZE])


def show_look_alikes(rows: Iterable[LookAlike]) -> list[Resemblance]:
    """Return rows with their evidence as it is now, for all of them with few statements."""
    rows = list(rows)
    suspects = {row.suspect_id for row in rows}
    parties = _find_parties(suspects | {row.other_id for row in rows})
    copied = find_copied([(row.suspect_id, row.other_id) for row in rows])
    inflated = _find_inflated(suspects)
    return [
        Resemblance(
            key=row.pk,
            suspect=parties[row.suspect_id],
            other=parties[row.other_id],
            mechanism=Mechanism(row.mechanism),
            detail=row.detail,
            score=row.score,
            copied=copied.get((row.suspect_id, row.other_id), ()),
            inflated=inflated.get(row.suspect_id, ()),
            found_at=row.found_at,
            cleared_at=row.cleared_at,
            cleared_by=row.cleared_by,
            reason=row.reason,
        )
        for row in rows
        # Either may have been deleted since the rows were read.
        if row.suspect_id in parties and row.other_id in parties
    ]


def list_warned_ids(artifact_id: str) -> list[str]:
    """Return ids of artifacts that one just registered may be mistaken for, or that for it."""
    rows = LookAlike.objects.filter(cleared_at__isnull=True).filter(
        Q(suspect_id=artifact_id) | Q(other_id=artifact_id)
    )
    pairs = rows.order_by("-score", "id").values_list("suspect_id", "other_id")
    return [
        other if suspect == artifact_id else suspect
        for suspect, other in pairs[:LOOK_ALIKES_WARNED_MAX]
    ]


def find_look_alikes(
    called: Called, bases: Mapping[str, str] = MappingProxyType({})
) -> list[Resemblance]:
    """Return what an artifact, or one that is not registered, may be mistaken for, or is.

    Args:
        bases: see `judge_look_alikes`.
    """
    found = judge_look_alikes(find_suspicions_about(called), bases)
    ids = {label.id for each in found for label in (each.suspect, each.other) if label.id}
    parties = _find_parties(ids)
    parties[""] = _unregistered(called)
    copied = find_copied([(each.suspect.id, each.other.id) for each in found])
    inflated = _find_inflated({each.suspect.id for each in found} - {""})
    return [
        Resemblance(
            key=None,
            suspect=parties[each.suspect.id],
            other=parties[each.other.id],
            mechanism=each.sign.mechanism,
            detail=each.sign.detail,
            score=score_suspicion(each, is_copied=False),
            copied=copied.get((each.suspect.id, each.other.id), ()),
            inflated=inflated.get(each.suspect.id, ()),
        )
        for each in found
        if each.suspect.id in parties and each.other.id in parties
    ]


def _unregistered(called: Called) -> Party:
    """Return what is known of what is not registered."""
    return Party(
        id="",
        type=called.type,
        name=called.name,
        repository=called.repository,
        users=0,
        searchers=0,
        searches=0,
        downloads=read_count(called.downloads),
        likes=read_count(called.likes),
    )


def _find_parties(ids: Collection[str]) -> dict[str, Party]:
    """Return artifacts with their popularity by id; those that are gone are absent."""
    if not ids:
        return {}
    entries = AuditEntry.objects.filter(artifact_id__in=ids, action=AuditAction.DOWNLOAD)
    users = dict(
        entries.values("artifact_id")
        .annotate(users=Count("user_name", distinct=True))
        .values_list("artifact_id", "users")
    )
    searched = _count_searches(ids)
    rows = Artifact.objects.shown().filter(id__in=ids).values_list(*COLUMNS)
    return {
        each.id: Party(
            id=each.id,
            type=str(each.type),
            name=each.name,
            repository=each.repository,
            users=users.get(each.id, 0),
            searchers=searched.get(each.id, _NEVER)[0],
            searches=searched.get(each.id, _NEVER)[1],
            downloads=read_count(each.downloads),
            likes=read_count(each.likes),
        )
        for each in (Called(*row) for row in rows)
    }


def _count_searches(ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return how many users searched for artifacts, and on how many days; none has no entry."""
    since = timezone.now().astimezone(UTC).date() - timedelta(days=SEARCHES_KEPT_DAYS)
    rows = (
        ArtifactSearch.objects.filter(artifact__in=ids, day__gte=since)
        .values("artifact_id")
        .annotate(users=Count("user_id", distinct=True), days=Count("id"))
    )
    return {row["artifact_id"]: (row["users"], row["days"]) for row in rows}


def _find_inflated(ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Say what looks inflated about artifacts' downloads of late; nothing of what was cut off."""
    if not ids:
        return {}
    since = timezone.now() - timedelta(days=INFLATION_WINDOW_DAYS)
    rows = (
        AuditEntry.objects.filter(
            artifact_id__in=ids, action=AuditAction.DOWNLOAD, created_at__gte=since
        )
        .values("artifact_id", "user_name", hour=TruncHour("created_at"))
        .annotate(count=Count("id"))
        .values_list("artifact_id", "user_name", "hour", "count")
        .order_by("artifact_id")
    )
    counts = list(rows[: INFLATION_ROWS_MAX + 1])
    # A share of what was read in part would be of nothing.
    cut_id = counts[-1][0] if len(counts) > INFLATION_ROWS_MAX else None
    by_artifact: dict[str, list[HourlyDownloads]] = defaultdict(list)
    for artifact_id, user_name, hour, count in counts:
        if artifact_id != cut_id:
            by_artifact[artifact_id].append(HourlyDownloads(user_name, hour, count))
    return {pk: find_inflation(downloads) for pk, downloads in by_artifact.items()}
