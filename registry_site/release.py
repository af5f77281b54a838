"""Which release this is: its version, and in a package the record of its build."""

import json
from pathlib import Path
from typing import Any

# The only place of the version; docs/releasing.md says when it changes.
VERSION = "0.1.0"
# deployment/record.py makes the record, which lies at the root of a package.
RECORD_NAME = "release.json"


def read_release(folder: Path) -> dict[str, Any] | None:
    """Return the record of the package in a folder; None if there is none.

    Returns:
        `version`, `commit`, `built_at` (ISO 8601), `migrations` (the newest of each of our apps).
        The record's list of libraries is left out: everybody can see what this returns, and
        library versions help attackers.
    """
    try:
        record: dict[str, Any] = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    record.pop("bill", None)
    return record
