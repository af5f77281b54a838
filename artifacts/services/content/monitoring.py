"""Asking a sensitive model's program before a download. Every door that gives out bytes asks here.

The program runs before each download of a zip. A client of the Hub asks for every file of a
snapshot alone; for single files the verdict of the last minutes holds, on the same person, revision
and program, so that a hundred files are one decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils import timezone

from artifacts.database.modes import AUDIT
from artifacts.database.transactions import DOWNLOAD, RestsOn, writing
from artifacts.enums import ArtifactType, AuditAction, MonitorVerdict, Part
from artifacts.exceptions import MonitorRefused, MonitorUnavailable
from artifacts.limits import MONITOR_SAID_MAX_CHARS, MONITOR_VERDICT_LIFETIME_S, NOTE_MAX_CHARS
from artifacts.models import Artifact, AuditEntry, MonitorChange, MonitorRun, Revision, User
from artifacts.rules.printed import as_one_line
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.slots import monitor_slot
from artifacts.selectors.content.monitors import find_program
from artifacts.services.access.audit import record_audit
from artifacts.services.content.bundle_waiting import require_bundle
from artifacts.services.content.monitor_runs import Judged, judge_on_zip, said_in
from artifacts.storage.keys import bundle_key


@dataclass(frozen=True)
class FreshVerdict:
    """A program's verdict that was reached just now, to be kept with the download's entry."""

    make_run: partial[MonitorRun]

    def keep(self, entry: AuditEntry) -> None:
        """Write it down, in the transaction that writes the entry."""
        self.make_run(entry=entry).save()


def ask_monitor(
    *, artifact: Artifact, revision: Revision, user: User, part: str = Part.FULL, file: str = ""
) -> FreshVerdict | None:
    """Let a model's program decide whether a user may have a zip or a file of it.

    Args:
        part: which zip is asked for; the program sees that one.
        file: the path of a single file; the program sees the zip of all files then.

    Returns:
        A verdict to be kept; None if the model has no program, or the last verdict still holds.

    Raises:
        MonitorRefused: the program does not let the user have it.
        MonitorUnavailable: it could not be run here, so nobody may have it.
        MonitorsBusy: too many programs run at this moment.
        ContentPending: the zip that the program is to see is being made.
    """
    if artifact.type != ArtifactType.MODEL:
        return None
    change = find_program(artifact.id)
    if change is None or (file and _is_allowed_lately(change, revision, user)):
        return None
    key = bundle_key(artifact.id, revision.number, part)
    require_bundle(revision, part, key)
    with monitor_slot():
        # While we waited, the same person's request for another file may have been decided.
        if file and _is_allowed_lately(change, revision, user):
            return None
        task = MonitorTask(change.program, artifact.name, artifact.uploader_name, user.username)
        judged = judge_on_zip(task, key=key)
    fresh = FreshVerdict(
        partial(
            MonitorRun,
            artifact_id=artifact.id,
            revision=revision.number,
            part=Part(part),
            user_name=user.username,
            program_sha256=change.sha256,
            verdict=judged.verdict,
            exit_status=judged.exit_status,
            output=judged.kept,
            created_at=timezone.now(),
        )
    )
    if judged.verdict == MonitorVerdict.ALLOWED:
        return fresh
    note = f"file={file}" if file else f"part={part}"
    with writing(RestsOn(user, DOWNLOAD, artifact.id), going_on=AUDIT):
        fresh.keep(
            record_audit(
                artifact=artifact, user=user, action=AuditAction.REFUSE, note=note[:NOTE_MAX_CHARS]
            )
        )
    raise _refusal(judged)


def _refusal(judged: Judged) -> MonitorRefused | MonitorUnavailable:
    """Return the error for a verdict that refuses."""
    if judged.verdict == MonitorVerdict.NOT_RUN:
        return MonitorUnavailable(judged.reason)
    return MonitorRefused(judged.reason, as_one_line(judged.output, MONITOR_SAID_MAX_CHARS))


def _is_allowed_lately(change: MonitorChange, revision: Revision, user: User) -> bool:
    """Whether the latest verdict on the same program, revision and person is young and allows it.

    Only verdicts on the zip of all files count: a program may allow a part and refuse the whole.

    Raises:
        MonitorRefused: it is young, and refuses.
    """
    since = timezone.now() - timedelta(seconds=MONITOR_VERDICT_LIFETIME_S)
    last = (
        MonitorRun.objects.filter(
            artifact_id=revision.artifact_id,
            revision=revision.number,
            part=Part.FULL,
            user_name=user.username,
            program_sha256=change.sha256,
            created_at__gte=max(since, change.created_at),
        )
        .exclude(verdict=MonitorVerdict.NOT_RUN)
        .order_by("-created_at", "-id")
        .first()
    )
    if last is None:
        return False
    if last.verdict == MonitorVerdict.REFUSED:
        reason = "It refused this one moments ago."
        raise MonitorRefused(reason, as_one_line(said_in(last.output), MONITOR_SAID_MAX_CHARS))
    return True
