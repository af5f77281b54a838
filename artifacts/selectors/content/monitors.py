"""The program of a sensitive model, its history, and the downloads that it decided about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Prefetch

from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import ArtifactNotFound, MonitorNotFound, MonitorNotYours
from artifacts.limits import AUDIT_PAGE_SIZE
from artifacts.models import Artifact, AuditEntry, MonitorChange, MonitorRun, User
from artifacts.rules.paging import Rows, cut_page, read_key
from artifacts.selectors.trust.decisions import require_shown

# Raw SQL, as in `selectors/artifacts.py`: asked before each file that is given out, of which Django
# would take a third of the time to write this. Most models never had a program.
_LATEST = f"""
    SELECT id FROM {MonitorChange._meta.db_table} WHERE artifact_id = %s
    ORDER BY created_at DESC, id DESC LIMIT 1
"""  # noqa: S608, SLF001  (the table's name comes from the model)


@dataclass(frozen=True)
class Monitor:
    """A model's program and how it came to be.

    Attributes:
        changes: the latest first; it has programs, which may be long.
    """

    program: str
    sha256: str
    changes: tuple[MonitorChange, ...]

    @property
    def is_set(self) -> bool:
        """Whether a program is in force."""
        return bool(self.program)


@dataclass(frozen=True)
class DecidedDownload:
    """A download, or one that was refused.

    Attributes:
        note: what it was of, as in `part=weights`.
        verdict: of the model's program; None where it had none.
        exit_status: of the program; None if it was not run.
        output: what it printed; None where it had none.
    """

    created_at: datetime
    user_name: str
    is_admin: bool
    is_refused: bool
    note: str
    verdict: str | None = None
    exit_status: int | None = None
    output: str | None = None


def is_in_charge(user: User, artifact: Artifact) -> bool:
    """Whether a user may see and set a model's program: its uploader, or an administrator."""
    return user.is_admin or (artifact.uploader_id is not None and artifact.uploader_id == user.pk)


def get_own_model(artifact_id: str, user: User) -> Artifact:
    """Return a model of which a user may see the program.

    Raises:
        ArtifactNotFound: there is no such model.
        MonitorNotYours: the user is neither its uploader nor an administrator.
        ArtifactQuarantined: it is in quarantine, and this user does not decide.
    """
    found = Artifact.objects.visible().filter(id=artifact_id, type=ArtifactType.MODEL)
    artifact = found.select_related("current_revision").first()
    if artifact is None:
        raise ArtifactNotFound(ArtifactType.MODEL, artifact_id)
    if not is_in_charge(user, artifact):
        raise MonitorNotYours
    if artifact.current_revision is not None:
        require_shown(artifact, artifact.current_revision, user)
    return artifact


def find_program(artifact_id: str) -> MonitorChange | None:
    """Return the program in force; None for a model that has none."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [artifact_id])
        row = cursor.fetchone()
    if row is None:
        return None
    change = MonitorChange.objects.filter(pk=row[0]).first()
    return change if change is not None and change.program else None


def find_monitor(artifact_id: str) -> Monitor | None:
    """Return a model's program and its history; None if it never had one."""
    found = MonitorChange.objects.filter(artifact_id=artifact_id)
    changes = tuple(found.order_by("-created_at", "-id"))
    if not changes:
        return None
    return Monitor(changes[0].program, changes[0].sha256, changes)


def get_monitor(artifact_id: str) -> Monitor:
    """Return a model's program and its history.

    Raises:
        MonitorNotFound: it never had one.
    """
    found = find_monitor(artifact_id)
    if found is None:
        raise MonitorNotFound(artifact_id)
    return found


def list_downloads(artifact_id: str, offset: str | None = None) -> Rows[DecidedDownload]:
    """Return a page of a model's downloads and of those that were refused, the latest first.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    found = AuditEntry.objects.filter(
        artifact_id=artifact_id, action__in=(AuditAction.DOWNLOAD, AuditAction.REFUSE)
    )
    if offset is not None:
        (last,) = read_key(offset, int)
        found = found.filter(id__lt=last)
    runs = Prefetch("monitor_runs", MonitorRun.objects.order_by("id"))
    rows = list(found.prefetch_related(runs).order_by("-id")[: AUDIT_PAGE_SIZE + 1])
    page = cut_page(rows, AUDIT_PAGE_SIZE, lambda entry: (entry.pk,))
    return Rows(list(_show(page.rows)), page.next_offset)


def _show(entries: Iterable[AuditEntry]) -> Iterable[DecidedDownload]:
    """Return entries with the last run of each: one that goes file by file may have several."""
    for entry in entries:
        run = next(reversed(entry.monitor_runs.all()), None)
        yield DecidedDownload(
            created_at=entry.created_at,
            user_name=entry.user_name,
            is_admin=entry.user_is_admin,
            is_refused=entry.action == AuditAction.REFUSE,
            note=entry.note,
            verdict=None if run is None else run.verdict,
            exit_status=None if run is None else run.exit_status,
            output=None if run is None else run.output,
        )
