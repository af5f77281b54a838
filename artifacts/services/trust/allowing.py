"""Allowing a global that scans find, for all artifacts or for one, by people who looked at it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from artifacts.database.transactions import ADMINISTRATOR, RestsOn, writing
from artifacts.enums import AuditAction
from artifacts.exceptions import InvalidRequest, NotFound
from artifacts.limits import GLOBAL_MAX_CHARS, NOTE_MAX_CHARS, REASON_MAX_CHARS
from artifacts.models import AllowedGlobal, Artifact, ForbiddenGlobal, User
from artifacts.rules.text import storable
from artifacts.services.access.audit import record_audit
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


def allow_global(*, name: str, reason: str, by: User, artifact_id: str = "") -> AllowedGlobal:
    """Allow a global; a task judges again what was found, and gates follow.

    What is in quarantine stays there until somebody lifts that.

    Args:
        name: as a finding names it, such as `os.system`.
        artifact_id: the only artifact in which it is allowed; "" for all.

    Raises:
        InvalidRequest: name or reason do not fit, or it is allowed already.
        PermissionMissing, AuthenticationFailed, ArtifactNotFound: see `writing`.
    """
    name, reason = storable(name).strip(), storable(reason).strip()
    if not name or len(name) > GLOBAL_MAX_CHARS:
        raise InvalidRequest("Name the global as the finding does, as in `os.system`.")
    if not reason or len(reason) > REASON_MAX_CHARS:
        raise InvalidRequest(
            f"A reason of at most {REASON_MAX_CHARS:,} characters is needed: others will ask why."
        )
    with writing(RestsOn(by, ADMINISTRATOR, artifact_id)):
        artifact = Artifact.objects.get(id=artifact_id) if artifact_id else None
        if AllowedGlobal.objects.filter(name=name, artifact=artifact).exists():
            raise InvalidRequest(f"{name} is allowed there already.")
        taken_back = ForbiddenGlobal.objects.filter(name=name, artifact=artifact)
        allowed = AllowedGlobal.objects.create(
            name=name,
            artifact=artifact,
            reason=reason,
            created_at=_after(taken_back.values_list("created_at", flat=True).first()),
            created_by=by.username,
        )
        _follow(allowed, by, "allows")
    return allowed


def forbid_global(*, allowed: AllowedGlobal, by: User) -> None:
    """Take back that a global is allowed.

    Raises:
        NotFound: somebody else has taken it back.
        PermissionMissing, AuthenticationFailed, ArtifactNotFound: see `writing`.
    """
    with writing(RestsOn(by, ADMINISTRATOR, allowed.artifact_id or "")):
        deleted, _ = AllowedGlobal.objects.filter(pk=allowed.pk).delete()
        if not deleted:
            raise NotFound(f"{allowed.name} is not allowed any more. Load the list again.")
        ForbiddenGlobal.objects.update_or_create(
            name=allowed.name,
            artifact=allowed.artifact,
            defaults={"created_at": _after(allowed.created_at), "created_by": by.username},
        )
        _follow(allowed, by, "no longer allows")


def _after(earlier: datetime | None) -> datetime:
    """Return the time, or the moment after an earlier word: the later one holds, and clocks differ.

    Args:
        earlier: None for no such word.
    """
    now = timezone.now()
    return now if earlier is None or earlier < now else earlier + timedelta(microseconds=1)


def _follow(allowed: AllowedGlobal, by: User, did: str) -> None:
    """Write down what was done, also in the bucket, and have the findings judged again.

    An artifact's trail has what is about that artifact; others get an entry when their verdict
    changes.
    """
    if allowed.artifact is not None:
        note = f"scan {did} {allowed.name}"
        record_audit(
            artifact=allowed.artifact,
            user=by,
            action=AuditAction.DECIDE,
            note=note[:NOTE_MAX_CHARS],
        )
        queue.schedule_next(Job.STORE_DECISIONS, artifact_id=allowed.artifact.id)
    else:
        queue.schedule_next(Job.STORE_GLOBALS)
    logger.info(
        "scan.allowed",
        extra={"user": by.username, "global": allowed.name, "did": did},
    )
    # Always: a pass that waits or runs may read before this transaction ends what is allowed.
    queue.schedule(Job.JUDGE_SCANS, after_id=0)
