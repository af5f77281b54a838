"""Turning GitHub's answers into a snapshot: four requests with a token, up to seven without one.

First the repository, the ref and the tree, which the evidence uses as well; then the small files
and the tags, by the graph or one by one. The configuration and the license take precedence over the
tags.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from artifacts.exceptions import SourceRefused
from artifacts.rules.cards import stated_license
from artifacts.rules.descriptions import Opened, describe
from artifacts.rules.digest import Algorithm, Digest
from artifacts.rules.licensing.files import settle_license
from artifacts.rules.listing_notes import note_links, note_submodules
from artifacts.rules.reading import Reading, ReadState, keep_readings
from artifacts.rules.usual_names import find_config, find_license_files, find_readme
from artifacts.rules.values import read_count, read_text
from artifacts.sources.base import Snapshot, SourceReference
from artifacts.sources.forms import kept
from artifacts.sources.github import client
from artifacts.sources.github.budget import count_left
from artifacts.sources.github.refs import FoundRef, resolve
from artifacts.sources.github.small_files import SmallFiles, fetch_small_files
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.listings import Entry, Listing, list_files

# GitHub cuts longer texts in its graph, whose limit it does not state; it is somewhat above this.
_GRAPH_TEXT_MAX_BYTES = 500_000
# The fact that no request was left for the tags; the task that rates the model again asks for them.
TAGS_LEFT = "tags_left"
# How a tree lists submodules and symbolic links.
_SUBMODULE, _LINK = "commit", "120000"
_TRUNCATED = "GitHub does not list all files of a repository this large. Register one folder of it."
# Where GitHub looks for a README that is not at the root ("About READMEs").
_README_FOLDERS = (".github", "docs")
_FACTS = (
    "description", "homepage", "fork", "archived", "disabled", "stargazers_count", "forks_count",
    "subscribers_count", "open_issues_count", "size", "language", "default_branch", "topics",
    "created_at", "pushed_at",
)  # fmt: skip


def fetch_snapshot(reference: SourceReference, inquiry: Inquiry) -> Snapshot:
    """Fetch metadata and file list from GitHub.

    Raises:
        SourceUnavailable, SourceRefused: see `sources.base.Source`.
    """
    facts = client.get_repository(reference.repository, inquiry)
    repository, default = facts["full_name"], str(facts.get("default_branch") or "HEAD")
    found = resolve(repository, reference, default, inquiry)
    commit, folder = found.commit, found.folder or reference.folder
    tree = client.get_tree(repository, commit, inquiry)
    paths = [str(each.get("path")) for each in _list_blobs(tree)]
    folder = "" if folder in paths else folder  # The page of a file stands for its repository.
    _refuse_submodule(tree["tree"], folder)
    if tree.get("truncated"):
        listing = Listing((), _TRUNCATED)
    else:
        listing = list_files(_entries(tree), folder, "GitHub")
    prefix = f"{folder}/" if folder else ""
    licenses = [f"{prefix}{path}" for path in find_license_files(listing.known_sizes or ())[:1]]
    readme = next(
        filter(None, (find_readme(paths, each) for each in (folder, *_README_FOLDERS))), ""
    )
    config = find_config(paths, folder)
    places = {readme, config, *licenses}
    small = fetch_small_files(repository, commit, _list_digests(tree, places), inquiry)
    said = describe(small.open_readme(readme, folder), _open_config(tree, config, small))
    license_, of_license = settle_license(
        stated_license(said.card),
        said,
        guessed=_license(facts),
        repository=repository,
        sizes_bytes=listing.known_sizes,
        open_file=lambda path: small.open(f"{prefix}{path}"),
    )
    tags = _tags(found, small, inquiry)
    kept_facts = kept({key: facts[key] for key in _FACTS if key in facts})
    return Snapshot(
        reference=reference.settled(
            repository=repository, ref=found.ref, folder=folder, default=default, commit=commit
        ),
        commit=commit,
        files=listing.files,
        readme=said.readme,
        license=license_,
        card=said.card,
        config=said.config,
        facts=kept_facts
        | listing.facts
        | _note_others(tree["tree"], folder)
        | keep_readings(said.readings | {"license_file": of_license})
        | ({TAGS_LEFT: True} if tags is None else {}),
        tags=tags or {},
        link_only_reason=listing.link_only_reason,
    )


def _tags(found: FoundRef, small: SmallFiles, inquiry: Inquiry) -> Mapping[str, str] | None:
    """Return the newest tags, asking only if nobody did and a request is left; else None."""
    known = found.tags if small.tags is None else small.tags
    if known is None and count_left(inquiry):
        return client.list_tags(small.repository, inquiry)
    return known


def _open_config(tree: dict[str, Any], path: str, small: SmallFiles) -> Opened:
    """Return the model's configuration; "" as path for one that is not listed."""
    if not path and tree.get("truncated"):
        return Opened(Reading(ReadState.NOT_ASKED, reason=_TRUNCATED))
    return small.open(path)


def _list_blobs(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the files of a tree, without submodules, which are other repositories.

    Symbolic links are files like others: git stores their target as the content.
    """
    for entry in tree["tree"]:
        if isinstance(entry, dict) and entry.get("type") == "blob":
            yield entry


def _entries(tree: dict[str, Any]) -> Iterator[Entry]:
    """Yield the files of a tree with their sizes and digests."""
    for entry in _list_blobs(tree):
        digest = Digest(Algorithm.GIT, str(entry.get("sha")))
        yield Entry(entry.get("path"), entry.get("size"), str(digest))


def _list_digests(tree: dict[str, Any], paths: Collection[str]) -> dict[str, str]:
    """Return path -> digest of those of the files that a tree lists with a small size."""
    return {
        path: str(Digest(Algorithm.GIT, str(each.get("sha"))))
        for each in _list_blobs(tree)
        if (path := read_text(each.get("path"))) in paths
        and (read_count(each.get("size")) or 0) <= _GRAPH_TEXT_MAX_BYTES
    }


def _refuse_submodule(tree: Iterable[Any], folder: str) -> None:
    """Check that a folder is not that of another repository.

    Raises:
        SourceRefused: it is a submodule, or inside of one.
    """
    for entry in tree:
        path = read_text(entry.get("path")) if isinstance(entry, dict) else ""
        if path and f"{folder}/".startswith(f"{path}/") and entry.get("type") == _SUBMODULE:
            raise SourceRefused(
                f"The folder {path[:100]!r} is a submodule, that is, another repository. "
                "Register that repository."
            )


def _note_others(tree: Iterable[Any], folder: str) -> dict[str, Any]:
    """Return the facts about what is no plain file in a folder, or in all of the repository."""
    prefix = f"{folder}/" if folder else ""
    found = [
        (read_text(each.get("path")).removeprefix(prefix), each)
        for each in tree
        if isinstance(each, dict) and read_text(each.get("path")).startswith(prefix)
    ]
    modules = {
        path: read_text(each.get("sha")) for path, each in found if each.get("type") == _SUBMODULE
    }
    return note_submodules(modules) | note_links(
        path for path, each in found if each.get("mode") == _LINK
    )


def _license(facts: dict[str, Any]) -> str:
    """Return the SPDX id that GitHub found; `NOASSERTION` means a license it does not know."""
    stated = facts.get("license")
    spdx = stated.get("spdx_id") if isinstance(stated, dict) else None
    return spdx if isinstance(spdx, str) else ""
