"""Commands that fetch one artifact, to be copied and pasted: for shells and for Python."""

from __future__ import annotations

import string
from dataclasses import dataclass

from django.template.loader import render_to_string

from artifacts.enums import Part
from artifacts.models import Artifact
from artifacts.selectors.content.files import list_largest_files

# Letters that mean nothing to a shell or to Python.
_PLAIN = frozenset(string.ascii_letters + string.digits + "._-/")
_FOLDER_MAX_CHARS = 60


@dataclass(frozen=True)
class Commands:
    """Commands for one part of one artifact.

    Attributes:
        token, curl, wget, python: as they are pasted.
        revision: whose digests they compare.
        checked: how many files they compare; those with plain names that are the largest.
    """

    token: str
    curl: str
    wget: str
    python: str
    revision: int
    checked: int


def write_commands(site: str, artifact: Artifact, part: Part) -> Commands:
    """Write the commands for an artifact whose bytes are kept, in one query.

    Args:
        site: where the registry answers, without a slash at the end.
    """
    revision = artifact.current_revision
    files = list_largest_files(revision, part) if revision else ()
    digests = [
        (path, digest) for path, digest in files if _PLAIN.issuperset(path) and path[:1] != "-"
    ]
    context = {
        "site": site,
        "path": f"/artifacts/{artifact.type}/{artifact.id}/download",
        "part": part.value,
        "folder": _name_folder(artifact.name),
        "digests": digests,
        "revision": revision.number if revision else 0,
    }

    def write(name: str) -> str:
        return render_to_string(f"web/artifact/commands/{name}.txt", context).strip()

    return Commands(
        token=write("token"),
        curl=write("curl"),
        wget=write("wget"),
        python=write("python"),
        revision=revision.number if revision else 0,
        checked=len(digests),
    )


def _name_folder(name: str) -> str:
    """Return a name for a folder that no shell takes for anything else."""
    kept = "".join(each if each in _PLAIN and each != "/" else "-" for each in name)
    return kept[:_FOLDER_MAX_CHARS].strip("-.") or "artifact"
