"""Globals that staff allows, or no longer allows, in the bucket, and restoring them as rows.

What holds for one artifact is in that artifact's record. What holds for all is an object for each
word, `registry/globals/{microseconds}-{digest}.json`, which is never overwritten: so nobody who
writes at the same moment loses anything, and the last word about a global holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from artifacts.exceptions import RecordBroken, Unreadable
from artifacts.models import AllowedGlobal, Artifact, ForbiddenGlobal
from artifacts.rules.record_text import read_record, write_record
from artifacts.storage import content_types
from artifacts.storage.keys import GLOBALS_PREFIX, global_key, read_global_us
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job

_FORMAT = 1
_UNREADABLE = "This is no word about a global that can be read. Restore it, or delete it."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def global_record(artifact_id: str | None) -> list[dict[str, Any]]:
    """Return the last words about globals as data: for one artifact, or None for all."""
    rows: list[AllowedGlobal | ForbiddenGlobal] = [
        *AllowedGlobal.objects.filter(artifact=artifact_id).order_by("created_at", "id"),
        *ForbiddenGlobal.objects.filter(artifact=artifact_id).order_by("created_at", "id"),
    ]
    return [
        {
            "name": row.name,
            "is_allowed": isinstance(row, AllowedGlobal),
            "at": row.created_at.isoformat(),
            "by": row.created_by,
            "reason": row.reason if isinstance(row, AllowedGlobal) else "",
        }
        for row in rows
    ]


def restore_globals(artifact: Artifact | None, words: Iterable[dict[str, Any]]) -> list[str]:
    """Write the words that the rows lack; older ones than the rows have are passed over.

    A task judges again what was found.

    Returns:
        The names of the globals that are allowed now and were not, or the other way round.

    Raises:
        KeyError, TypeError, ValueError: a word is not of the known form.
    """
    ordered = sorted(words, key=_said_at)
    changed = [each["name"] for each in ordered if _restore(artifact, each)]
    if changed:
        queue.schedule_next(Job.JUDGE_SCANS, after_id=0)
    return changed


def store_globals() -> None:
    """Write the words for all artifacts that the bucket lacks.

    Raises:
        StorageUnavailable: the bucket does not answer.
    """
    store = get_store()
    known = {found.key for found in store.list(GLOBALS_PREFIX)}
    for word in global_record(None):
        data = write_record({"format": _FORMAT} | word)
        moment_us = (_said_at(word) - _EPOCH) // _MICROSECOND
        key = global_key(moment_us, hashlib.sha256(data).hexdigest())
        if key not in known:
            store.create(key, data, content_types.JSON)


def list_global_keys(*, after_us: int) -> Iterator[str]:
    """Yield the keys of words for all artifacts that are from after a moment.

    Args:
        after_us: the last reset, in microseconds since 1970.
    """
    for found in get_store().list(GLOBALS_PREFIX):
        said_us = read_global_us(found.key)
        if said_us is not None and said_us > after_us:
            yield found.key


def read_global(key: str) -> dict[str, Any]:
    """Return a word for all artifacts.

    Raises:
        ObjectMissing: it is gone.
        RecordBroken: it cannot be read.
    """
    try:
        word: dict[str, Any] = read_record(get_store().read(key))
        known = word["format"] <= _FORMAT
    except (Unreadable, KeyError, TypeError) as error:
        raise RecordBroken(_UNREADABLE) from error
    if not known:
        raise RecordBroken("A word about a global is of a newer form than this version reads.")
    return word


def _said_at(word: dict[str, Any]) -> datetime:
    """Return when a word was said.

    Raises:
        KeyError, TypeError, ValueError: it does not say so, or without a time zone.
    """
    said_at = datetime.fromisoformat(word["at"])
    if said_at.tzinfo is None:
        raise ValueError("Its time has no zone.")
    return said_at


def _restore(artifact: Artifact | None, word: dict[str, Any]) -> bool:
    """Write a word, unless the rows know it or a later one; return whether it changed anything."""
    place = {"name": word["name"], "artifact": artifact}
    allowed = AllowedGlobal.objects.filter(**place).first()
    forbidden = ForbiddenGlobal.objects.filter(**place).first()
    said_at = _said_at(word)
    if any(row is not None and row.created_at >= said_at for row in (allowed, forbidden)):
        return False
    values = {"created_at": said_at, "created_by": word["by"]}
    if word["is_allowed"]:
        AllowedGlobal.objects.update_or_create(
            **place, defaults=values | {"reason": word["reason"]}
        )
        return allowed is None
    ForbiddenGlobal.objects.update_or_create(**place, defaults=values)
    if allowed is not None:
        allowed.delete()
    return allowed is not None
