"""A record as text: how it is written and how it is read back; `records` knows what it says."""

from __future__ import annotations

import json
from typing import Any

from artifacts.limits import RECORD_DEPTH_MAX, RECORD_VALUES_MAX
from artifacts.rules.budget import in_task
from artifacts.rules.documents import read_json


def write_record(record: dict[str, Any]) -> bytes:
    """Return a record as JSON, with its keys in order.

    Entry by entry: one call for 100,000 files would hold up every other thread of the process.
    """
    fields = (f"{_text(name)}: {_listed(record[name])}" for name in sorted(record))
    return ("{" + ", ".join(fields) + "}").encode()


def read_record(data: bytes) -> dict[str, Any]:
    """Return what a record says.

    Raises:
        Unreadable: it is no JSON, or a key stands in it twice.
    """
    # Nobody waits for it, and it must not fail for being long.
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
