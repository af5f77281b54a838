"""Removing what nothing names: leftovers of failures, deletions and resets.

Old enough is what lies longer than a grace; so nothing that is just being written is touched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.db.models import Q
from django.utils import timezone

from artifacts.enums import ContentState, TaskState
from artifacts.exceptions import IndexIncomplete, ObjectMissing, RecordBroken
from artifacts.limits import DELETE_BATCH_KEYS, ORPHAN_GRACE_HOURS, TASK_HISTORY_DAYS
from artifacts.models import (
    UPLOAD_SCHEME,
    AccessToken,
    Artifact,
    Blob,
    File,
    IdSequence,
    Revision,
    Task,
    Upload,
    upload_id_of,
)
from artifacts.services.records import parse_id, read_reset_us
from artifacts.services.transactions import writing
from artifacts.storage.base import StoredObject
from artifacts.storage.keys import (
    BLOBS_PREFIX,
    BUNDLES_PREFIX,
    INCOMING_PREFIX,
    PROBES_PREFIX,
    RECORDS_PREFIX,
    UPLOADS_PREFIX,
)
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removed:
    """What was removed of one kind, or would be."""

    kind: str
    count: int
    size_bytes: int


def remove_orphans(
    *,
    grace_hours: float = ORPHAN_GRACE_HOURS,
    batch_keys: int = DELETE_BATCH_KEYS,
    is_dry_run: bool = False,
) -> list[Removed]:
    """Remove what nothing names any more and return the counts.

    It keeps no state: broken off, it begins again and finds what is left.

    Args:
        grace_hours: what is younger stays.
        batch_keys: how many keys are looked up and deleted together.
        is_dry_run: count only.

    Raises:
        IndexIncomplete: the bucket holds artifacts that this database never knew.
        StorageUnavailable: the bucket does not answer.
    """
    _refuse_lost_database()
    before = timezone.now() - timedelta(hours=grace_hours)
    found = [
        _remove(kind, prefix, orphans, before, batch_keys, is_dry_run=is_dry_run)
        for kind, prefix, orphans in (
            ("blobs", BLOBS_PREFIX, _orphan_blobs),
            ("bundles", BUNDLES_PREFIX, _orphan_bundles),
            ("records", RECORDS_PREFIX, _orphan_records),
            ("uploads", UPLOADS_PREFIX, partial(_orphan_uploads, before, is_dry_run=is_dry_run)),
            ("incoming", INCOMING_PREFIX, list),
            ("probes", PROBES_PREFIX, list),
        )
    ]
    found.append(_abort_parts(before, is_dry_run=is_dry_run))
    if not is_dry_run:
        _remove_rows(before)
    for each in found:
        logger.info("orphans.removed", extra=vars(each) | {"dry_run": is_dry_run})
    return found


def _remove(
    kind: str,
    prefix: str,
    orphans: Callable[[list[StoredObject]], list[StoredObject]],
    before: datetime,
    batch_keys: int,
    *,
    is_dry_run: bool,
) -> Removed:
    """Walk the objects under a prefix and remove the orphans among the old ones."""
    store = get_store()
    old = (each for each in store.list(prefix) if each.modified_at < before)
    count = size_bytes = 0
    for batch in _batches(old, batch_keys):
        with writing():
            if kind == "blobs" and not is_dry_run:
                _lock_blobs(batch)
            gone = orphans(batch)
            if not is_dry_run:
                if kind == "blobs":
                    Blob.objects.filter(sha256__in=[_last(each) for each in gone]).delete()
                # Before the rows are free again: see `_lock_blobs`.
                store.delete(each.key for each in gone)
        count += len(gone)
        size_bytes += sum(each.size_bytes for each in gone)
    return Removed(kind, count, size_bytes)


def _abort_parts(before: datetime, *, is_dry_run: bool) -> Removed:
    """Abort what was begun in parts, by clients or by our own writers, and never finished."""
    parts = get_store().parts
    old = [each for each in parts.list_begun() if each.begun_at < before]
    size_bytes = 0
    for each in old:
        with suppress(ObjectMissing):  # finished since we looked
            size_bytes += sum(part.size_bytes for part in parts.list(each.key, each.upload_id))
        if not is_dry_run:
            parts.abort(each.key, each.upload_id)
    return Removed("parts", len(old), size_bytes)


def _orphan_blobs(batch: list[StoredObject]) -> list[StoredObject]:
    """Return the blobs that no file has."""
    digests = [_last(each) for each in batch]
    used = set(File.objects.filter(blob__in=digests).values_list("blob_id", flat=True))
    return [each for each in batch if _last(each) not in used]


def _lock_blobs(batch: list[StoredObject]) -> None:
    """Keep files from beginning to use these blobs until the transaction ends.

    A mirror may at this moment find an old blob in the bucket and be about to write the row that
    uses it. That row refers to the blob's row, so with every blob's row locked (written first where
    there is none) one of two things happens. Its row comes before ours are locked: then we see it,
    and the blob stays. Or it waits for our end: then blob and row are gone by the time it is
    written, and the mirror finds that out when it looks for each blob to bundle it
    (`services.bundles`), and fetches the bytes anew. SQLite has one writer: it comes to the same.
    """
    rows = sorted((_last(each), each.size_bytes) for each in batch)
    Blob.objects.bulk_create(
        (Blob(sha256=sha256, size_bytes=size_bytes) for sha256, size_bytes in rows),
        ignore_conflicts=True,
    )
    digests = [sha256 for sha256, _ in rows]
    list(Blob.objects.select_for_update().filter(sha256__in=digests).order_by("sha256"))


def _refuse_lost_database() -> None:
    """See that this database gave out the ids that are in the bucket.

    To an empty database, or one from an old backup, all that came later looks like an orphan: a
    daily run would remove the whole registry before anybody had time for `rebuild_index`.

    Raises:
        IndexIncomplete: a number in the bucket is higher than the last one given out.
    """
    reset_us = read_reset_us()
    highest: dict[str, int] = {}
    for found in get_store().list(RECORDS_PREFIX):
        try:
            kind, number, created_us = parse_id(found.key.split("/")[1])
        except RecordBroken:
            continue
        if created_us > reset_us:
            highest[kind] = max(highest.get(kind, 0), number)
    # Read after the walk: a number is given out before its record is written.
    given = dict(IdSequence.objects.values_list("artifact_type", "last_number"))
    unknown = sorted(kind for kind, number in highest.items() if number > given.get(kind, 0))
    if unknown:
        raise IndexIncomplete(unknown)


def _orphan_bundles(batch: list[StoredObject]) -> list[StoredObject]:
    """Return the bundles of artifacts that are gone, or of revisions that are not current."""
    ids = {each.key.split("/")[1] for each in batch}
    current = set(Artifact.objects.filter(id__in=ids).values_list("id", "current_revision__number"))
    return [each for each in batch if _artifact_and_revision(each) not in current]


def _orphan_records(batch: list[StoredObject]) -> list[StoredObject]:
    """Return the records of artifacts that have no row."""
    ids = {each.key.split("/")[1] for each in batch}
    present = set(Artifact.objects.filter(id__in=ids).values_list("id", flat=True))
    return [each for each in batch if each.key.split("/")[1] not in present]


def _orphan_uploads(
    before: datetime, batch: list[StoredObject], *, is_dry_run: bool
) -> list[StoredObject]:
    """Return the uploads that nothing will be fetched from any more.

    Needed are those of revisions that are not kept yet, failed ones too: staff may try again, and
    there is no other source. An upload that was announced anew waits for its registration.
    """
    ids = [each for each in map(upload_id_of, map(_upload_url, batch)) if each is not None]
    # A registration looks for the upload's row in its transaction, and waits for this one's end: it
    # finds the row gone, or its revision is seen here.
    announced = dict(
        Upload.objects.select_for_update().filter(id__in=ids).values_list("id", "created_at")
    )
    gone = [upload_id for upload_id, created_at in announced.items() if created_at < before]
    waiting = Revision.objects.filter(
        Q(url__in=[f"{UPLOAD_SCHEME}{each}" for each in ids])
        | Q(repository__in=[f"sha256/{_digest(each)}" for each in batch]),
        content_state__in=(ContentState.PENDING, ContentState.FAILED),
    )
    needed = {each for pair in waiting.values_list("url", "repository") for each in pair}
    needed |= {f"{UPLOAD_SCHEME}{each}" for each in announced.keys() - set(gone)}
    if not is_dry_run:
        Upload.objects.filter(id__in=gone).delete()
    return [
        each for each in batch if needed.isdisjoint((_upload_url(each), f"sha256/{_digest(each)}"))
    ]


def _remove_rows(before: datetime) -> None:
    """Remove rows that have served their time."""
    AccessToken.objects.filter(expires_at__lt=timezone.now()).delete()
    Upload.objects.filter(created_at__lt=before).delete()
    history = timezone.now() - timedelta(days=TASK_HISTORY_DAYS)
    ended = (TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED)
    Task.objects.filter(state__in=ended, finished_at__lt=history).delete()


def _artifact_and_revision(found: StoredObject) -> tuple[str, int | None]:
    """Return what `bundles/{id}/{revision}/{part}.zip` belongs to."""
    _, artifact_id, number, *_ = [*found.key.split("/"), ""]
    return artifact_id, int(number) if number.isdecimal() else None


def _last(found: StoredObject) -> str:
    """Return the last part of a key; of a blob, the digest."""
    return found.key.rpartition("/")[2]


def _upload_url(found: StoredObject) -> str:
    """Return the url that an upload at this key is registered by."""
    return f"{UPLOAD_SCHEME}{_last(found).removesuffix('.zip')}"


def _digest(found: StoredObject) -> str:
    """Return the digest in the key that older releases gave an upload."""
    return _last(found).removeprefix("sha256-").removesuffix(".zip")


def _batches(objects: Iterable[StoredObject], size: int) -> Iterator[list[StoredObject]]:
    """Yield lists of so many."""
    walk = iter(objects)
    while batch := list(islice(walk, size)):
        yield batch
