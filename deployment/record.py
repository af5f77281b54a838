"""The record that tells which release a package is."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deployment.bill import list_components
from deployment.contents import ROOT
from registry_site.release import VERSION

# Applications of ours whose tables a release expects in a certain state.
_APPS = ("artifacts",)


def describe_release(packages: Path) -> dict[str, Any]:
    """Return the record of a package that is made now, from the tree as it is.

    Args:
        packages: the folder of the libraries that go into it.
    """
    return {
        "version": VERSION,
        "commit": _commit(),
        "built_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "migrations": {app: _newest_migration(app) for app in _APPS},
        "bill": list_components(packages),
    }


def _commit() -> str:
    """Return the commit, with `-dirty` behind it when the tree has changes; "" outside of git."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        found = subprocess.run(  # noqa: S603  (our own words)
            [*command, "--exclude=*"], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return found.stdout.strip()


def _newest_migration(app: str) -> str:
    """Return the name of an application's last migration; their names begin with their number."""
    return max(path.stem for path in (ROOT / app / "migrations").glob("[0-9]*.py"))
