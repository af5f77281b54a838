"""The record that says which release a package is."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deployment.bill import list_components
from deployment.contents import ROOT
from registry_site.release import VERSION

# Our applications whose tables a release expects at a certain migration.
_APPS = ("artifacts",)


def describe_release(packages: Path) -> dict[str, Any]:
    """Return the record of a package built now from the present tree.

    Args:
        packages: the folder of the libraries that go into the package.
    """
    return describe_tree() | {"bill": list_components(packages)}


def describe_tree(commit: str = "") -> dict[str, Any]:
    """Return the record without the libraries.

    Args:
        commit: the commit of a tree outside of git; "" asks git.
    """
    return {
        "version": VERSION,
        "commit": commit or _commit(),
        "built_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "migrations": {app: _newest_migration(app) for app in _APPS},
    }


def find_changes() -> list[str] | None:
    """Return the files with uncommitted changes, new ones included; None outside of git."""
    listed = _git("status", "--porcelain", "--no-renames")
    # Each line: two letters and a space, then the name.
    return None if listed is None else [line[3:] for line in listed.splitlines()]


def _commit() -> str:
    """Return the commit, followed by `-dirty` if the tree has changes; "" outside of git."""
    commit = _git("rev-parse", "HEAD")
    if commit is None:
        return ""
    return commit.strip() + ("-dirty" if find_changes() else "")


def _git(*words: str) -> str | None:
    """Ask git about the tree; return None if it cannot answer."""
    command = ["git", "-C", str(ROOT), *words]
    try:
        found = subprocess.run(  # noqa: S603  (our own words)
            [*command], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return None
    return None if found.returncode else found.stdout


def _newest_migration(app: str) -> str:
    """Return the name of an application's last migration; names begin with their number."""
    return max(path.stem for path in (ROOT / app / "migrations").glob("[0-9]*.py"))
