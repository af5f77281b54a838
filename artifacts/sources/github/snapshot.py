"""From GitHub's answers to a snapshot: five requests, three of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from artifacts.exceptions import SourceRefused
from artifacts.limits import REF_MAX_CHARS
from artifacts.sources.base import Deadline, Snapshot, SourceReference
from artifacts.sources.forms import kept
from artifacts.sources.github import client
from artifacts.sources.listings import Entry, Listing, list_files
from artifacts.sources.parallel import at_once

# Branch names of more parts than this are not looked for: each part is a request.
_REF_SEGMENTS_MAX = 5
_TRUNCATED = "GitHub does not list all files of a repository this large. Register one folder of it."
_FACTS = (
    "description", "homepage", "fork", "archived", "disabled", "stargazers_count", "forks_count",
    "subscribers_count", "open_issues_count", "size", "language", "default_branch", "topics",
    "created_at", "pushed_at",
)  # fmt: skip


def fetch_snapshot(reference: SourceReference, deadline: Deadline) -> Snapshot:
    """Ask GitHub for metadata and file list.

    Raises:
        SourceUnavailable, SourceRefused: see `sources.base.Source`.
    """
    facts = client.get_repository(reference.repository, deadline)
    repository, default = facts["full_name"], str(facts.get("default_branch") or "HEAD")
    ref, folder, commit = _resolve(repository, reference.ref, default, deadline)
    folder = folder or reference.folder
    tree, readme, tags = at_once(
        partial(client.get_tree, repository, commit, deadline),
        partial(client.get_readme, repository, commit, folder, deadline),
        partial(client.list_tags, repository, deadline),
    )
    if tree.get("truncated"):
        listing = Listing((), _TRUNCATED)
    else:
        listing = list_files(_entries(tree["tree"]), folder, "GitHub")
    return Snapshot(
        reference=replace(
            reference, repository=repository, ref="" if ref == default else ref, folder=folder
        ),
        commit=commit,
        files=listing.files,
        readme=readme,
        license=_license(facts),
        facts=kept({key: facts[key] for key in _FACTS if key in facts}),
        tags=tags,
        link_only_reason=listing.link_only_reason,
    )


def _resolve(
    repository: str, stated: str, default: str, deadline: Deadline
) -> tuple[str, str, str]:
    """Divide what follows `/tree/` into a ref and a folder, and find the ref's commit.

    Git allows no branch `a` beside a branch `a/b`, so the shortest ref that exists is the one.

    Raises:
        SourceRefused: no part of it is a ref.
    """
    segments = stated.split("/") if stated else [default]
    for length in range(1, min(len(segments), _REF_SEGMENTS_MAX) + 1):
        ref, folder = "/".join(segments[:length]), "/".join(segments[length:])
        if len(ref) > REF_MAX_CHARS:
            break
        commit = client.find_commit(repository, ref, deadline)
        if commit is not None:
            return ref, folder, commit
    if not stated:
        raise SourceRefused(f"The repository {repository} is empty.")
    raise SourceRefused(f"GitHub knows no branch, tag or commit {stated[:100]!r} in {repository}.")


def _entries(tree: Iterable[Any]) -> Iterator[Entry]:
    """Yield the files of a tree; submodules (type `commit`) are other repositories.

    Symbolic links (mode 120000) are files like others: git keeps their target as the content.
    """
    for entry in tree:
        if isinstance(entry, dict) and entry.get("type") == "blob":
            yield Entry(entry.get("path"), entry.get("size"), f"git:{entry.get('sha')}")


def _license(facts: dict[str, Any]) -> str:
    """Return the SPDX id that GitHub found; `NOASSERTION` means a license it does not know."""
    stated = facts.get("license")
    spdx = stated.get("spdx_id") if isinstance(stated, dict) else None
    return spdx if isinstance(spdx, str) else ""
