"""From GitHub's answers to a snapshot: five requests, three of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.rules.cards import bounded
from artifacts.sources.base import Deadline, Snapshot, SourceReference
from artifacts.sources.github import client
from artifacts.sources.listings import Entry, list_files
from artifacts.sources.parallel import at_once

# Branch names of more parts than this are looked for in vain.
_REF_SEGMENTS_MAX = 5
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
    truncated = bool(tree.get("truncated"))
    files = () if truncated else list_files(_entries(tree["tree"]), folder)
    return Snapshot(
        reference=replace(
            reference, repository=repository, ref="" if ref == default else ref, folder=folder
        ),
        commit=commit,
        files=files,
        readme=readme,
        license=_license(facts),
        facts=bounded({key: facts[key] for key in _FACTS if key in facts}),
        tags=tags,
        link_only_reason=(
            "GitHub does not list all files of a repository this large. Register one folder of it."
            if truncated
            else ""
        ),
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
        commit = client.find_commit(repository, ref, deadline)
        if commit is not None:
            return ref, folder, commit
    if not stated:
        raise SourceRefused(f"The repository {repository} is empty.")
    raise SourceRefused(f"GitHub knows no branch, tag or commit {stated!r} in {repository}.")


def _entries(tree: Iterable[Any]) -> Iterator[Entry]:
    """Yield the files of a tree; submodules (type `commit`) are other repositories."""
    for entry in tree:
        if not isinstance(entry, dict) or entry.get("type") != "blob":
            continue
        path, size, sha = entry.get("path"), entry.get("size"), entry.get("sha")
        if not isinstance(path, str) or not isinstance(sha, str) or type(size) is not int:
            raise SourceUnavailable("GitHub's file list has another form than documented.")
        yield Entry(path, size, f"git:{sha}")


def _license(facts: dict[str, Any]) -> str:
    """Return the SPDX id that GitHub found; `NOASSERTION` means a license it does not know."""
    stated = facts.get("license")
    spdx = stated.get("spdx_id") if isinstance(stated, dict) else None
    return spdx if isinstance(spdx, str) else ""
