"""Finding records that have no rows, and the objects that they name.

Such a record was left by a registration that failed before it wrote its rows, or it is all that is
left of an artifact whose rows were lost when the database was restored. The two cannot be told
apart here, so both stay, with everything they name, until a rebuild judges them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from artifacts.enums import Apart, ArtifactType
from artifacts.exceptions import ObjectMissing, RecordBroken
from artifacts.models import Artifact, IdSequence, Revision
from artifacts.rules.digest import find_sha256
from artifacts.rules.identity import Identity, parse_id
from artifacts.services.records.artifact_records import parse_record
from artifacts.services.records.deaths import dead_among
from artifacts.services.records.generation import note_apart, note_unjoined
from artifacts.storage.base import StoredObject
from artifacts.storage.keys import (
    RECORDS_PREFIX,
    is_decisions_key,
    parse_artifact_id,
    record_key,
    revision_key,
)
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


@dataclass
class Unjoined:
    """What the bucket holds of artifacts or revisions that have no rows and were not deleted.

    Attributes:
        ids: the ids of these artifacts.
        digests: the SHA-256 of their files.
        uploads: the uploads they came from: the URL and, from older releases, the repository.
        are_all_read: False when a record could not be read; it may name anything.
    """

    ids: set[str] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    uploads: set[str] = field(default_factory=set)
    are_all_read: bool = True


def find_unjoined(reset_us: int, before: datetime, batch_keys: int) -> Unjoined:
    """Walk the records and read the ones that have no rows.

    Args:
        before: a younger record may still be waiting for its rows; it is read but not counted.

    Raises:
        NotJoined: a record's number is higher than the last one that this database gave.
        StorageUnavailable: the bucket does not answer.
    """
    waiting: list[StoredObject] = []
    highest: dict[ArtifactType, int] = {}
    # Decisions name neither bytes nor numbers.
    records = (each for each in get_store().list(RECORDS_PREFIX) if not is_decisions_key(each.key))
    for batch in batches(records, batch_keys):
        for kind, number, created_us in _parsed(batch):
            if created_us > reset_us:
                highest[kind] = max(highest.get(kind, 0), number)
        without_rows = without_row(batch)
        alive = without_rows - dead_among(without_rows, reset_us)
        waiting += [each for each in batch if parse_artifact_id(each.key) in alive]
        waiting += _unknown_revisions(
            each for each in batch if parse_artifact_id(each.key) not in alive
        )
    # Read after the walk, since a number is given before its record is written.
    given = _last_numbers()
    for kind, number in highest.items():
        if number > given.get(kind, 0):
            note_apart(
                Apart.DATABASE_BEHIND,
                f"The bucket has an artifact with the number {number} of type {kind}, and the "
                f"database gave {given.get(kind, 0)} as the last one: it is empty or old.",
            )
    found = Unjoined()
    for each in waiting:
        _read(each.key, found, is_counted=each.modified_at < before)
    return found


def report_unjoined(found: Unjoined) -> None:
    """Log how many there are, and keep the count for health to show."""
    if found.ids:
        examples = sorted(found.ids)[:3]
        logger.warning("orphans.unjoined", extra={"count": len(found.ids), "such_as": examples})
    note_unjoined(len(found.ids))


def batches(objects: Iterable[StoredObject], size: int) -> Iterator[list[StoredObject]]:
    """Yield lists of at most `size` objects."""
    walk = iter(objects)
    while batch := list(islice(walk, size)):
        yield batch


def without_row(batch: Iterable[StoredObject]) -> set[str]:
    """Return the ids of artifacts that have a record in this batch but no row."""
    ids = {parse_artifact_id(each.key) for each in batch}
    return ids - set(Artifact.objects.filter(id__in=ids).values_list("id", flat=True))


def _unknown_revisions(batch: Iterable[StoredObject]) -> list[StoredObject]:
    """Return the records of revisions without rows whose artifacts have rows."""
    records = {each.key: each for each in batch}
    ids = {parse_artifact_id(each.key) for each in records.values()}
    present = set(Artifact.objects.filter(id__in=ids).values_list("id", flat=True))
    known = Revision.objects.filter(artifact_id__in=present).values_list("artifact_id", "number")
    expected = {revision_key(*each) for each in known} | {record_key(each) for each in present}
    return [
        each
        for key, each in records.items()
        if parse_artifact_id(each.key) in present and key not in expected
    ]


def _parsed(batch: Iterable[StoredObject]) -> Iterator[Identity]:
    for artifact_id in {parse_artifact_id(each.key) for each in batch}:
        try:
            yield parse_id(artifact_id)
        except RecordBroken:
            continue  # A rebuild reports it.


def _read(key: str, found: Unjoined, *, is_counted: bool) -> None:
    """Add the objects that a record names."""
    artifact_id = parse_artifact_id(key)
    try:
        parse_id(artifact_id)
    except RecordBroken:
        return
    if is_counted:
        found.ids.add(artifact_id)
    try:
        _add(parse_record(get_store().read(key), artifact_id), found)
    except ObjectMissing:
        return  # Removed meanwhile by the registration that wrote it.
    except (RecordBroken, KeyError, TypeError, AttributeError) as error:
        logger.warning("orphans.unread", extra={"key": key, "reason": str(error)})
        found.are_all_read = False


def _add(record: dict[str, Any], found: Unjoined) -> None:
    for each in record["files"]:
        found.digests.update({each["sha256"] or "", find_sha256(each["source_digest"]) or ""})
    found.uploads.update({record["revision"]["url"], record["revision"]["repository"]})


def _last_numbers() -> dict[str, int]:
    return dict(IdSequence.objects.values_list("artifact_type", "last_number"))
