"""From the Hub's answers to a snapshot: five requests, the last four at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from artifacts.enums import SourceKind
from artifacts.limits import README_MAX_BYTES, TEXT_FILE_MAX_BYTES
from artifacts.rules.cards import stated_license
from artifacts.rules.values import list_of
from artifacts.sources.base import Deadline, Snapshot, SourceReference
from artifacts.sources.forms import Described, kept, read_card, read_config, stated_commit
from artifacts.sources.http import Answer
from artifacts.sources.huggingface import client
from artifacts.sources.listings import Entry, list_files
from artifacts.sources.parallel import at_once

DEFAULT_REF = "main"
_OK, _ABSENT = 200, 404
_GATED = (
    "The Hub gives these files only to those who accepted their terms. An operator can accept them "
    "and configure HF_TOKEN; then mirror the content again."
)
# Where transformers, PEFT and diffusers say what a model is and what it was made from.
_CONFIGS = ("config.json", "adapter_config.json", "model_index.json")
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
    repository, commit = info["id"], stated_commit(info.get("sha"), "The Hub")
    config_path = _config_path(info, kind, reference.folder)
    tree, tags, readme, config, readable = at_once(
        partial(client.list_tree, kind, repository, commit, deadline),
        partial(client.list_tags, kind, repository, deadline),
        partial(_readme, kind, repository, commit, reference.folder, deadline),
        partial(_config, config_path, repository, commit, deadline),
        partial(_may_read, info, kind, repository, deadline),
    )
    denied = tree is None or not readable or {readme.status, config.status} & {*client.DENIED}
    listing = list_files(
        _entries(tree or ()), reference.folder if tree is not None else "", "The Hub"
    )
    text = readme.text() if readme.status == _OK else ""
    # The Hub shows results among the card's fields, beside them, or both.
    results = {"model-index": info["model-index"]} if info.get("model-index") else {}
    stated_card = read_card(text, info.get("cardData"))
    card = kept(results) | stated_card.data
    described = _described(config, config_path)
    facts = kept({key: info[key] for key in _FACTS if key in info})
    disabled = "The Hub has disabled this repository." if info.get("disabled") else ""
    return Snapshot(
        reference=replace(
            reference, repository=repository, ref="" if ref == DEFAULT_REF else reference.ref
        ),
        commit=commit,
        files=listing.files,
        readme=text,
        license=stated_license(card) or _tagged_license(info),
        card=card,
        config=described.data,
        facts=facts | stated_card.facts("card") | described.facts("config"),
        tags=tags,
        link_only_reason=disabled or (_GATED if denied else "") or listing.link_only_reason,
    )


def _entries(listed: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """Yield the files of a tree: its sizes and digests are right where those elsewhere are not."""
    for entry in listed:
        lfs = entry.get("lfs")
        if isinstance(lfs, dict):
            size_bytes = lfs.get("size", entry.get("size"))
            yield Entry(entry.get("path"), size_bytes, f"sha256:{lfs.get('oid')}")
        else:
            yield Entry(entry.get("path"), entry.get("size"), f"git:{entry.get('oid')}")


def _readme(
    kind: SourceKind, repository: str, commit: str, folder: str, deadline: Deadline
) -> Answer:
    """Return the answer for the card: a folder's own, or else the repository's."""
    path = f"{folder}/README.md" if folder else "README.md"
    answer = client.get_file(kind, repository, commit, path, README_MAX_BYTES, deadline)
    if folder and answer.status == _ABSENT:
        return _readme(kind, repository, commit, "", deadline)
    return answer


def _config_path(info: dict[str, Any], kind: SourceKind, folder: str) -> str:
    """Return which file describes the model to its library, "" for none.

    The Hub names all files with its first answer; where it does not, config.json is tried.
    """
    if kind == SourceKind.HUGGINGFACE_DATASET:
        return ""
    prefix = f"{folder}/" if folder else ""
    listed = {
        each.get("rfilename") for each in list_of(info.get("siblings")) if isinstance(each, dict)
    }
    paths = [f"{prefix}{name}" for name in _CONFIGS]
    return next((path for path in paths if path in listed), "" if listed else paths[0])


def _config(path: str, repository: str, commit: str, deadline: Deadline) -> Answer:
    """Return the answer for the file that describes the model."""
    if not path:
        return Answer(_ABSENT, {}, b"", path)
    kind = SourceKind.HUGGINGFACE_MODEL
    return client.get_file(kind, repository, commit, path, TEXT_FILE_MAX_BYTES, deadline)


def _may_read(info: dict[str, Any], kind: SourceKind, repository: str, deadline: Deadline) -> bool:
    """Return whether the files are for us; only gated repositories have to be asked."""
    return not info.get("gated") or client.may_read(kind, repository, deadline)


def _described(answer: Answer, name: str) -> Described:
    """Return what describes the model; nothing when it is absent."""
    return read_config(answer.body, name) if answer.status == _OK else Described({})


def _tagged_license(info: dict[str, Any]) -> str:
    """Return the license among the Hub's tags, "" for none."""
    tags = info.get("tags")
    found = [
        tag.removeprefix("license:")
        for tag in (tags if isinstance(tags, list) else [])
        if isinstance(tag, str) and tag.startswith("license:")
    ]
    return " AND ".join(found)
