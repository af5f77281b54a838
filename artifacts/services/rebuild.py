"""Making the rows anew from the bucket."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from artifacts.enums import ContentState
from artifacts.exceptions import ObjectMissing, RecordBroken
from artifacts.models import Artifact
from artifacts.services import tasks
from artifacts.services.identity import raise_sequence
from artifacts.services.records import (
    make_current,
    parse_record,
    restore_record,
)
from artifacts.storage.blobs import blob_exists
from artifacts.storage.keys import RECORDS_PREFIX, RESET_MARKER_KEY
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)

_CURRENT = "metadata.json"


@dataclass
class Rebuilt:
    """What a rebuild came to."""

    artifacts: int = 0
    revisions: int = 0
    passed_over: int = 0
    broken: list[str] = field(default_factory=list)


def rebuild_index(
    *, is_dry_run: bool = False, progress: Callable[[Rebuilt], None] = lambda _: None
) -> Rebuilt:
    """Restore artifacts, revisions, files, blobs, tags and trails from their records.

    Safe to run at any time, and again: what has a row keeps it. Users, tokens, tasks and entries of
    reading and downloading are not in the bucket. A broken record is reported, and the others are
    restored.

    Args:
        progress: called after each artifact.

    Raises:
        StorageUnavailable: the bucket does not answer.
    """
    store, result = get_store(), Rebuilt()
    reset_us = _reset_us()
    highest: dict[str, int] = {}
    for found in store.list(RECORDS_PREFIX):
        if found.key.count("/") < 2:  # noqa: PLR2004  (artifacts/{id}/...)
            continue
        artifact_id = found.key.split("/")[1]
        kind, number, created_us = _read_id(artifact_id)
        if created_us <= reset_us:
            result.passed_over += 1
            continue
        is_current = found.key.endswith(f"/{_CURRENT}")
        try:
            record = parse_record(store.read(found.key))
            if not is_dry_run:
                _restore(record, is_current=is_current)
        except (RecordBroken, ObjectMissing) as error:
            logger.warning("rebuild.broken", extra={"key": found.key, "reason": error.message})
            result.broken.append(found.key)
            continue
        highest[kind] = max(highest.get(kind, 0), number)
        result.revisions += not is_current
        if is_current:
            result.artifacts += 1
            progress(result)
    for kind, number in highest.items():
        if not is_dry_run:
            raise_sequence(kind, number)
    return result


def _restore(record: dict[str, object], *, is_current: bool) -> None:
    """Write the rows of one record."""
    listed = record["files"] if isinstance(record.get("files"), list) else []
    digests = {each.get("sha256") for each in listed if isinstance(each, dict)}  # type: ignore[attr-defined]  # JSON
    store = get_store()
    present = frozenset(each for each in digests if each and blob_exists(store, each))
    artifact = restore_record(record, present)
    if is_current and artifact.current_revision_id is None:
        make_current(artifact, record)
        _mirror_if_incomplete(artifact)


def _mirror_if_incomplete(artifact: Artifact) -> None:
    """Have missing bytes fetched."""
    revision = artifact.current_revision
    if revision is not None and revision.content_state == ContentState.PENDING:
        tasks.schedule(
            "mirror_revision", artifact_id=artifact.id, arguments={"revision_id": revision.pk}
        )


def _read_id(artifact_id: str) -> tuple[str, int, int]:
    """Return type, number and microseconds of an id; zeros where it has another form."""
    kind, _, rest = artifact_id.partition("-")
    number, _, created_us = rest.partition("-")
    if not number.isdecimal() or not created_us.isdecimal():
        return kind, 0, 0
    return kind, int(number), int(created_us)


def _reset_us() -> int:
    """Return when the registry was last reset, 0 for never."""
    try:
        marker = json.loads(get_store().read(RESET_MARKER_KEY))
    except ObjectMissing:
        return 0
    except ValueError as error:
        raise RecordBroken(f"{RESET_MARKER_KEY} is no JSON. Restore it.") from error
    return int(marker["reset_us"])
