"""Restoring deleted objects of the bucket from the versions that it keeps.

This undoes a reset, or the emptying of a bucket; newer objects stay. Bucket and database belong
together again only after a rebuild.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from artifacts.models import Task
from artifacts.services.records.generation import part_bucket
from artifacts.storage.keys import (
    BLOBS_PREFIX,
    GLOBALS_PREFIX,
    NUMBERS_PREFIX,
    RECORDS_PREFIX,
    RESET_MARKER_KEY,
    TOMBSTONES_PREFIX,
    UPLOADS_PREFIX,
)
from artifacts.storage.s3_versions import S3Versions, Version
from artifacts.storage.store import get_store, get_versions
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)

# Objects that cannot be made again from the rest of the bucket.
_KINDS = {
    "records": RECORDS_PREFIX,
    "blobs": BLOBS_PREFIX,
    "uploads": UPLOADS_PREFIX,
    "numbers": NUMBERS_PREFIX,
    "tombstones": TOMBSTONES_PREFIX,
    "globals": GLOBALS_PREFIX,
}


@dataclass
class BroughtBack:
    """What was restored, or would be.

    Attributes:
        objects: how many deleted objects of each kind are restored.
        renewed: how many overwritten records are as they were before.
        undone: how many deletions are undone, counted by their tombstones.
        reset_undone: whether a reset is undone.
    """

    objects: dict[str, int] = field(default_factory=dict)
    renewed: int = 0
    undone: int = 0
    reset_undone: bool = False


def restore_versions(
    *, before: datetime, with_overwritten: bool = False, is_dry_run: bool = False
) -> BroughtBack:
    """Restore what the bucket had at a moment; newer objects stay.

    This undoes a reset and deletions since that moment. It may be run again. Registering stops
    until a rebuild has joined bucket and database.

    Args:
        with_overwritten: also restore records that were overwritten since.
        is_dry_run: only count.

    Raises:
        StorageUnversioned: the bucket keeps no versions.
        StorageUnavailable: the bucket does not answer, or refuses.
    """
    versions, result = get_versions(), BroughtBack()
    if not is_dry_run:
        # First, so that no clean-up removes what is not joined yet.
        part_bucket()
    for kind, prefix in _KINDS.items():
        deletions = [each for history in versions.walk(prefix) for each in _undone(history, before)]
        result.objects[kind] = len({each.key for each in deletions})
        if not is_dry_run:
            versions.remove(deletions)
    if with_overwritten:
        for history in versions.walk(RECORDS_PREFIX):
            result.renewed += _renew(versions, history, before, is_dry_run=is_dry_run)
    for history in versions.walk(TOMBSTONES_PREFIX):
        result.undone += _take_back(versions, history, before, is_dry_run=is_dry_run)
    for history in versions.walk(RESET_MARKER_KEY):
        if _take_back(versions, history, before, is_dry_run=is_dry_run):
            result.reset_undone = True
    if not is_dry_run:
        _forget_resets(before)
        logger.warning("versions.restored", extra={"before": before.isoformat()} | vars(result))
    return result


def _undone(history: Sequence[Version], before: datetime) -> list[Version]:
    """Return the delete markers that hide the version of a moment; removing them restores it."""
    wanted = _at(history, before)
    if wanted is None:
        return []
    return list(takewhile(lambda each: each.is_deletion, history))


def _renew(
    versions: S3Versions, history: Sequence[Version], before: datetime, *, is_dry_run: bool
) -> bool:
    """Restore an object that was overwritten since a moment; return whether it was."""
    wanted = _at(history, before)
    newest = next((each for each in history if not each.is_deletion), None)
    if wanted is None or newest is None or newest.etag == wanted.etag:
        return False
    if not is_dry_run:
        versions.renew(wanted)
    return True


def _take_back(
    versions: S3Versions, history: Sequence[Version], before: datetime, *, is_dry_run: bool
) -> bool:
    """Undo the writing of an object since a moment; return whether it was written."""
    newest = history[0]
    if newest.is_deletion or newest.modified_at <= before:
        return False
    wanted = _at(history, before)
    if is_dry_run:
        return True
    if wanted is not None:
        versions.renew(wanted)
    else:
        get_store().delete([newest.key])
    return True


def _at(history: Sequence[Version], before: datetime) -> Version | None:
    """Return the version that was current at a moment; None if the object did not exist."""
    found = next((each for each in history if each.modified_at <= before), None)
    return None if found is None or found.is_deletion else found


def _forget_resets(before: datetime) -> None:
    """Delete the tasks of resets since a moment, which a rebuild would obey."""
    before_us = int(before.timestamp() * 1_000_000)
    for task in Task.objects.filter(name=Job.REMOVE_EVERYTHING):
        if task.arguments["reset_us"] > before_us:
            task.delete()
