"""From the Hub's answers to a snapshot: five requests, the last four at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceUnavailable
from artifacts.limits import README_MAX_BYTES, TEXT_FILE_MAX_BYTES
from artifacts.rules.cards import bounded, parse_front_matter, stated_license
from artifacts.sources.base import Deadline, Snapshot, SourceReference
from artifacts.sources.http import Answer
from artifacts.sources.huggingface import client
from artifacts.sources.listings import Entry, list_files
from artifacts.sources.parallel import at_once

DEFAULT_REF = "main"
# What of the Hub's answer is kept beside card and files.
_FACTS = (
    "author", "downloads", "likes", "library_name", "pipeline_tag", "gated", "disabled",
    "lastModified", "createdAt", "tags", "description", "usedStorage", "safetensors",
)  # fmt: skip


def fetch_snapshot(reference: SourceReference, deadline: Deadline) -> Snapshot:
    """Ask the Hub for metadata and file list.

    Raises:
        SourceUnavailable, SourceRefused: see `sources.base.Source`.
    """
    kind, ref = reference.kind, reference.ref or DEFAULT_REF
    info = client.get_info(kind, reference.repository, ref, deadline)
    repository, commit = info["id"], _commit(info)
    folder = f"{reference.folder}/" if reference.folder else ""
    card_path = f"{folder}README.md"
    listed, tags, readme, config = at_once(
        partial(_entries, kind, repository, commit, deadline),
        partial(client.list_tags, kind, repository, deadline),
        partial(client.get_file, kind, repository, commit, card_path, README_MAX_BYTES, deadline),
        partial(_config, kind, repository, commit, f"{folder}config.json", deadline),
    )
    text = readme.text() if readme.status < 300 else ""  # noqa: PLR2004  (success)
    card = info.get("cardData")
    card = bounded(card) if isinstance(card, dict) else parse_front_matter(text)
    denied = readme.status in client.DENIED or config.status in client.DENIED
    return Snapshot(
        reference=replace(
            reference, repository=repository, ref="" if ref == DEFAULT_REF else reference.ref
        ),
        commit=commit,
        files=list_files(listed, reference.folder),
        readme=text,
        license=stated_license(card) or _tagged_license(info),
        card=card,
        config=_parsed_config(config),
        facts=bounded({key: info[key] for key in _FACTS if key in info}),
        tags=tags,
        link_only_reason=_reason(info, denied),
    )


def _commit(info: dict[str, Any]) -> str:
    """Return the commit that the Hub answered for."""
    commit = info.get("sha")
    if not isinstance(commit, str) or not commit.isalnum():
        raise SourceUnavailable("The Hub did not say which commit it answered for.")
    return commit


def _entries(kind: SourceKind, repository: str, commit: str, deadline: Deadline) -> list[Entry]:
    """Return the file list; the tree's sizes and digests, which are right where others are not."""
    return list(_parsed_entries(client.list_tree(kind, repository, commit, deadline)))


def _parsed_entries(listed: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """Yield the files among a tree's entries."""
    for entry in listed:
        if entry.get("type") != "file":
            continue
        path, size, oid = entry.get("path"), entry.get("size"), entry.get("oid")
        lfs = entry.get("lfs")
        digest = f"git:{oid}" if isinstance(oid, str) else ""
        if isinstance(lfs, dict) and isinstance(lfs.get("oid"), str):
            digest, size = f"sha256:{lfs['oid']}", lfs.get("size", size)
        if not isinstance(path, str) or type(size) is not int or size < 0:
            raise SourceUnavailable("The Hub's file list has another form than documented.")
        yield Entry(path, size, digest)


def _config(
    kind: SourceKind, repository: str, commit: str, path: str, deadline: Deadline
) -> Answer:
    """Return the answer for config.json, which only models have."""
    if kind == SourceKind.HUGGINGFACE_DATASET:
        return Answer(404, {}, b"", path)
    return client.get_file(kind, repository, commit, path, TEXT_FILE_MAX_BYTES, deadline)


def _parsed_config(answer: Answer) -> dict[str, Any]:
    """Return config.json as data; {} when it is absent or broken."""
    if answer.status >= 300:  # noqa: PLR2004  (no success)
        return {}
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _tagged_license(info: dict[str, Any]) -> str:
    """Return the license among the Hub's tags, "" for none."""
    tags = info.get("tags")
    found = [
        tag.removeprefix("license:")
        for tag in (tags if isinstance(tags, list) else [])
        if isinstance(tag, str) and tag.startswith("license:")
    ]
    return " AND ".join(found)


def _reason(info: dict[str, Any], denied: bool) -> str:  # noqa: FBT001  (a fact, not an option)
    """Say why the content cannot be fetched; "" when it can."""
    if info.get("disabled"):
        return "The Hub has disabled this repository."
    if denied:
        return (
            "The Hub gives these files only to those who accepted their terms. An operator can "
            "accept them and configure HF_TOKEN; then mirror the content again."
        )
    return ""
