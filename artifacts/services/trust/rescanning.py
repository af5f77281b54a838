"""Scanning revisions again after a release with other rules, and judging them by what is allowed.

The daily work begins a pass over all revisions whose bytes are here; a task scans some of them and
schedules the next one after a pause, as `rerating.py` does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from artifacts.enums import ContentState, ScanVerdict, TaskState
from artifacts.limits import RESCANNED_AT_ONCE_MAX, RESCANNING_PAUSE_S
from artifacts.models import Revision, RevisionScan, Task
from artifacts.models.walks import walk
from artifacts.rules.scanning.versions import SCAN_RULES_VERSION
from artifacts.services.trust.scans import scan_revision, settle_revision
from artifacts.work import clock, queue
from artifacts.work.jobs import Job


def begin_scanning() -> None:
    """Begin a pass over all revisions, unless one is under way or nothing is left to do."""
    is_due = not queue.is_under_way(Job.SCAN_AGAIN)
    if is_due and next(_walk_outdated(0), None) is not None:
        queue.schedule(Job.SCAN_AGAIN, after_id=0)


def scan_again(*, after_id: int) -> None:
    """Scan the next revisions of a pass, and schedule the ones after them.

    Called by its task. Run twice, it finds the revisions scanned, and goes on behind them.

    Args:
        after_id: the last revision that the pass has seen, 0 at its beginning.
    """
    batch = list(islice(_walk_outdated(after_id), RESCANNED_AT_ONCE_MAX))
    for revision_id in batch:
        clock.check_time()
        scan_revision(revision_id=revision_id)
        clock.note_kept()
    waiting = Task.objects.filter(name=Job.SCAN_AGAIN, state=TaskState.READY)
    if len(batch) == RESCANNED_AT_ONCE_MAX and not waiting.exists():
        queue.schedule_later(Job.SCAN_AGAIN, delay_s=RESCANNING_PAUSE_S, after_id=batch[-1])


def judge_scans(*, after_id: int = 0) -> None:
    """Judge again some of what was found, and schedule what follows; staff allows other globals.

    Called by its task.

    Args:
        after_id: the last revision that the pass has judged, 0 at its beginning.
    """
    found = RevisionScan.objects.exclude(verdict=ScanVerdict.CLEAN).filter(pk__gt=after_id)
    rows = found.select_related("revision__artifact").order_by("pk")
    batch = list(rows[:RESCANNED_AT_ONCE_MAX])
    for scan in batch:
        clock.check_time()
        settle_revision(scan.revision)
    if len(batch) == RESCANNED_AT_ONCE_MAX:
        queue.schedule_next(Job.JUDGE_SCANS, after_id=batch[-1].pk)


def _walk_outdated(after_id: int) -> Iterator[int]:
    """Yield the ids of revisions that were not scanned by the present rules, in their order."""
    revisions = (
        Revision.objects.filter(pk__gt=after_id, content_state=ContentState.STORED)
        .select_related("scan")
        .only("pk", "scan__rules_version")
    )
    for revision in walk(revisions):
        scan = getattr(revision, "scan", None)
        if scan is None or scan.rules_version < SCAN_RULES_VERSION:
            yield revision.pk
