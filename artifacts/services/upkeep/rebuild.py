"""Joining bucket and database after either was restored: each is completed from the other.

`services/upkeep/restoring.py` turns records into rows; `services/upkeep/missing_objects.py`
replaces what the bucket lacks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from typing import Any

from django.db import transaction

from artifacts.database.transactions import writing
from artifacts.enums import ArtifactType
from artifacts.exceptions import (
    NotJoined,
    ObjectMissing,
    RecordBroken,
    SourceRegisteredAgain,
)
from artifacts.models import Artifact, Blob, File
from artifacts.rules.digest import SHA256_CHARS, Sha256
from artifacts.rules.identity import parse_id
from artifacts.services.records.artifact_records import parse_record, read_reset_us
from artifacts.services.records.deaths import buried, bury
from artifacts.services.records.decision_records import read_decisions
from artifacts.services.records.generation import (
    generation_of_bucket,
    join_generation,
    note_rebuilt,
    note_unjoined,
    rebuilt_to,
)
from artifacts.services.records.global_records import store_globals
from artifacts.services.records.identity import claim_number, raise_sequence
from artifacts.services.upkeep.joined_globals import join_globals
from artifacts.services.upkeep.missing_objects import (
    find_missing,
    forget_buried,
    forget_without_record,
)
from artifacts.services.upkeep.rebuilt import Rebuilt
from artifacts.services.upkeep.restoring import (
    Outcome,
    kept_in_rows,
    restore_record,
)
from artifacts.storage.base import StoredObject
from artifacts.storage.keys import (
    BLOBS_PREFIX,
    NUMBERS_PREFIX,
    RECORDS_PREFIX,
    decisions_key,
    is_decisions_key,
    parse_artifact_id,
    parse_number_key,
)
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)

_CURRENT = "/metadata.json"
_BATCH_ROWS = 2_000
# At most so many artifacts are processed again when an interrupted rebuild is resumed.
_MARKED_EVERY = 100


def rebuild_index(
    *, is_dry_run: bool = False, progress: Callable[[Rebuilt], None] = lambda _: None
) -> Rebuilt:
    """Join bucket and database, whichever of them is older.

    Safe to run at any time, again, and while the registry is in use: existing rows stay. After an
    interruption the next run resumes near the same place. A broken record is reported and left
    where it is, as is one whose source was registered again; the others are restored.

    Args:
        is_dry_run: report the same without writing anything.
        progress: called after each artifact.

    Raises:
        NotJoined: the bucket was reset since the database's artifacts were made.
        StorageUnavailable: the bucket does not answer.
        RecordBroken: the marker of the last reset, or that of the generation, cannot be read.
    """
    reset_us, generation = read_reset_us(), generation_of_bucket()
    _refuse_undecided_reset(reset_us)
    run = _Run(reset_us, generation, is_dry_run=is_dry_run)
    with run.kept_or_not():  # First, since all artifacts are judged by it.
        run.result.globals_restored = join_globals(reset_us=reset_us, report=run.note_broken)
    listed = get_store().list(RECORDS_PREFIX)
    for artifact_id, records in groupby(listed, key=lambda found: parse_artifact_id(found.key)):
        run.join_artifact(artifact_id, list(records))
        progress(run.result)
    run.raise_sequences()
    if not is_dry_run:
        run.forget_new_blobs()
    forget_buried(run.buried, run.result, is_dry_run=is_dry_run)
    find_missing(run.buried, run.blobs, run.result, is_dry_run=is_dry_run)
    if not is_dry_run:
        judged = {each.artifact_id for each in run.result.registered_again} | run.broken_ids
        note_unjoined(len(judged))
        store_globals()
        join_generation()
    return run.result


def discard_record(artifact_id: str) -> None:
    """Give up an artifact that has no rows, so that its record will be removed.

    Raises:
        RecordBroken: this is no id, or the artifact has rows, or it has no record.
    """
    parse_id(artifact_id)
    if Artifact.objects.filter(id=artifact_id).exists():
        raise RecordBroken(f"{artifact_id} has rows. Delete it as any other.")
    if not any(get_store().list(f"{RECORDS_PREFIX}{artifact_id}/")):
        raise RecordBroken(f"{artifact_id} has no record.")
    bury(artifact_id, "")
    logger.warning("record.discarded", extra={"artifact": artifact_id})


class _Run:
    """One rebuild and what it has seen so far."""

    def __init__(self, reset_us: int, generation: str, *, is_dry_run: bool) -> None:
        """Read what each record will be compared with."""
        self.result = Rebuilt()
        self.broken_ids: set[str] = set()
        self._reset_us, self._generation, self._is_dry_run = reset_us, generation, is_dry_run
        self.buried = buried()
        self.blobs, self._new_blobs = _blobs_in_bucket(write_rows=not is_dry_run)
        self._claimed = _claimed_numbers()
        self._highest = {kind: max(numbers) for kind, numbers in self._claimed.items()}
        self._seen = 0
        self._sources: dict[tuple[str, str], str] = {}
        self._begins_after = "" if is_dry_run else rebuilt_to(generation)

    def join_artifact(self, artifact_id: str, records: list[StoredObject]) -> None:
        """Join all records of an artifact; the keys sort its own record first."""
        try:
            kind, number, created_us = parse_id(artifact_id)
        except RecordBroken as error:
            for found in records:
                self.note_broken(found.key, error)
            return
        if created_us <= self._reset_us or artifact_id in self.buried:
            self.result.passed_over += len(records)
            return
        # Before the record is read, since the number of a broken record was given, too.
        self._highest[kind] = max(self._highest.get(kind, 0), number)
        if self._begins_after and artifact_id <= self._begins_after:
            self.result.joined_before += 1
            return
        if not self._is_dry_run and number not in self._claimed.get(kind, ()):
            claim_number(artifact_id, kind, number)
        with self.kept_or_not():
            self._join_records(artifact_id, records)
        self._mark(artifact_id)

    def forget_new_blobs(self) -> None:
        """Delete the new rows of blobs that no record names.

        A blob with a row but no file counts as used up and would be removed. Nobody knows that of
        these: their records may be lost, and be restored tomorrow.
        """
        walk = iter(sorted(self._new_blobs))
        while batch := list(islice(walk, _BATCH_ROWS)):
            with writing():
                # Locked, so that nobody starts to use one now: see `orphans`.
                list(Blob.objects.select_for_update().filter(sha256__in=batch).order_by("sha256"))
                named = set(File.objects.filter(blob__in=batch).values_list("blob_id", flat=True))
                Blob.objects.filter(sha256__in=set(batch) - named).delete()

    def raise_sequences(self) -> None:
        """Make sure that no number is given again."""
        for kind, number in self._highest.items():
            if not self._is_dry_run:
                raise_sequence(kind, number)

    def _join_records(self, artifact_id: str, records: list[StoredObject]) -> None:
        is_decided = any(is_decisions_key(found.key) for found in records)
        try:
            decisions = read_decisions(artifact_id) if is_decided else []
        except RecordBroken as error:
            # Without them, what is in quarantine would be shown to all.
            self.note_broken(decisions_key(artifact_id), error)
            return
        for found in records:
            if is_decisions_key(found.key):
                continue
            is_current = found.key.endswith(_CURRENT)
            try:
                outcome = self._join_record(
                    artifact_id, found.key, decisions, is_current=is_current
                )
            except SourceRegisteredAgain as error:
                self.result.registered_again.append(error)
                return  # Its revisions would only be reported to have no artifact.
            except (RecordBroken, ObjectMissing) as error:
                self.note_broken(found.key, error)
                continue
            self.result.count(artifact_id, outcome, is_current=is_current)

    def _join_record(
        self, artifact_id: str, key: str, decisions: list[dict[str, Any]], *, is_current: bool
    ) -> Outcome:
        record = parse_record(get_store().read(key), artifact_id)
        kept = self._kept_in_bucket if self._is_dry_run else kept_in_rows
        outcome = restore_record(
            record, is_current=is_current, kept=kept, sources=self._sources, decisions=decisions
        )
        if self._is_dry_run and is_current:
            # A real run would find the row, which a dry run has already rolled back.
            self._sources[record["type"], record["source_key"]] = artifact_id
        elif is_current and outcome == Outcome.RESTORED:
            forget_without_record(artifact_id)
        return outcome

    def _kept_in_bucket(self, digests: Iterable[str]) -> set[str]:
        return {each for each in digests if each in self.blobs}

    def note_broken(self, key: str, error: RecordBroken | ObjectMissing) -> None:
        """Report an object that cannot be read, and go on."""
        logger.warning("rebuild.broken", extra={"key": key, "reason": error.message})
        self.result.broken[key] = error.message
        if key.startswith(RECORDS_PREFIX):
            self.broken_ids.add(parse_artifact_id(key))

    def _mark(self, artifact_id: str) -> None:
        """Keep the progress, so that the next run can resume here."""
        self._seen += 1
        if self._seen % _MARKED_EVERY == 0 and not self._is_dry_run:
            note_rebuilt(artifact_id, self._generation)

    @contextmanager
    def kept_or_not(self) -> Iterator[None]:
        """Roll back what a dry run writes, once the database has accepted it."""
        if not self._is_dry_run:
            yield
            return
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def _refuse_undecided_reset(reset_us: int) -> None:
    """Check that no artifact has a row from before the reset that the bucket knows of.

    Only an operator can tell which of the two is intended.

    Raises:
        NotJoined: an artifact has one.
    """
    if Artifact.objects.filter(created_us__lte=reset_us).exists():
        raise NotJoined(
            "The bucket was reset, and the database is from before that. To undo the reset, bring "
            "back what the bucket had with `manage.py restore_versions --before TIME`; to keep it, "
            "reset the registry again."
        )


def _blobs_in_bucket(*, write_rows: bool) -> tuple[set[Sha256], set[Sha256]]:
    """Return the digests of all blobs, and of those that had no row; optionally write their rows.

    One walk tells for all files of all records whether their bytes exist; asking for each would
    take one request per file.
    """
    digests: set[Sha256] = set()
    new: set[Sha256] = set()
    walk = (
        (sha256, found.size_bytes)
        for found in get_store().list(BLOBS_PREFIX)
        if len(sha256 := Sha256(found.key.rpartition("/")[2])) == SHA256_CHARS
    )
    while batch := list(islice(walk, _BATCH_ROWS)):
        found = {sha256 for sha256, _ in batch}
        digests |= found
        if write_rows:
            new |= found - set(
                Blob.objects.filter(sha256__in=found).values_list("sha256", flat=True)
            )
            rows = [Blob(sha256=sha256, size_bytes=size_bytes) for sha256, size_bytes in batch]
            Blob.objects.bulk_create(rows, ignore_conflicts=True)
    return digests, new


def _claimed_numbers() -> dict[ArtifactType, set[int]]:
    """Return the numbers that were given, by type."""
    claimed: dict[ArtifactType, set[int]] = {}
    for found in get_store().list(NUMBERS_PREFIX):
        claim = parse_number_key(found.key)
        if claim is not None:
            kind, number = claim
            claimed.setdefault(kind, set()).add(number)
    return claimed
