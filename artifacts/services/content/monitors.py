"""Setting, removing and trying out the program that decides about a model's downloads."""

from __future__ import annotations

import logging

from django.utils import timezone

from artifacts.database.transactions import ADMINISTRATOR, DOWNLOAD, UPLOAD, RestsOn, writing
from artifacts.enums import AuditAction, Part
from artifacts.exceptions import (
    ArtifactNotFound,
    ContentTooLarge,
    InvalidRequest,
    MonitorNotFound,
    PermissionMissing,
    TooManyMonitorChanges,
)
from artifacts.limits import MONITOR_CHANGES_MAX, MONITOR_PROGRAM_MAX_BYTES
from artifacts.models import Artifact, MonitorChange, User
from artifacts.rules.letters import find_letter_fault
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.slots import monitor_slot, trial_slot
from artifacts.selectors.content.monitors import (
    Monitor,
    find_program,
    get_monitor,
    get_own_model,
)
from artifacts.services.access.audit import record_audit
from artifacts.services.content.bundle_waiting import require_bundle
from artifacts.services.content.downloads import require_downloadable
from artifacts.services.content.monitor_runs import Judged, judge_on_zip, require_runnable
from artifacts.services.records.artifact_records import store_record
from artifacts.services.records.monitor_records import digest_of
from artifacts.storage.keys import bundle_key

logger = logging.getLogger(__name__)


def set_monitor(*, artifact_id: str, program: str, user: User) -> Monitor:
    """Set the program that decides about a model's downloads from now on.

    Raises:
        ArtifactNotFound: there is no such model.
        MonitorNotYours: the user is neither its uploader nor an administrator.
        InvalidRequest, ContentTooLarge: it is no program, or too long.
        MonitorUnavailable: this registry cannot run programs, so nobody could have the model.
        TooManyMonitorChanges: it was changed too often.
        StorageUnavailable: it is in force, but not yet in the bucket; send it again.
    """
    artifact = get_own_model(artifact_id, user)
    check_program(program)
    with monitor_slot():
        require_runnable()
    return _change(artifact, program, user)


def remove_monitor(*, artifact_id: str, user: User) -> None:
    """Let everybody with the permission download a model again; its history remains.

    Raises:
        MonitorNotFound: no program is in force.
        ArtifactNotFound, MonitorNotYours, StorageUnavailable: see `set_monitor`.
    """
    artifact = get_own_model(artifact_id, user)
    if find_program(artifact_id) is None:
        raise MonitorNotFound(artifact_id)
    _change(artifact, "", user)


def try_monitor(*, artifact_id: str, user: User, program: str | None = None) -> Judged:
    """Run a program as if this user were about to download the whole model; nothing is kept of it.

    Args:
        program: None for the one in force.

    Raises:
        MonitorNotFound: none was given, and none is in force.
        PermissionMissing: the user may not download.
        DownloadRefused, GateFailed, ContentNotKept, ContentPending: see `require_downloadable`.
        MonitorsBusy: another dry-run, or too many programs run at this moment.
        ArtifactNotFound, MonitorNotYours, InvalidRequest, ContentTooLarge: see `set_monitor`.
    """
    artifact = get_own_model(artifact_id, user)
    if program is None:
        change = find_program(artifact_id)
        if change is None:
            raise MonitorNotFound(artifact_id)
        program = change.program
    check_program(program)
    revision = artifact.current_revision
    if revision is None:
        raise ArtifactNotFound(artifact.type, artifact_id)
    # What it prints may be of the zip: so only who may download it tries it out.
    if not user.may(DOWNLOAD):
        raise PermissionMissing(DOWNLOAD)
    require_downloadable(artifact, revision, user)
    key = bundle_key(artifact_id, revision.number, Part.FULL)
    require_bundle(revision, Part.FULL, key)
    task = MonitorTask(program, artifact.name, artifact.uploader_name, user.username)
    with trial_slot():
        return judge_on_zip(task, key=key)


def check_program(program: str) -> None:
    """Check that a text can be a program.

    Raises:
        InvalidRequest: it is empty, or holds a character that no database keeps or nobody sees:
            those who read it would take it for another program ("Trojan Source", CVE-2021-42574).
        ContentTooLarge: it is too long.
    """
    if not program.strip():
        raise InvalidRequest("The program is empty. DELETE removes a program.")
    if "\x00" in program or any("\ud800" <= each <= "\udfff" for each in program):
        raise InvalidRequest("The program holds a NUL or half a character. Send it in UTF-8.")
    if len(program.encode()) > MONITOR_PROGRAM_MAX_BYTES:
        raise ContentTooLarge(f"A program has at most {MONITOR_PROGRAM_MAX_BYTES:,} bytes.")
    for number, line in enumerate(program.split("\n"), 1):
        fault = find_letter_fault(line.replace("\t", " ").replace("\r", " "))
        if fault:
            raise InvalidRequest(
                f"Line {number} of the program {fault}, so it reads as something else than it is. "
                "In texts, write them as escapes such as \\u200b."
            )


def _change(artifact: Artifact, program: str, user: User) -> Monitor:
    """Write a change, its entry in the trail, and the record."""
    is_uploader = artifact.uploader_id == user.pk
    rests_on = RestsOn(
        user, UPLOAD if is_uploader else ADMINISTRATOR, artifact.id, changes_artifact=True
    )
    sha256 = digest_of(program)
    with writing(rests_on):
        changes = MonitorChange.objects.filter(artifact=artifact)
        if program and changes.count() >= MONITOR_CHANGES_MAX:
            raise TooManyMonitorChanges(MONITOR_CHANGES_MAX)
        MonitorChange.objects.create(
            artifact=artifact,
            program=program,
            sha256=sha256,
            user_name=user.username,
            created_at=timezone.now(),
        )
        note = f"sha256:{sha256}" if program else "removed"
        record_audit(artifact=artifact, user=user, action=AuditAction.MONITOR, note=note)
    logger.info("monitor.changed", extra={"artifact": artifact.id, "user": user.username})
    store_record(artifact.id)
    return get_monitor(artifact.id)
