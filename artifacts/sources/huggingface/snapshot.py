"""Turning the Hub's answers into a snapshot: five requests, the last four at once.

A license file takes a sixth, where the card does not say enough.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from artifacts.enums import SourceKind
from artifacts.limits import RATING_HUB_REQUESTS_MAX, TEXT_FILE_MAX_BYTES
from artifacts.rules.cards import stated_license
from artifacts.rules.descriptions import (
    NO_FILE,
    Opened,
    describe,
    leave_closed,
    open_bytes,
)
from artifacts.rules.digest import Algorithm, Digest
from artifacts.rules.licensing.files import settle_license
from artifacts.rules.lineage.merge_bases import find_merge_config, keep_merged
from artifacts.rules.reading import Reading, ReadState, keep_readings
from artifacts.rules.usual_names import find_config, find_readme
from artifacts.rules.values import is_commit, read_list, read_text
from artifacts.sources.base import Snapshot, SourceReference
from artifacts.sources.forms import (
    find_longest_ref,
    kept,
    shorten_ref,
    stated_commit,
)
from artifacts.sources.huggingface import client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.listings import Entry, list_files
from artifacts.sources.parallel import at_once

DEFAULT_REF, _HEAD = "main", "HEAD"
_OK = 200
_GATED = (
    "The Hub gives these files only to those who accepted their terms. An operator can accept them "
    "and configure HF_TOKEN; then mirror the content again."
)
# Asked for where the Hub does not show which files there are.
_USUAL_PATHS = ["README.md", "config.json"]
# The fields of the Hub's answer that are stored besides card and files.
_FACTS = (
    "author", "downloads", "likes", "library_name", "pipeline_tag", "gated", "disabled",
    "lastModified", "createdAt", "tags", "description", "usedStorage", "safetensors",
    "securityRepoStatus",
)  # fmt: skip


def fetch_snapshot(reference: SourceReference, inquiry: Inquiry) -> Snapshot:
    """Fetch metadata and file list from the Hub.

    Raises:
        SourceUnavailable, SourceRefused: see `sources.base.Source`.
    """
    kind = reference.kind
    ref, folder, refs = _resolve(reference, inquiry)
    info = client.get_info(kind, reference.repository, ref, inquiry)
    repository, commit = info["id"], stated_commit(info.get("sha"), "The Hub")
    open_file = partial(_open, kind, repository, commit, inquiry)
    guessed = _find_places(_list_siblings(info), kind, folder)
    tree, tags, may_read, *opened = at_once(
        partial(client.list_tree, kind, repository, commit, inquiry),
        partial(_tags, refs, kind, repository, inquiry),
        partial(_may_read, info, kind, repository, inquiry),
        *(partial(open_file, path) for path in guessed),
    )
    if tree is None:
        paths = _list_siblings(info) or _USUAL_PATHS
    else:
        paths = [str(each.get("path")) for each in tree]
        folder = "" if folder in paths else folder  # The page of a file stands for its repository.
    places = _find_places(paths, kind, folder)
    # The first answer may name no files, or not all of them.
    missed = sorted(set(places) - set(guessed))
    opened += at_once(*(partial(open_file, path) for path in missed)) if missed else ()
    by_path = {each.reading.path: each for each in opened}
    readme, config = (by_path[path] for path in places)
    said = describe(readme, config, info.get("cardData"))
    # The Hub shows results among the card's fields, beside them, or in both places.
    results = {"model-index": info["model-index"]} if info.get("model-index") else {}
    card = kept(results) | said.card
    listing = list_files(_entries(tree or ()), folder if tree is not None else "", "The Hub")
    prefix = f"{folder}/" if folder else ""
    license_, of_license = settle_license(
        stated_license(card) or _tagged_license(info),
        said,
        repository=repository,
        sizes_bytes=listing.known_sizes if tree is not None else None,
        open_file=lambda path: _open_license(open_file, f"{prefix}{path}", inquiry),
    )
    facts = kept({key: info[key] for key in _FACTS if key in info})
    return Snapshot(
        reference=reference.settled(
            repository=repository, ref=ref, folder=folder, default=DEFAULT_REF, commit=commit
        ),
        commit=commit,
        files=listing.files,
        readme=said.readme,
        license=license_,
        card=card,
        config=said.config,
        facts=facts
        | listing.facts
        | _merged(paths, folder, card, inquiry, open_file)
        | keep_readings(said.readings | {"license_file": of_license}),
        tags=tags,
        link_only_reason=_find_closed(info, opened, is_denied=tree is None or not may_read)
        or listing.link_only_reason,
    )


def _resolve(
    reference: SourceReference, inquiry: Inquiry
) -> tuple[str, str, dict[str, Any] | None]:
    """Return the ref that a URL names, the folder behind it, and the refs if they were asked for.

    The Hub's pages encode a ref's slashes. Where a URL has them bare, as people write them, the
    longest ref that exists is meant.
    """
    ref, beyond = reference.ref, reference.folder or reference.file
    if ref in ("", _HEAD, DEFAULT_REF):
        return DEFAULT_REF, reference.folder, None
    if not beyond or is_commit(ref):
        return ref, reference.folder, None
    refs = client.get_refs(reference.kind, reference.repository, inquiry)
    stated = f"{ref}/{beyond}"
    found = find_longest_ref(shorten_ref(stated), _names(refs)) or ref
    rest = shorten_ref(stated)[len(found) :].removeprefix("/")
    return found, rest if reference.folder else "", refs


def _names(refs: dict[str, Any]) -> set[str]:
    """Return the names of branches, tags and conversions, short and in full."""
    listed = [each for rows in refs.values() for each in read_list(rows) if isinstance(each, dict)]
    return {read_text(each.get(name)) for each in listed for name in ("name", "ref")}


def _tags(
    refs: dict[str, Any] | None, kind: SourceKind, repository: str, inquiry: Inquiry
) -> dict[str, str]:
    """Return the tags, asking only if the refs were not asked for to find the ref."""
    if refs is None:
        refs = client.get_refs(kind, repository, inquiry)
    return client.read_ref_tags(refs)


def _find_closed(info: dict[str, Any], opened: Iterable[Opened], *, is_denied: bool) -> str:
    """Return why the files cannot be fetched, "" if they can."""
    if info.get("disabled"):
        return "The Hub has disabled this repository."
    return _GATED if is_denied or any(_GATED in each.reading.reason for each in opened) else ""


def _list_siblings(info: dict[str, Any]) -> list[str]:
    """Return the paths that the Hub's first answer names: none, some or all of them."""
    siblings = [each for each in read_list(info.get("siblings")) if isinstance(each, dict)]
    return [each["rfilename"] for each in siblings if isinstance(each.get("rfilename"), str)]


def _find_places(paths: Collection[str], kind: SourceKind, folder: str) -> tuple[str, str]:
    """Return the paths of card and configuration, "" for none; data sets have no configuration."""
    has_config = kind == SourceKind.HUGGINGFACE_MODEL
    config = find_config(paths, folder) if has_config else ""
    return find_readme(paths, folder), config


def _open(
    kind: SourceKind,
    repository: str,
    commit: str,
    inquiry: Inquiry,
    path: str,
) -> Opened:
    """Fetch a small file that the Hub lists; "" as path for one that it does not."""
    if not path:
        return NO_FILE
    answer = client.get_file(kind, repository, commit, path, TEXT_FILE_MAX_BYTES, inquiry)
    if answer.status in client.DENIED:
        return leave_closed(path, f"{path} was not opened. {_GATED}")
    if answer.status != _OK:
        return leave_closed(path, f"The Hub does not give {path}.")
    return open_bytes(path, answer.body)


def _merged(
    paths: Collection[str],
    folder: str,
    card: Mapping[str, Any],
    inquiry: Inquiry,
    open_file: Callable[[str], Opened],
) -> dict[str, list[str]]:
    """Return the entry for the models that were merged, where the card leaves them to a file."""
    path = "" if card.get("base_model") else find_merge_config(paths, folder)
    if not path or inquiry.count_answers(client.hub().base_url) >= RATING_HUB_REQUESTS_MAX:
        return {}
    return keep_merged(open_file(path).raw)


def _open_license(open_file: Callable[[str], Opened], path: str, inquiry: Inquiry) -> Opened:
    """Fetch a license file, if a request is left for it."""
    if inquiry.count_answers(client.hub().base_url) < RATING_HUB_REQUESTS_MAX:
        return open_file(path)
    reason = f"No request was left for {path}."
    return Opened(Reading(ReadState.NOT_ASKED, path, reason))


def _entries(listed: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """Yield the files of a tree, whose sizes and digests are right, unlike those elsewhere."""
    for entry in listed:
        lfs = entry.get("lfs")
        if isinstance(lfs, dict):
            size_bytes = lfs.get("size", entry.get("size"))
            digest = Digest(Algorithm.SHA256, str(lfs.get("oid")))
            yield Entry(entry.get("path"), size_bytes, str(digest))
        else:
            digest = Digest(Algorithm.GIT, str(entry.get("oid")))
            yield Entry(entry.get("path"), entry.get("size"), str(digest))


def _may_read(info: dict[str, Any], kind: SourceKind, repository: str, inquiry: Inquiry) -> bool:
    """Return whether we may read the files, asking the Hub only for gated repositories."""
    return not info.get("gated") or client.may_read(kind, repository, inquiry)


def _tagged_license(info: dict[str, Any]) -> str:
    """Return the license among the Hub's tags, "" for none."""
    tags = info.get("tags")
    found = [
        tag.removeprefix("license:")
        for tag in (tags if isinstance(tags, list) else [])
        if isinstance(tag, str) and tag.startswith("license:")
    ]
    return " AND ".join(found)
