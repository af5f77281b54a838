"""Which release this is: its version, and in a package the record of how that was made."""

import json
from pathlib import Path
from typing import Any

VERSION = "0.1.0"
# Written into the root of a package by deployment/record.py.
RECORD_NAME = "release.json"


def read_release(folder: Path) -> dict[str, Any] | None:
    """Return the record of the package in a folder; None where there is no package.

    Returns:
        `version`, `commit`, `built_at` (ISO 8601), `migrations` (the newest of each app of ours).
        The bill of libraries in the record stays there: what is returned is shown to everybody,
        and whoever attacks asks for versions first.
    """
    try:
        record: dict[str, Any] = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    record.pop("bill", None)
    return record
