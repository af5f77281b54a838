"""What the scans found in the files of a revision, with what staff allows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from artifacts.enums import ContentState, ScanVerdict
from artifacts.limits import SCANNED_AT_ONCE_MAX, SCANS_SHOWN_MAX
from artifacts.models import AllowedGlobal, File, Revision, RevisionScan, Scan
from artifacts.rules.digest import Sha256
from artifacts.rules.scanning.findings import ScanFinding, worst
from artifacts.rules.scanning.kinds import find_kind
from artifacts.rules.scanning.versions import SCAN_RULES_VERSION

_OLD = "Not all of it was scanned by the rules of this release; it will be scanned again."


@dataclass(frozen=True)
class ShownFinding:
    """A finding.

    Attributes:
        verdict: `allowed` if staff allows what was found.
        name: the global that may be allowed, "" for what cannot be.
        allowed: why it is allowed, "" if it is not.
    """

    verdict: ScanVerdict
    scanner: str
    sentence: str
    name: str
    place: str
    allowed: str = ""


@dataclass(frozen=True)
class FileScan:
    """What was found in one file."""

    path: str
    verdict: ScanVerdict
    findings: tuple[ShownFinding, ...]


@dataclass(frozen=True)
class Scans:
    """What was found in a revision.

    Attributes:
        verdict: the gravest of its files; None while nothing is scanned.
        why_not: why nothing is scanned, or not by the rules of this release; "" otherwise.
        counts: how many files have each verdict.
        files: those in which something was found, the first `SCANS_SHOWN_MAX` of them.
        is_cut: whether there are more.
    """

    verdict: ScanVerdict | None
    why_not: str
    scanned_at: datetime | None
    counts: Mapping[str, int]
    files: tuple[FileScan, ...]
    is_cut: bool


def get_scans(revision: Revision | None) -> Scans:
    """Return what is shown of a revision's scans, in at most four queries."""
    summary = None
    if revision is not None:
        summary = RevisionScan.objects.filter(revision_id=revision.pk).first()
    if revision is None or summary is None:
        return Scans(None, _why_not(revision), None, {}, (), is_cut=False)
    is_clean = summary.verdict == ScanVerdict.CLEAN
    files = [] if is_clean else judge_files(revision)
    is_old = summary.rules_version < SCAN_RULES_VERSION
    return Scans(
        verdict=ScanVerdict(summary.verdict),
        why_not=_OLD if is_old else "",
        scanned_at=summary.scanned_at,
        counts=summary.counts,
        files=tuple(files[:SCANS_SHOWN_MAX]),
        is_cut=len(files) > SCANS_SHOWN_MAX,
    )


def judge_files(revision: Revision) -> list[FileScan]:
    """Return the files of a revision in which something was found, in the order of their paths."""
    found = {
        (scan.blob_id, scan.kind): scan
        for scan in Scan.objects.filter(blob__files__revision=revision)
        .exclude(verdict=ScanVerdict.CLEAN)
        .distinct()
    }
    if not found:
        return []
    allowed = list_allowed(revision.artifact_id)
    blobs = {Sha256(blob) for blob, _ in found}
    files = File.objects.filter(revision=revision, blob__in=blobs).order_by("path")
    judged = []
    for path, blob in files.values_list("path", "blob_id"):
        scan = found.get((blob, find_kind(path)))
        if scan is not None:
            findings = tuple(_judge(each, allowed) for each in scan.findings)
            judged.append(FileScan(path, worst(each.verdict for each in findings), findings))
    return judged


def count_verdicts(revision: Revision, judged: Iterable[FileScan]) -> dict[str, int]:
    """Return how many files of a revision have each verdict."""
    counts = Counter(each.verdict.value for each in judged)
    total = File.objects.filter(revision=revision, blob__isnull=False).count()
    clean = total - sum(counts.values())
    return {ScanVerdict.CLEAN.value: clean, **counts} if clean else dict(counts)


def find_file_verdicts(
    artifact_id: str, files: Iterable[tuple[str, Sha256]]
) -> dict[str, tuple[ScanVerdict, tuple[ShownFinding, ...]]]:
    """Return path -> verdict and findings of files that were scanned, in two queries.

    Args:
        files: path and SHA-256 of the bytes of each, at most a page of them.
    """
    pairs = list(files)
    known: dict[tuple[str, str], Scan] = {}
    for start in range(0, len(pairs), SCANNED_AT_ONCE_MAX):
        blobs = {blob for _, blob in pairs[start : start + SCANNED_AT_ONCE_MAX]}
        known |= {(each.blob_id, each.kind): each for each in Scan.objects.filter(blob__in=blobs)}
    is_any = any(each.findings for each in known.values())
    allowed = list_allowed(artifact_id) if is_any else {}
    found = {}
    for path, blob in pairs:
        scan = known.get((blob, find_kind(path)))
        if scan is not None:
            findings = tuple(_judge(each, allowed) for each in scan.findings)
            found[path] = worst(each.verdict for each in findings), findings
    return found


def list_allowed(artifact_id: str) -> dict[str, str]:
    """Return what is allowed in an artifact, with the reasons."""
    rows = AllowedGlobal.objects.filter(Q(artifact=None) | Q(artifact_id=artifact_id))
    return dict(rows.values_list("name", "reason"))


def _judge(data: dict[str, str], allowed: Mapping[str, str]) -> ShownFinding:
    """Return a finding with what staff allows."""
    finding = ScanFinding.from_data(data)
    reason = allowed.get(finding.name, "") if finding.name else ""
    return ShownFinding(
        verdict=ScanVerdict.ALLOWED if reason else finding.verdict,
        scanner=finding.scanner,
        sentence=finding.sentence,
        name=finding.name,
        place=finding.place,
        allowed=reason,
    )


def _why_not(revision: Revision | None) -> str:
    """Return why nothing of a revision is scanned."""
    if revision is None:
        return "Its source has not answered yet: there is nothing to scan."
    state = Revision.objects.filter(pk=revision.pk).values_list("content_state", flat=True).first()
    if state == ContentState.STORED:
        return "The scan has not ended yet. Come back in some minutes."
    if state == ContentState.LINK_ONLY:
        return "Its bytes are not kept here, so nothing here could be scanned."
    return "Its bytes are not here yet: they are scanned once they are."
