"""Rows as the Hub's clients read them: every answer is made here, none is passed on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from artifacts.models import Revision
from artifacts.rules.card_facts import read_card_facts
from artifacts.selectors.hub.infos import Info
from artifacts.selectors.hub.refs import Ref
from artifacts.selectors.hub.repositories import Repository, get_commit
from artifacts.selectors.hub.trees import Leaf


def write_date(date: datetime) -> str:
    """Return a date with milliseconds, as old clients demand it."""
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{date.microsecond // 1000:03d}Z"


def describe_sibling(entry: Leaf, *, has_details: bool) -> dict[str, Any]:
    """Return a file as the info of a repository lists it."""
    described: dict[str, Any] = {"rfilename": entry.path}
    if not has_details:
        return described
    names = entry.names
    described |= {"size": entry.size_bytes, "blobId": names.oid}
    if names.sha256 is not None:
        pointer = {"size": entry.size_bytes, "pointerSize": names.pointer_bytes}
        described["lfs"] = {"sha256": names.sha256} | pointer
    return described


def describe_last_commit(revision: Revision) -> dict[str, Any]:
    """Return the revision as the change that brought a file: older ones are not compared."""
    return {
        "id": get_commit(revision),
        "title": f"Revision {revision.number}",
        "date": write_date(revision.created_at),
    }


def describe_commit(revision: Revision) -> dict[str, Any]:
    """Return a revision as a commit of a history."""
    return describe_last_commit(revision) | {
        "message": "",
        "authors": [{"user": revision.created_by}],
    }


def describe_refs(refs: Iterable[Ref], kind: str) -> list[dict[str, str]]:
    """Return names of revisions; `kind` is what git calls them, `heads` or `tags`."""
    return [
        {"name": each.name, "ref": f"refs/{kind}/{each.name}", "targetCommit": each.commit}
        for each in refs
    ]


def describe_info(
    repository: Repository, info: Info, *, kind: str, has_details: bool
) -> dict[str, Any]:
    """Return what is told of a repository.

    Args:
        kind: `models` or `datasets`.
        has_details: whether sizes and digests of the files are told, too.
    """
    revision, repo_id = info.revision, repository.repo_id
    said = read_card_facts(revision.card, revision.facts)
    described: dict[str, Any] = {
        # Clients in JavaScript take this for the id.
        "_id": repository.artifact.id,
        "id": repo_id,
        "author": repo_id.partition("/")[0],
        "sha": get_commit(revision),
        "lastModified": write_date(revision.created_at),
        "createdAt": write_date(info.created_at),
        "private": False,
        "gated": "manual" if info.is_refused else False,
        "disabled": False,
        # Of this registry: the Hub's numbers say nothing about it.
        "downloads": info.downloads,
        "likes": 0,
        "tags": info.tags,
        "cardData": revision.card,
    }
    if kind == "models":
        described |= {"modelId": repo_id, "config": revision.config}
        described |= {"pipeline_tag": said.task} if said.task else {}
        described |= {"library_name": said.library} if said.library else {}
    if info.siblings is not None:
        described["siblings"] = [
            describe_sibling(each, has_details=has_details) for each in info.siblings
        ]
    return described
