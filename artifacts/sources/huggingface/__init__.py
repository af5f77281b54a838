"""The Hugging Face Hub: models and data sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl, SourceRefused
from artifacts.rules.hub.repo_ids import is_reserved_owner
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.forms import check_ref, check_repository, shorten_ref
from artifacts.sources.huggingface.client import HOSTS, hub
from artifacts.sources.huggingface.snapshot import fetch_snapshot
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.transfers import stream
from artifacts.sources.urls import parse_url

# First path segments of the Hub's own pages, which are no owners of models.
_OTHER_PAGES = frozenset((
    "spaces", "collections", "papers", "docs", "blog", "api", "settings", "join", "login",
    "pricing", "organizations", "tasks", "learn", "models", "posts", "chat", "new", "enterprise",
    "inference", "notifications", "search", "support",
))  # fmt: skip
# Where the Hub's API has the kinds of repository, whose addresses people copy too.
_API = {"models": [], "datasets": ["datasets"]}
# Refs that the Hub itself makes contain slashes: `refs/pr/1`, `refs/convert/parquet`.
_OWN_REF_SEGMENTS = 3
# What stands between repository and ref: in the URL of a folder, of a file, of all files.
_FOLDER_VIEW = "tree"
_FILE_VIEWS = ("blob", "resolve", "raw", "blame", "edit", "commits")
_REF_VIEWS = ("commit", "revision")
_VIEWS = (_FOLDER_VIEW, *_FILE_VIEWS, *_REF_VIEWS)
# Parts of a path that clients resolve before they send it, encoded or not.
_NOT_SENT = frozenset(("", ".", ".."))
# Pages of a repository that show no files, as they stand after an old name without an owner.
_PAGES = {
    SourceKind.HUGGINGFACE_MODEL: ("discussions",),
    SourceKind.HUGGINGFACE_DATASET: ("discussions", "viewer"),
}


class HuggingFaceSource:
    """Implements `Source` for the Hub."""

    kinds = (SourceKind.HUGGINGFACE_MODEL, SourceKind.HUGGINGFACE_DATASET)

    def parse(self, url: str) -> SourceReference | None:
        """Read `/ORG/NAME`, `/NAME`, `/datasets/...`, and every page of a repository below it.

        Pages that show no files, such as `/discussions`, stand for the repository.

        Raises:
            InvalidUrl: it is another page of the Hub.
        """
        parsed = parse_url(url)
        if parsed.host not in HOSTS:
            return None
        segments = list(parsed.segments)
        if segments[:1] == ["api"] and "".join(segments[1:2]) in _API:
            segments[:2] = _API[segments[1]]
        kind = SourceKind.HUGGINGFACE_MODEL
        if segments[:1] == ["datasets"]:
            kind = SourceKind.HUGGINGFACE_DATASET
            segments.pop(0)
        if not segments or segments[0] in _OTHER_PAGES:
            raise InvalidUrl(
                "The url names no model or data set of the Hub. It should read like "
                "https://huggingface.co/ORGANISATION/NAME or .../datasets/ORGANISATION/NAME."
            )
        # Old models have no owner in their URL: `/gpt2`, `/gpt2/tree/main`.
        length = 1 if len(segments) == 1 or segments[1] in (*_VIEWS, *_PAGES[kind]) else 2
        named = [*segments[: length - 1], segments[length - 1].removesuffix(".git")]
        repository = check_repository(named)
        if is_reserved_owner(named[0]):
            raise InvalidUrl(
                f"{named[0]!r} can be no owner here: artifacts of other sources are called so."
            )
        ref, folder, file = _read_page(segments[length:])
        ref = check_ref(shorten_ref(ref or parsed.ref))
        name = (folder or repository).rpartition("/")[2]
        return SourceReference(kind, repository, name, url, ref, folder, file)

    def fetch_snapshot(self, reference: SourceReference, inquiry: Inquiry) -> Snapshot:
        """Fetch metadata and file list from the Hub."""
        return fetch_snapshot(reference, inquiry)

    def fetch_contents(
        self, reference: SourceReference, commit: str, files: Sequence[SourceFile]
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file with its bytes.

        Raises:
            SourceRefused: a name would lead a request out of the repository.
        """
        client = hub()
        prefix = "datasets/" if reference.kind == SourceKind.HUGGINGFACE_DATASET else ""
        folder = f"{reference.folder}/" if reference.folder else ""
        for file in files:
            if not _NOT_SENT.isdisjoint(file.listed_path.split("/")):
                raise SourceRefused(f"The Hub lists {file.path[:100]!r}, which no git can hold.")
            path = quote(folder + file.listed_path)
            url = f"/{prefix}{reference.repository}/resolve/{commit}/{path}"
            yield file, stream(client, url, size_bytes=file.size_bytes, start=file.start)


def _read_page(segments: list[str]) -> tuple[str, str, str]:
    """Return the ref, the folder and the file that a page of a repository shows, "" for none.

    Raises:
        InvalidUrl: it lacks the ref.
    """
    page, after = "".join(segments[:1]), segments[1:]
    if page not in _VIEWS:
        return "", "", ""
    if not after:
        raise InvalidUrl(f"The url names the page {page!r}; give that of the repository.")
    ends = _OWN_REF_SEGMENTS if after[0] == "refs" else 1
    ref, rest = "/".join(after[:ends]), "/".join(after[ends:])
    return ref, rest if page == _FOLDER_VIEW else "", rest if page in _FILE_VIEWS else ""
