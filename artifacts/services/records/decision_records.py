"""Decisions in an artifact's record in the bucket, and restoring them as rows.

One object holds the decisions on all revisions of an artifact: an older revision's own record is
never written again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from artifacts.enums import DecisionState
from artifacts.exceptions import ObjectMissing, RecordBroken, Unreadable
from artifacts.models import Artifact, Decision, Revision
from artifacts.rules.record_text import read_record, write_record
from artifacts.services.records.artifact_records import store_record
from artifacts.storage import content_types
from artifacts.storage.keys import decisions_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job

_FORMAT = 1
_FIELDS = ("state", "reason", "decided_by", "found_by", "waived", "is_effective", "seconds")
_DATES = ("decided_at", "expires_at")
# How often they are written again because others were made meanwhile.
_WRITTEN_MAX = 5


def store_decisions(artifact_id: str) -> None:
    """Bring the decisions in the bucket up to date with the rows.

    Another task may write a newer decision meanwhile, over which ours would be written. So each
    writer looks at the rows again, as `store_record` does, and writes again if there is another;
    where that does not end, another task does.
    """
    written = None
    for _ in range(_WRITTEN_MAX):
        rows = Decision.objects.filter(revision__artifact_id=artifact_id)
        last = rows.order_by("-id").values_list("id", flat=True).first()
        if last == written:
            break
        _write(artifact_id)
        written = last
    else:
        # Ours may have been written over a newer one, whose own task is through.
        queue.schedule_next(Job.STORE_DECISIONS, artifact_id=artifact_id)
    # The entries of the trail are in the artifact's own record.
    store_record(artifact_id)
    if not Artifact.objects.filter(id=artifact_id).exists():
        get_store().delete([decisions_key(artifact_id)])


def _write(artifact_id: str) -> None:
    """Write what rows and bucket have.

    What the bucket has and the rows lack was lost with a restored database: it stays, and a rebuild
    brings it back.
    """
    rows = Decision.objects.filter(revision__artifact_id=artifact_id).select_related("revision")
    kept = {_key(each): each for each in read_decisions(artifact_id)}
    kept |= {_key(each): each for each in map(_entry, rows)}
    entries = sorted(kept.values(), key=lambda each: str(each["decided_at"]))
    data = write_record({"format": _FORMAT, "id": artifact_id, "decisions": entries})
    get_store().replace(decisions_key(artifact_id), data, content_types.JSON)


def read_decisions(artifact_id: str) -> list[dict[str, Any]]:
    """Return what the bucket keeps; none for an artifact on which nothing was decided.

    Raises:
        RecordBroken: it cannot be read.
    """
    try:
        record = read_record(get_store().read(decisions_key(artifact_id)))
        entries = record["decisions"]
        if record["format"] > _FORMAT or record["id"] != artifact_id:
            raise RecordBroken("Decisions are of a newer form, or of another artifact.")
        if not all(isinstance(each, dict) and _key(each) for each in entries):
            raise RecordBroken("Decisions are not of the known form. Restore the object.")
    except ObjectMissing:
        return []
    except (Unreadable, KeyError, TypeError) as error:
        raise RecordBroken("Decisions are not of the known form. Restore the object.") from error
    found: list[dict[str, Any]] = entries
    return found


def restore_decisions(revision: Revision, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write the decisions on a revision that the rows lack, and have the last of all hold.

    In the transaction that brings the revision back, so that nobody sees it before.

    Raises:
        KeyError, TypeError, ValueError: an entry is not of the known form.
    """
    own = [each for each in entries if _is_on(revision, each)]
    if not own:
        return
    known = {_key(_entry(each)) for each in revision.decisions.all()}
    for each in own:
        if _key(each) not in known:
            dates = {name: each[name] and datetime.fromisoformat(each[name]) for name in _DATES}
            Decision.objects.create(
                revision=revision, **dates, **{name: each[name] for name in _FIELDS}
            )
    last = revision.decisions.filter(is_effective=True).last()
    if last is not None:
        revision.decision, revision.approved_until = DecisionState(last.state), last.expires_at
        revision.save(update_fields=["decision", "approved_until"])


def _is_on(revision: Revision, entry: Mapping[str, Any]) -> bool:
    """Whether an entry is about a revision, whose number may have been given a second time."""
    return datetime.fromisoformat(entry["revision_created_at"]) == revision.created_at


def _key(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells a decision from all others."""
    names = ("revision_created_at", "decided_at", "state", "decided_by", "found_by")
    return tuple(entry[each] for each in names)


def _entry(decision: Decision) -> dict[str, Any]:
    """Return a decision as data."""
    dates = {name: getattr(decision, name) for name in _DATES}
    return {
        "revision": decision.revision.number,
        "revision_created_at": decision.revision.created_at.isoformat(),
        **{name: date and date.isoformat() for name, date in dates.items()},
        **{name: getattr(decision, name) for name in _FIELDS},
    }
