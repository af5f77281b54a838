"""Writing a record as JSON text and reading it back; `records` knows its fields."""

from __future__ import annotations

import json
from typing import Any

from artifacts.limits import RECORD_DEPTH_MAX, RECORD_VALUES_MAX
from artifacts.rules.budget import in_task
from artifacts.rules.documents import read_json


def write_record(record: dict[str, Any]) -> bytes:
    """Return a record as JSON, with its keys in order.

    It encodes entry by entry: one call for 100,000 files would block every other thread of the
    process.
    """
    fields = (f"{_text(name)}: {_listed(record[name])}" for name in sorted(record))
    return ("{" + ", ".join(fields) + "}").encode()


def read_record(data: bytes) -> dict[str, Any]:
    """Return the data of a record.

    Raises:
        Unreadable: it is not JSON, or has a duplicate key.
    """
    # Nobody waits for it, and a long record must not fail.
    with in_task():
        record: dict[str, Any] = read_json(
            data, "The record", values_max=RECORD_VALUES_MAX, depth_max=RECORD_DEPTH_MAX
        )
    return record


def _listed(value: Any) -> str:
    """Return a field as JSON."""
    return "[" + ", ".join(map(_text, value)) + "]" if isinstance(value, list) else _text(value)


def _text(value: Any) -> str:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
