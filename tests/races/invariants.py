"""What holds whatever happened side by side: nothing is half there. Tasks have run before."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.utils import timezone

from artifacts.enums import AuditAction, ContentState, TaskState, UploadState
from artifacts.exceptions import ObjectMissing
from artifacts.models import (
    Artifact,
    AuditEntry,
    Blob,
    DownloadTally,
    File,
    LfsObject,
    LineageEdge,
    Revision,
    SearchDocument,
    Task,
    Upload,
    User,
)
from artifacts.rules.digest import Sha256
from artifacts.services.records.artifact_records import read_reset_us
from artifacts.storage.keys import RECORDS_PREFIX, blob_key, record_key, upload_key
from artifacts.storage.store import get_store, is_there
from tests.races.judged_invariants import broken_trust
from tests.races.world import run_tasks

WAITING = (TaskState.READY, TaskState.RUNNING)
# How `leases.fail_task` writes an error that is none of the registry's.
CRASH = re.compile(r"[A-Za-z]+(Error|Exception|DoesNotExist|Interrupted): ")


def broken(done_until: datetime) -> list[str]:
    """Return what does not hold, in sentences. What was due at `done_until` has been done since."""
    connection.check_constraints()
    return [
        *_artifacts(), *_bucket(), *_tasks(done_until), *_rest(), *_trails(), *broken_trust(),
    ]  # fmt: skip


def _artifacts() -> Iterator[str]:
    for artifact in Artifact.objects.select_related("current_revision"):
        revision = artifact.current_revision
        if revision is None:
            is_empty = artifact.source_key.startswith("commit:")
            if (
                not is_empty
                and not Task.objects.filter(
                    name="ingest_artifact", artifact_id=artifact.id, state__in=WAITING
                ).exists()
            ):
                yield f"{artifact.id} waits for a source that nobody asks"
            continue
        if revision.artifact_id != artifact.id:
            yield f"{artifact.id} shows a revision of another artifact"
        if not revision.files.exists():
            yield f"{artifact.id} has no files"
        if SearchDocument.objects.filter(artifact=artifact).count() != 1:
            yield f"{artifact.id} cannot be found"
        trail = AuditEntry.objects.filter(artifact_id=artifact.id)
        if trail.filter(action=AuditAction.CREATE).count() != 1:
            yield f"{artifact.id} was not made once"
        if trail.filter(action=AuditAction.DELETE).exists():
            yield f"{artifact.id} was deleted and is there"
        yield from _record(artifact, revision)
        yield from _content(artifact, revision)


def _record(artifact: Artifact, revision: Revision) -> Iterator[str]:
    try:
        record = json.loads(get_store().read(record_key(artifact.id)))
    except ObjectMissing:
        yield f"{artifact.id} has no record"
        return
    if record["revision"]["number"] != revision.number:
        yield f"the record of {artifact.id} is of revision {record['revision']['number']}"
    if record["source_key"] != artifact.source_key:
        yield f"the record of {artifact.id} is of another source"


def _content(artifact: Artifact, revision: Revision) -> Iterator[str]:
    if revision.content_state == ContentState.FAILED:
        yield f"{artifact.id} has lost its content: {revision.content_reason}"
    if revision.content_state == ContentState.STORED:
        for file in File.objects.filter(revision=revision):
            if file.blob_id is None or not is_there(blob_key(Sha256(file.blob_id))):
                yield f"{artifact.id} says that it has {file.path}, and has not"


def _bucket() -> Iterator[str]:
    present = set(Artifact.objects.values_list("id", flat=True))
    reset_us = read_reset_us()
    for found in get_store().list(RECORDS_PREFIX):
        artifact_id = found.key.split("/")[1]
        if artifact_id not in present:
            yield f"{found.key} is of nothing (last reset {reset_us})"


def _tasks(done_until: datetime) -> Iterator[str]:
    present = set(Artifact.objects.values_list("id", flat=True))
    orphaned = []
    for task in Task.objects.all():
        is_waiting = task.state in WAITING
        if CRASH.match(task.error):
            yield f"the task {task.name} crashed: {task.error}"
        if is_waiting and task.due_at <= done_until:
            yield f"the task {task.name} is left over"
        if is_waiting and task.artifact_id and task.artifact_id not in present:
            orphaned.append(task.id)
    # It may have asked its source while the artifact went; once it is asked again, it ends.
    waiting = Task.objects.filter(id__in=orphaned)
    if waiting.update(due_at=timezone.now()):
        run_tasks()
    for task in waiting.filter(state__in=WAITING):
        yield f"the task {task.name} goes on for what is gone: {task.error}"


def _rest() -> Iterator[str]:
    for upload in Upload.objects.filter(state=UploadState.CHECKED):
        if not is_there(upload_key(upload.id)):
            yield f"{upload.url} is checked and not there"
    for sent in LfsObject.objects.filter(state=UploadState.CHECKED):
        is_kept = Blob.objects.filter(sha256=sent.sha256).exists()
        if is_kept and not is_there(blob_key(sent.sha256)):
            yield f"{sent} is checked and not there"
    if not User.objects.filter(is_admin=True, is_active=True).exists():
        yield "nobody administers"
    for edge in LineageEdge.objects.filter(parent__isnull=True):
        parent = Artifact.objects.visible().filter(
            type=edge.parent_type, source_key=edge.parent_key
        )
        if parent.exclude(id=edge.child_id).exists():
            yield f"{edge.child_id} does not know its parent"


def _trails() -> Iterator[str]:
    ids = set(AuditEntry.objects.values_list("artifact_id", flat=True))
    deleted = AuditEntry.objects.filter(action=AuditAction.DELETE)
    ended = Counter(deleted.values_list("artifact_id", flat=True))
    yield from (f"{each} was deleted {count} times" for each, count in ended.items() if count > 1)
    last = dict(AuditEntry.objects.order_by("id").values_list("artifact_id", "action"))
    for each in ended:
        if last[each] != AuditAction.DELETE:
            yield f"the trail of {each} goes on after its deletion: {last[each]}"
    known = ended.keys() | set(Artifact.objects.values_list("id", flat=True))
    for each in ids - known:
        trail = list(AuditEntry.objects.filter(artifact_id=each).values_list("action", flat=True))
        yield f"{each} is not there, and its trail says no more than {trail}"
    for tally in DownloadTally.objects.filter(entry=None):
        yield f"{tally} stands beside no entry"
