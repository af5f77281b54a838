"""What holds about trust whatever happened side by side. Tasks have run before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

from django.db.models import F

from artifacts.enums import ContentState, DecisionState, ScanVerdict, TaskState, only_against
from artifacts.exceptions import NothingFound, ObjectMissing
from artifacts.models import (
    Artifact,
    ArtifactSearch,
    AuditEntry,
    Decision,
    Listing,
    LookAlike,
    MonitorChange,
    Revision,
    RevisionScan,
    Task,
)
from artifacts.rules.scanning.findings import worst
from artifacts.rules.scanning.versions import SCAN_RULES_VERSION
from artifacts.selectors.catalogue.search import find_by_expression
from artifacts.selectors.lineage.graph import get_lineage
from artifacts.selectors.trust.look_alikes import list_look_alikes
from artifacts.selectors.trust.scans import judge_files
from artifacts.services.records.artifact_records import KEPT_ACTIONS
from artifacts.services.records.decision_records import read_decisions
from artifacts.services.records.global_records import (
    global_record,
    list_global_keys,
    read_global,
)
from artifacts.services.records.look_alike_records import look_alike_record
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from artifacts.work.jobs import Job

_JOBS = (Job.SCAN_REVISION, Job.SCAN_AGAIN, Job.JUDGE_SCANS, Job.STORE_DECISIONS, Job.STORE_GLOBALS)


def broken_trust() -> Iterator[str]:
    """Yield what does not hold, in sentences."""
    for task in Task.objects.filter(name__in=_JOBS).exclude(state=TaskState.SUCCEEDED):
        yield f"the task {task.name} is {task.state}: {task.error}"
    yield from _decisions()
    yield from _hidden()
    yield from _scans()
    yield from _look_alikes()
    yield from _records()
    yield from _globals()
    yield from _searches()


def _decisions() -> Iterator[str]:
    for revision in Revision.objects.all():
        last = Decision.objects.filter(revision=revision, is_effective=True).last()
        held = (last.state, last.expires_at) if last else (DecisionState.UNDECIDED, None)
        if (revision.decision, revision.approved_until) != held:
            yield f"{revision} is {revision.decision}, and was decided to be {held}"
    for artifact in Artifact.objects.filter(revisions__decisions__isnull=False).distinct():
        rows = Decision.objects.filter(revision__artifact=artifact)
        made = [(each.decided_at.isoformat(), str(each.state)) for each in rows]
        kept = [(each["decided_at"], each["state"]) for each in read_decisions(artifact.id)]
        if made != kept:
            yield f"{artifact.id} was decided on as {made}, and the bucket has {kept}"


def _hidden() -> Iterator[str]:
    current = Revision.objects.filter(pk=F("artifact__current_revision_id"))
    against = dict(current.values_list("artifact_id", "decision"))
    shown = {each for each, word in against.items() if word != DecisionState.QUARANTINED}
    found: set[str] = set()
    with suppress(NothingFound):
        found = {each.id for each in find_by_expression(".").artifacts}
    for where, ids in (
        ("a search finds", found),
        ("the catalogue lists", set(Listing.objects.values_list("id", flat=True))),
    ):
        if ids != shown:
            yield f"{where} {sorted(ids - shown)} too many and {sorted(shown - ids)} too few"
    for mother in Artifact.objects.filter(id__in=shown, source_key__endswith=":acme/mother"):
        for node in get_lineage(mother.id).nodes.values():
            if node.decision != only_against(against.get(node.artifact_id, "")):
                yield f"the family has {node.artifact_id} as {node.decision!r}"


def _scans() -> Iterator[str]:
    stored = Revision.objects.filter(content_state=ContentState.STORED)
    for revision in stored.select_related("scan", "current_rating"):
        scan = RevisionScan.objects.filter(revision=revision).first()
        if scan is None:
            yield f"{revision} was never scanned"
            continue
        verdict = worst(each.verdict for each in judge_files(revision))
        if (scan.verdict, scan.rules_version) != (verdict, SCAN_RULES_VERSION):
            yield f"{revision} is {verdict}, and kept as {scan.verdict} by {scan.rules_version}"
        rating = revision.current_rating
        told = rating.evidence["model"].get("scanned", []) if rating else scan.sentences
        if list(told) != scan.sentences:
            yield f"the rating of {revision} knows {told}, and the scan found {scan.sentences}"
        is_decided = revision.decisions.filter(found_by="scan").exists()
        if scan.verdict == ScanVerdict.DANGEROUS and not is_decided:
            yield f"{revision} is dangerous, and nothing was decided"


def _look_alikes() -> Iterator[str]:
    present = set(Artifact.objects.values_list("id", flat=True))
    for row in LookAlike.objects.all():
        if not {row.suspect_id, row.other_id} <= present:
            yield f"{row} names what is gone"
        if bool(row.cleared_at) != bool(row.reason and row.cleared_by):
            yield f"{row} is half cleared"
    shown = set(Artifact.objects.shown().values_list("id", flat=True))
    for each in list_look_alikes().rows:
        if not {each.suspect.id, each.other.id} <= shown:
            yield f"the queue shows {each.suspect.id} like {each.other.id}"


def _records() -> Iterator[str]:
    for artifact in Artifact.objects.visible():
        try:
            record = json.loads(get_store().read(record_key(artifact.id)))
        except ObjectMissing:
            continue  # Told by those who look at every artifact.
        entries = AuditEntry.objects.filter(artifact_id=artifact.id, action__in=KEPT_ACTIONS)
        trail = list(entries.order_by("id").values_list("action", "created_at"))
        rows = [(str(action), created_at.isoformat()) for action, created_at in trail]
        kept = [(each["action"], each["created_at"]) for each in record["audit"]]
        if sorted(rows) != sorted(kept):
            yield f"the record of {artifact.id} has the trail {kept}, and the rows {rows}"
        changes = MonitorChange.objects.filter(artifact=artifact).order_by("created_at", "id")
        programs = list(changes.values_list("program", flat=True))
        known = [each["program"] for each in record["monitor"]]
        if programs != known:
            yield f"the record of {artifact.id} has the programs {known}, and the rows {programs}"
        words = {"globals": global_record(artifact.id), "cleared": look_alike_record(artifact.id)}
        for name, said in words.items():
            if record.get(name, []) != said:
                yield f"the record of {artifact.id} has {record.get(name)}, and the rows {said}"


def _globals() -> Iterator[str]:
    kept = [read_global(key) for key in list_global_keys(after_us=0)]
    for each in kept:
        del each["format"]
    if lost := [word for word in global_record(None) if word not in kept]:
        yield f"the bucket lacks {lost}"


def _searches() -> Iterator[str]:
    present = set(Artifact.objects.values_list("id", flat=True))
    for row in ArtifactSearch.objects.select_related("user"):
        if row.artifact_id not in present:
            yield f"{row} names what is gone"
