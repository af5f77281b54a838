"""Scanning the files of a revision for code, and what follows from what is found.

Each blob is scanned once for each way to read it, so that another revision with the same bytes
costs nothing. Then the findings are judged with what staff allows: a danger quarantines the
revision, and whatever is suspicious becomes a reason of the gate.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from artifacts.database.transactions import RestsOn, writing
from artifacts.enums import ArtifactType, AuditAction, ContentState, ScanVerdict
from artifacts.exceptions import ArtifactNotFound, ObjectMissing, StorageUnavailable
from artifacts.limits import SCAN_SENTENCES_MAX, SCANNED_AT_ONCE_MAX
from artifacts.models import Blob, File, Rating, Revision, RevisionScan, Scan
from artifacts.models.walks import walk
from artifacts.rules.scanning.findings import worst
from artifacts.rules.scanning.kinds import find_kind, name_kind
from artifacts.rules.scanning.scan import scan_file
from artifacts.rules.scanning.versions import SCAN_RULES_VERSION
from artifacts.rules.text import storable
from artifacts.selectors.trust.scans import FileScan, count_verdicts, judge_files, list_allowed
from artifacts.services.access.audit import record_act
from artifacts.services.records.artifact_records import store_record
from artifacts.services.trust.amending import AMENDED_FIELDS, tell_scanned
from artifacts.services.trust.decisions import quarantine
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.clock import check_time, note_kept
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)

# Scans that one transaction writes.
_BATCH_ROWS = 200
# How often a revision is judged again because something else is allowed meanwhile.
_JUDGED_MAX = 5

# Value of REGISTRY_SCAN.
QUARANTINE = "quarantine"
_WARNS = (ScanVerdict.SUSPICIOUS, ScanVerdict.DANGEROUS)
_NAMED_MAX = 3


def scan_revision(*, revision_id: int) -> None:
    """Scan the files of a revision that were not scanned by the present rules, and judge them.

    Called by its task, perhaps again where it was interrupted: what was scanned stays so. While the
    bytes of some are missing, the daily pass comes back to it.

    Raises:
        StorageUnavailable: try again later.
    """
    revision = _find_stored(revision_id)
    if revision is None:
        return  # Deleted meanwhile, or its bytes are being fetched again.
    files = File.objects.filter(revision=revision, blob__isnull=False).select_related("blob")
    step: list[File] = []
    is_whole = True
    for file in walk(files):
        step.append(file)
        if len(step) == SCANNED_AT_ONCE_MAX:
            is_whole &= _scan_files(step)
            step = []
    is_whole &= _scan_files(step)
    settle_revision(revision, rules_version=SCAN_RULES_VERSION if is_whole else 0)


def settle_revision(revision: Revision, *, rules_version: int | None = None) -> None:
    """Judge what was found in a revision, and do what follows from it.

    Staff may allow something meanwhile, whose own pass does not see a first scan that is not
    written yet. So whoever judged looks again, and judges again if anything else is allowed.

    Args:
        rules_version: of the rules by which it was scanned, 0 if some of it could not be; None if
            it was not scanned now.
    """
    judged_by, is_news = None, False
    for _ in range(_JUDGED_MAX):
        allowed = list_allowed(revision.artifact_id)
        if allowed == judged_by:
            break
        try:
            is_news |= _settle(revision, rules_version)
        except ArtifactNotFound:
            return  # Deleted meanwhile.
        judged_by = allowed
    if is_news:
        store_record(revision.artifact_id)


def _settle(revision: Revision, rules_version: int | None) -> bool:
    """Judge a revision once, while nobody else does: the last one has seen all that is allowed.

    Returns:
        Whether it changes the rating.

    Raises:
        ArtifactNotFound: the artifact was deleted meanwhile.
    """
    with writing(RestsOn(artifact_id=revision.artifact_id, changes_artifact=True)):
        if not Revision.objects.filter(pk=revision.pk).exists():
            raise ArtifactNotFound("artifact", revision.artifact_id)
        judged = judge_files(revision)
        verdict = worst(each.verdict for each in judged)
        sentences = storable(_say(judged))
        counts = count_verdicts(revision, judged)
        scanned = {} if rules_version is None else {"rules_version": rules_version}
        _keep(revision, verdict, scanned | {"counts": counts, "sentences": sentences})
        is_news = _amend(revision, sentences)
        if verdict == ScanVerdict.DANGEROUS and settings.REGISTRY_SCAN == QUARANTINE:
            quarantine(revision=revision, reason=_say_danger(judged), found_by="scan")
    if verdict != ScanVerdict.CLEAN:
        logger.warning(
            "scan.found",
            extra={"artifact": revision.artifact_id, "verdict": verdict.value},
        )
    return is_news


def _find_stored(revision_id: int) -> Revision | None:
    """Return a revision whose bytes are here, with its artifact; None if it is gone."""
    return (
        Revision.objects.select_related("artifact")
        .defer(*Revision.LARGE_FIELDS)
        .filter(pk=revision_id, content_state=ContentState.STORED)
        .first()
    )


def _scan_files(files: list[File]) -> bool:
    """Scan those of some files that need it; return whether the bytes of all were here."""
    is_whole = True
    blobs = {file.blob for file in files if file.blob is not None}
    scans = Scan.objects.filter(blob__in=blobs, rules_version__gte=SCAN_RULES_VERSION)
    known = set(scans.values_list("blob_id", "kind"))
    made: list[Scan] = []
    try:
        for file in files:
            kind = find_kind(file.path)
            if file.blob is not None and (file.blob.sha256, kind) not in known:
                known.add((file.blob.sha256, kind))
                check_time()
                scan = _scan_blob(file.blob, kind)
                is_whole &= scan is not None
                made += [scan] if scan is not None else []
            if len(made) >= _BATCH_ROWS:
                _keep_scans(made)
                made = []
                note_kept()
    finally:
        _keep_scans(made)
    return is_whole


def _keep_scans(made: list[Scan]) -> None:
    """Write scans together: one by one they would keep requests from SQLite's only writer."""
    if not made:
        return
    with writing():
        blobs = Blob.objects.select_for_update().filter(pk__in={each.blob_id for each in made})
        here = set(blobs.order_by("pk").values_list("pk", flat=True))
        Scan.objects.bulk_create(
            [each for each in made if each.blob_id in here],
            update_conflicts=True,
            unique_fields=("blob", "kind"),
            update_fields=("rules_version", "verdict", "findings", "scanned_at"),
        )
    for each in made:
        if each.blob_id not in here:  # Removed meanwhile, with its file.
            logger.info("scan.blob_gone", extra={"sha256": each.blob_id})


class _Stored:
    """A file of the bucket that fails with the storage's error: to scanners, OSError is damage."""

    def __init__(self, file: BinaryIO) -> None:
        """Remember the file."""
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            StorageUnavailable: the disk does not give them; try again later.
        """
        try:
            return self._file.read(size)
        except OSError as error:
            raise StorageUnavailable(f"A stored file cannot be read ({error.strerror}).") from error

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move; a place that cannot be is the damaged file's fault."""
        return self._file.seek(offset, whence)


def _scan_blob(blob: Blob, kind: str) -> Scan | None:
    """Scan a blob as files of a kind are read; None if it is missing."""
    try:
        with get_store().open(blob_key(blob.sha256)) as opened:
            file = cast("BinaryIO", _Stored(opened))
            found = scan_file(name_kind(kind), file, blob.size_bytes, check_time)
    except ObjectMissing:
        # The daily work finds it missing, and has it fetched again.
        logger.warning("scan.blob_missing", extra={"sha256": blob.sha256})
        return None
    return Scan(
        blob=blob,
        kind=kind,
        rules_version=SCAN_RULES_VERSION,
        verdict=worst(each.verdict for each in found),
        findings=storable([each.as_data() for each in found]),
        scanned_at=timezone.now(),
    )


def _keep(revision: Revision, verdict: ScanVerdict, summary: dict[str, Any]) -> None:
    """Write what the scans come to, with an entry in the trail if that is another verdict."""
    known = RevisionScan.objects.filter(revision=revision).values_list("verdict", flat=True)
    if (known.first() or ScanVerdict.CLEAN) != verdict:
        note = f"revision={revision.number} scan={verdict}"
        record_act(
            revision.artifact, "registry", is_admin=True, action=AuditAction.DECIDE, note=note
        )
    RevisionScan.objects.update_or_create(
        revision=revision,
        defaults=summary | {"verdict": verdict, "scanned_at": timezone.now()},
    )


def _amend(revision: Revision, sentences: list[str]) -> bool:
    """Put what was found into the current rating, at once and without asking a source.

    A task rates the model with it as evidence, which also changes scores.
    """
    rating = (
        Rating.objects.select_for_update(of=("self",))
        .filter(revision_id=revision.pk, revision__current_rating_id=F("pk"))
        .first()
    )
    if rating is None:
        return False
    if not tell_scanned(rating, sentences):
        return False
    rating.save(update_fields=[*AMENDED_FIELDS, "evidence"])
    if revision.artifact.type == ArtifactType.MODEL:
        # One that runs has read what was found before.
        queue.schedule_next(Job.RATE_EXAMINED_MODEL, artifact_id=revision.artifact_id)
    return True


def _say(judged: Iterable[FileScan]) -> list[str]:
    """Return a sentence for each file that warns, the dangerous first."""
    warned = [each for each in judged if each.verdict in _WARNS]
    warned.sort(key=lambda each: each.verdict != ScanVerdict.DANGEROUS)
    return [
        f"The scan found {each.path[:200]} {each.verdict}: "
        f"{next(found.sentence for found in each.findings if found.verdict == each.verdict)}"
        for each in warned[:SCAN_SENTENCES_MAX]
    ]


def _say_danger(judged: Iterable[FileScan]) -> str:
    """Return why a revision is quarantined, the same for the same findings."""
    dangerous = [each for each in judged if each.verdict == ScanVerdict.DANGEROUS]
    named = "; ".join(_name_danger(each) for each in dangerous[:_NAMED_MAX])
    more = len(dangerous) - _NAMED_MAX
    rest = f"; and in {more:,} more" if more > 0 else ""
    return f"The scan found code that reaches the system in {named}{rest}."


def _name_danger(file: FileScan) -> str:
    """Return what is dangerous in a file."""
    found = [each for each in file.findings if each.verdict == ScanVerdict.DANGEROUS]
    names = sorted({each.name or each.sentence for each in found})
    return f"{file.path[:200]} ({', '.join(names[:_NAMED_MAX])})"
