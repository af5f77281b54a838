"""Auditing names: which artifacts may be mistaken for others, and what people decided about it.

With its first revision an artifact gets the keys of its names and is compared with what shares one.
The daily audit compares all with all: it finds pairs that were registered at the same moment, knows
what became popular, and writes the keys of artifacts that an older release or a rebuild wrote.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from artifacts.database.transactions import DECIDE, RestsOn, keep_artifacts, writing
from artifacts.enums import AuditAction, DecisionState
from artifacts.exceptions import InvalidRequest, NotFound
from artifacts.limits import NOTE_MAX_CHARS
from artifacts.models import Artifact, LookAlike, NameKey, Revision, User
from artifacts.rules.confusion.keys import list_keys
from artifacts.rules.confusion.labels import Called, Label, make_labels
from artifacts.rules.confusion.sweep import Suspicion, find_suspicions
from artifacts.rules.text import storable
from artifacts.selectors.trust.suspicions import (
    find_copied,
    find_suspicions_about,
    judge_look_alikes,
    read_labels,
    score_suspicion,
)
from artifacts.services.access.audit import record_audit
from artifacts.services.records.look_alike_records import find_keeper
from artifacts.services.trust.decisions import decide
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)

# Rows that one statement writes.
_BATCH_ROWS = 2_000
# Artifacts that one statement looks up: few enough for the database to use its index.
_KEPT_AT_ONCE = 100
_GONE = "This suspicion is gone, or was cleared already. Load the list again."


def call(artifact: Artifact, revision: Revision) -> Called:
    """Return what an artifact is called with a revision that is being written."""
    return Called(
        id=artifact.id,
        type=artifact.type,
        name=artifact.name,
        created_us=artifact.created_us,
        kind=revision.source_kind,
        repository=revision.repository,
        downloads=revision.facts.get("downloads"),
        likes=revision.facts.get("likes"),
    )


def note_names(artifact: Artifact, revision: Revision) -> None:
    """Write the keys of an artifact's names, and, once they are there, what shares some of them.

    Call it in the transaction that writes the revision, after its lineage. The comparison follows
    the transaction: among many names alike it would keep all other writers waiting. If it fails,
    the daily audit does it.
    """
    called = call(artifact, revision)
    _write_keys(make_labels(called))
    transaction.on_commit(lambda: _note_found(called), robust=True)


def _note_found(called: Called) -> None:
    """Write whatever an artifact may be mistaken for."""
    if found := judge_look_alikes(find_suspicions_about(called)):
        with writing():
            _write_found(found)


def audit_names() -> tuple[int, int]:
    """Compare all artifacts with all; return how many there are and how many are open suspects.

    What is no longer found is no longer suspected; what people cleared stays cleared.
    """
    begun_at = timezone.now()
    labels = read_labels(Artifact.objects.shown())
    found = judge_look_alikes(find_suspicions(labels))
    with writing():
        _write_keys(_without_keys(labels))
        _write_found(found)
        pairs = {(each.suspect.id, each.other.id) for each in found}
        stale = [
            row.pk
            for row in LookAlike.objects.filter(cleared_at__isnull=True, found_at__lt=begun_at)
            if (row.suspect_id, row.other_id) not in pairs
        ]
        for at in range(0, len(stale), _BATCH_ROWS):
            # Somebody may have cleared one meanwhile, which is never forgotten.
            LookAlike.objects.filter(
                pk__in=stale[at : at + _BATCH_ROWS], cleared_at__isnull=True
            ).delete()
    logger.info("names.audited", extra={"artifacts": len(labels), "suspects": len(pairs)})
    return len(labels), len(pairs)


def clear_look_alike(*, key: int, reason: str, user: User) -> LookAlike:
    """Remember that two artifacts are fine beside each other: who said so, when and why.

    Raises:
        InvalidRequest: there is no reason, or it is too long.
        NotFound: the suspicion is gone, or somebody was faster.
        AuthenticationFailed, PermissionMissing: the user went, or may no longer decide.
    """
    reason = storable(reason).strip()
    if not reason or len(reason) > NOTE_MAX_CHARS:
        raise InvalidRequest(
            f"Give the reason why these are fine, of at most {NOTE_MAX_CHARS} characters: others "
            "read it later."
        )
    with writing(RestsOn(user, DECIDE)):
        changed = LookAlike.objects.filter(pk=key, cleared_at__isnull=True).update(
            cleared_at=timezone.now(), cleared_by=user.username, reason=reason
        )
        if not changed:
            raise NotFound(_GONE)
        row = LookAlike.objects.select_related("suspect").get(pk=key)
        note = f"fine beside {row.other_id}"
        record_audit(artifact=row.suspect, user=user, action=AuditAction.DECIDE, note=note)
        # The suspect's record has the entry.
        for artifact_id in {row.suspect_id, find_keeper(row)}:
            queue.schedule_next(Job.STORE_DECISIONS, artifact_id=artifact_id)
    logger.info(
        "look_alike.cleared",
        extra={"artifact": row.suspect_id, "other": row.other_id, "user": user.username},
    )
    return row


def quarantine_suspect(*, key: int, reason: str, user: User) -> Artifact:
    """Quarantine the suspect of a pair, and return it.

    Raises:
        NotFound: the suspicion is gone.
        InvalidRequest: there is no reason, or it is too long.
        AuthenticationFailed, PermissionMissing, ArtifactNotFound: see `writing`.
    """
    rows = LookAlike.objects.select_related("suspect__current_revision")
    row = rows.filter(pk=key).first()
    if row is None or row.suspect.current_revision is None:
        raise NotFound(_GONE)
    decide(
        revision=row.suspect.current_revision,
        state=DecisionState.QUARANTINED,
        reason=reason,
        by=user,
    )
    return row.suspect


def _without_keys(labels: Sequence[Label]) -> list[Label]:
    """Return the labels of artifacts that have no keys, and keep those artifacts."""
    known = set(NameKey.objects.values_list("artifact_id", flat=True).distinct())
    lacking = sorted({label.id for label in labels} - known)
    present: set[str] = set()
    for at in range(0, len(lacking), _KEPT_AT_ONCE):
        present |= keep_artifacts(lacking[at : at + _KEPT_AT_ONCE])
    return [label for label in labels if label.id in present]


def _write_keys(labels: Iterable[Label]) -> None:
    """Write the keys of labels; those that are there stay."""
    keys: dict[str, set[int]] = defaultdict(set)
    for label in labels:
        keys[label.id] |= list_keys(label)
    NameKey.objects.bulk_create(
        (
            NameKey(artifact_id=artifact_id, value=value)
            for artifact_id, values in keys.items()
            for value in sorted(values)
        ),
        batch_size=_BATCH_ROWS,
        ignore_conflicts=True,
    )


def _write_found(found: Sequence[Suspicion]) -> None:
    """Write suspicions; of one that is known, only what may have changed."""
    if not found:
        return
    present = keep_artifacts({each for pair in found for each in (pair.suspect.id, pair.other.id)})
    copied = find_copied([(each.suspect.id, each.other.id) for each in found])
    now = timezone.now()
    LookAlike.objects.bulk_create(
        (
            LookAlike(
                suspect_id=each.suspect.id,
                other_id=each.other.id,
                mechanism=each.sign.mechanism,
                detail=each.sign.detail[:NOTE_MAX_CHARS],
                score=score_suspicion(each, is_copied=(each.suspect.id, each.other.id) in copied),
                found_at=now,
            )
            for each in found
            if {each.suspect.id, each.other.id} <= present
        ),
        batch_size=_BATCH_ROWS,
        update_conflicts=True,
        unique_fields=("suspect", "other"),
        update_fields=("mechanism", "detail", "score"),
    )
