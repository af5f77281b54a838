"""The programs of a sensitive model in its artifact's record, and restoring them as rows.

A registry that came back without them would give out what its uploader guards. So the record holds
every change, and a rebuild adds those that the rows lack.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from artifacts.models import Artifact, MonitorChange

_FIELDS = ("program", "user_name")


def monitor_record(artifact_id: str) -> list[dict[str, Any]]:
    """Return all changes of a model's program as data, the oldest first."""
    changes = MonitorChange.objects.filter(artifact_id=artifact_id).order_by("created_at", "id")
    return [
        {field: getattr(change, field) for field in _FIELDS}
        | {"created_at": change.created_at.isoformat()}
        for change in changes
    ]


def restore_monitors(artifact: Artifact, record: dict[str, Any]) -> None:
    """Write the changes that a record holds and the rows lack; older records have none."""
    known = set(artifact.monitor_changes.values_list("created_at", "sha256"))
    for each in record.get("monitor", ()):
        created_at, sha256 = datetime.fromisoformat(each["created_at"]), digest_of(each["program"])
        if (created_at, sha256) not in known:
            MonitorChange.objects.create(
                artifact=artifact,
                sha256=sha256,
                created_at=created_at,
                **{field: each[field] for field in _FIELDS},
            )


def digest_of(program: str) -> str:
    """Return the SHA-256 of a program in UTF-8; "" for none."""
    return hashlib.sha256(program.encode()).hexdigest() if program else ""
