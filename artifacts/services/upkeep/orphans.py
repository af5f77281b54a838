"""Removing objects of deleted artifacts, and leftovers of interrupted work.

Records and blobs are removed only if something proves their deletion: a row, a tombstone, a reset.
Objects that no row knows stay, since the database may have been restored to an earlier moment
(docs/decisions/0031). Objects younger than a grace period stay too, so that nothing is removed
while it is being written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone

from artifacts.database import modes
from artifacts.database.transactions import writing
from artifacts.enums import ContentState, SourceKind, TaskState
from artifacts.exceptions import ObjectMissing
from artifacts.limits import DELETE_BATCH_KEYS, ORPHAN_GRACE_HOURS, TASK_HISTORY_DAYS
from artifacts.models import (
    AccessToken,
    Artifact,
    Blob,
    File,
    LfsObject,
    Revision,
    Task,
    Upload,
    parse_upload_id,
    write_upload_url,
)
from artifacts.rules.digest import Sha256
from artifacts.services.records.artifact_records import read_reset_us
from artifacts.services.records.deaths import dead_among
from artifacts.services.records.generation import check_generation
from artifacts.services.upkeep.unjoined import (
    Unjoined,
    batches,
    find_unjoined,
    report_unjoined,
    without_row,
)
from artifacts.storage.base import StoredObject
from artifacts.storage.keys import (
    BLOBS_PREFIX,
    BUNDLES_PREFIX,
    INCOMING_PREFIX,
    PROBES_PREFIX,
    RECORDS_PREFIX,
    UPLOADS_PREFIX,
    parse_artifact_id,
)
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removed:
    """How many objects of one kind were removed, or would be."""

    kind: str
    count: int
    size_bytes: int


def remove_orphans(
    *,
    grace_hours: float = ORPHAN_GRACE_HOURS,
    batch_keys: int = DELETE_BATCH_KEYS,
    is_dry_run: bool = False,
) -> list[Removed]:
    """Remove what nothing needs any more and return the counts.

    It keeps no state: after an interruption it starts again and finds the rest.

    Args:
        grace_hours: objects younger than this stay.
        batch_keys: how many keys are looked up and deleted together.
        is_dry_run: only count.

    Raises:
        NotJoined: bucket and database are of different times.
        StorageUnavailable: the bucket does not answer.
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
    """
    modes.require_open()
    check_generation()
    before = timezone.now() - timedelta(hours=grace_hours)
    reset_us = read_reset_us()
    unjoined = find_unjoined(reset_us, before, batch_keys)
    if not is_dry_run:
        report_unjoined(unjoined)
    # A reset can be undone within the grace period (docs/operations.md), so its blobs stay so long.
    final_reset_us = reset_us if reset_us <= _us(before) else 0
    blobs = partial(_orphan_blobs, unjoined, final_reset_us)
    uploads = partial(_orphan_uploads, before, unjoined, is_dry_run=is_dry_run)
    found = [
        _remove(kind, prefix, orphans, before, batch_keys, is_dry_run=is_dry_run)
        for kind, prefix, orphans in (
            ("blobs", BLOBS_PREFIX, partial(blobs, is_dry_run=is_dry_run)),
            ("bundles", BUNDLES_PREFIX, _orphan_bundles),
            ("records", RECORDS_PREFIX, partial(_orphan_records, reset_us)),
            ("uploads", UPLOADS_PREFIX, uploads),
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
    """Walk the objects under a prefix and remove the old orphans."""
    store = get_store()
    old = (each for each in store.list(prefix) if each.modified_at < before)
    count = size_bytes = 0
    for batch in batches(old, batch_keys):
        with writing():
            gone = orphans(batch)
            if not is_dry_run:
                if kind == "blobs":
                    Blob.objects.filter(sha256__in=[_last(each) for each in gone]).delete()
                # While the rows are still locked: see `_lock_blobs`.
                store.delete(each.key for each in gone)
        count += len(gone)
        size_bytes += sum(each.size_bytes for each in gone)
    return Removed(kind, count, size_bytes)


def _abort_parts(before: datetime, *, is_dry_run: bool) -> Removed:
    """Abort unfinished multipart uploads of clients and of our own writers."""
    parts = get_store().parts
    old = [each for each in parts.list_begun() if each.begun_at < before]
    size_bytes = 0
    for each in old:
        with suppress(ObjectMissing):  # Finished meanwhile.
            size_bytes += sum(part.size_bytes for part in parts.list(each.key, each.upload_id))
        if not is_dry_run:
            parts.abort(each.key, each.upload_id)
    return Removed("parts", len(old), size_bytes)


def _orphan_blobs(
    unjoined: Unjoined, reset_us: int, batch: list[StoredObject], *, is_dry_run: bool
) -> list[StoredObject]:
    """Return the blobs that no file uses, and that no record without rows names.

    If an unused blob has a row, or is older than a reset, its files were deleted. Otherwise it may
    be all that is left of a file whose rows were lost.

    Args:
        reset_us: the last reset whose grace period is over; 0 for none.
    """
    if not unjoined.are_all_read:
        return []
    digests = [Sha256(_last(each)) for each in batch]
    known = set(Blob.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    had_use = [
        each
        for each in batch
        if _last(each) not in unjoined.digests
        and (_last(each) in known or _us(each.modified_at) <= reset_us)
    ]
    if not is_dry_run:
        _lock_blobs(had_use)
    digests = [Sha256(_last(each)) for each in had_use]
    used = set(File.objects.filter(blob__in=digests).values_list("blob_id", flat=True))
    return [each for each in had_use if _last(each) not in used]


def _lock_blobs(batch: list[StoredObject]) -> None:
    """Keep files from starting to use these blobs until the transaction ends.

    A mirror may just have found an old blob in the bucket and be about to write the row that uses
    it. That row refers to the blob's row, which we lock, and create first where there is none. So
    either the mirror's row comes before our lock: then we see it, and the blob stays. Or the mirror
    waits for our transaction: then blob and row are gone, which it notices when it looks for each
    blob to bundle (`services.content.bundles`), and it fetches the bytes again. SQLite has a single
    writer, with the same effect.
    """
    rows = sorted((Sha256(_last(each)), each.size_bytes) for each in batch)
    Blob.objects.bulk_create(
        (Blob(sha256=sha256, size_bytes=size_bytes) for sha256, size_bytes in rows),
        ignore_conflicts=True,
    )
    digests = [sha256 for sha256, _ in rows]
    list(Blob.objects.select_for_update().filter(sha256__in=digests).order_by("sha256"))


def _orphan_bundles(batch: list[StoredObject]) -> list[StoredObject]:
    """Return the bundles of deleted artifacts and of revisions that are not current."""
    ids = {parse_artifact_id(each.key) for each in batch}
    current = set(Artifact.objects.filter(id__in=ids).values_list("id", "current_revision__number"))
    return [each for each in batch if _artifact_and_revision(each) not in current]


def _orphan_records(reset_us: int, batch: list[StoredObject]) -> list[StoredObject]:
    """Return the records of artifacts that were deleted."""
    dead = dead_among(without_row(batch), reset_us)
    return [each for each in batch if parse_artifact_id(each.key) in dead]


def _orphan_uploads(
    before: datetime, unjoined: Unjoined, batch: list[StoredObject], *, is_dry_run: bool
) -> list[StoredObject]:
    """Return the uploads from which nothing will be fetched any more.

    An upload is needed by a revision whose bytes are not kept yet, even after a failure: staff may
    try again, and there is no other source. A record without rows may need it, too, and a recently
    announced upload waits for its registration.
    """
    ids = [each for each in map(parse_upload_id, map(_upload_url, batch)) if each is not None]
    # A registration locks the upload's row in its transaction: it either waits for this transaction
    # and finds the row gone, or its revision is visible here.
    announced = dict(
        Upload.objects.select_for_update().filter(id__in=ids).values_list("id", "created_at")
    )
    gone = [upload_id for upload_id, created_at in announced.items() if created_at < before]
    waiting = Revision.objects.filter(
        Q(url__in=[write_upload_url(each) for each in ids])
        | Q(repository__in=[f"sha256/{_digest(each)}" for each in batch]),
        source_kind=SourceKind.UPLOAD,
        content_state__in=(ContentState.PENDING, ContentState.FAILED),
    )
    needed = {each for pair in waiting.values_list("url", "repository") for each in pair}
    needed |= unjoined.uploads
    needed |= {write_upload_url(each) for each in announced.keys() - set(gone)}
    if not is_dry_run:
        Upload.objects.filter(id__in=gone).delete()
    return [
        each for each in batch if needed.isdisjoint((_upload_url(each), f"sha256/{_digest(each)}"))
    ]


def _remove_rows(before: datetime) -> None:
    """Remove rows that have expired."""
    AccessToken.objects.filter(expires_at__lt=timezone.now()).delete()
    Upload.objects.filter(created_at__lt=before).delete()
    LfsObject.objects.filter(created_at__lt=before).delete()
    history = timezone.now() - timedelta(days=TASK_HISTORY_DAYS)
    ended = (TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED)
    Task.objects.filter(state__in=ended, finished_at__lt=history).delete()


def _artifact_and_revision(found: StoredObject) -> tuple[str, int | None]:
    """Return id and revision from `bundles/{id}/{revision}/{part}.zip`."""
    _, artifact_id, number, *_ = [*found.key.split("/"), ""]
    return artifact_id, int(number) if number.isdecimal() else None


def _us(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return int(moment.timestamp() * 1_000_000)


def _last(found: StoredObject) -> str:
    """Return the last part of a key; for a blob, this is the digest."""
    return found.key.rpartition("/")[2]


def _upload_url(found: StoredObject) -> str:
    """Return the URL under which the upload at this key is registered."""
    return write_upload_url(_last(found).removesuffix(".zip"))


def _digest(found: StoredObject) -> str:
    """Return the digest in a key of the form that older releases gave uploads."""
    return _last(found).removeprefix("sha256-").removesuffix(".zip")
