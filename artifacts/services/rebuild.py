"""Making the rows anew from the bucket."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from artifacts.exceptions import ObjectMissing, RecordBroken
from artifacts.models import Blob
from artifacts.services.identity import raise_sequence
from artifacts.services.records import parse_id, parse_record, read_reset_us
from artifacts.services.restoring import restore_record
from artifacts.storage.keys import BLOBS_PREFIX, RECORDS_PREFIX
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)

_CURRENT = "/metadata.json"
_BATCH_ROWS = 2_000
_SHA256_CHARS = 64


@dataclass
class Rebuilt:
    """What a rebuild came to."""

    artifacts: int = 0
    revisions: int = 0
    passed_over: int = 0
    broken: list[str] = field(default_factory=list)


def rebuild_index(
    *, is_dry_run: bool = False, progress: Callable[[Rebuilt], None] = lambda _: None
) -> Rebuilt:
    """Restore artifacts, revisions, files, blobs, tags and trails from their records.

    Safe to run at any time, and again: what has a row keeps it. Users, tokens, tasks and entries of
    reading and downloading are not in the bucket. A broken record is reported, and the others are
    restored.

    Args:
        progress: called after each artifact.

    Raises:
        StorageUnavailable: the bucket does not answer.
        RecordBroken: the marker of the last reset cannot be read.
    """
    store, result, reset_us = get_store(), Rebuilt(), read_reset_us()
    if not is_dry_run:
        _restore_blobs()
    highest: dict[str, int] = {}
    for found in store.list(RECORDS_PREFIX):
        artifact_id = found.key.split("/")[1]
        try:
            kind, number, created_us = parse_id(artifact_id)
            if created_us <= reset_us:
                result.passed_over += 1
                continue
            # Before the record is read: the number of a broken one was given out, too.
            highest[kind] = max(highest.get(kind, 0), number)
            is_current = found.key.endswith(_CURRENT)
            record = parse_record(store.read(found.key), artifact_id)
            if not is_dry_run and not restore_record(record, is_current=is_current):
                result.passed_over += 1
                continue
        except (RecordBroken, ObjectMissing) as error:
            logger.warning("rebuild.broken", extra={"key": found.key, "reason": error.message})
            result.broken.append(found.key)
            continue
        result.revisions += not is_current
        if is_current:
            result.artifacts += 1
            progress(result)
    for kind, number in highest.items():
        if not is_dry_run:
            raise_sequence(kind, number)
    return result


def _restore_blobs() -> None:
    """Write a row for each blob that is in the bucket.

    One walk answers for every file of every record whether its bytes are there, where asking for
    each would be a request a file. Those that no file turns out to have go with `remove_orphans`.
    """
    walk = (
        Blob(sha256=sha256, size_bytes=found.size_bytes)
        for found in get_store().list(BLOBS_PREFIX)
        if len(sha256 := found.key.rpartition("/")[2]) == _SHA256_CHARS
    )
    while batch := list(islice(walk, _BATCH_ROWS)):
        Blob.objects.bulk_create(batch, ignore_conflicts=True)
