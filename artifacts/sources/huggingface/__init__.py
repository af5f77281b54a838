"""The Hugging Face Hub: models and data sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl
from artifacts.sources.base import Deadline, Snapshot, SourceFile, SourceReference
from artifacts.sources.forms import check_ref, check_repository
from artifacts.sources.huggingface.client import hub
from artifacts.sources.huggingface.snapshot import fetch_snapshot
from artifacts.sources.transfers import stream
from artifacts.sources.urls import parse_url

HOSTS = ("huggingface.co", "hf.co")
# First segments of the Hub's own pages, which are no owners of models.
_OTHER_PAGES = frozenset(
    (
        "spaces", "collections", "papers", "docs", "blog", "api", "settings", "join", "login",
        "pricing", "organizations", "tasks", "learn", "models", "posts", "chat", "new",
    )
)  # fmt: skip
# Refs that the Hub makes itself hold slashes: `refs/pr/1`, `refs/convert/parquet`.
_OWN_REF_SEGMENTS = 3
# What comes between a repository and a ref in the address of a page.
_VIEWS = ("tree", "blob", "resolve", "raw", "commit")


class HuggingFaceSource:
    """Implements `Source` for the Hub."""

    kinds = (SourceKind.HUGGINGFACE_MODEL, SourceKind.HUGGINGFACE_DATASET)

    def parse(self, url: str) -> SourceReference | None:
        """Read `/ORG/NAME`, `/NAME`, `/datasets/...`, each with `/tree/REF[/FOLDER]` or without.

        Raises:
            InvalidUrl: it is another page of the Hub.
        """
        parsed = parse_url(url)
        if parsed.host not in HOSTS:
            return None
        segments = list(parsed.segments)
        kind = SourceKind.HUGGINGFACE_MODEL
        if segments[:1] == ["datasets"]:
            kind = SourceKind.HUGGINGFACE_DATASET
            segments.pop(0)
        if not segments or segments[0] in _OTHER_PAGES:
            raise InvalidUrl(
                "The url names no model or data set of the Hub. It should read like "
                "https://huggingface.co/ORGANISATION/NAME or .../datasets/ORGANISATION/NAME."
            )
        # Old models have no owner in their address: `/gpt2`, `/gpt2/tree/main`.
        length = 1 if len(segments) == 1 or segments[1] in _VIEWS else 2
        repository, rest = check_repository(segments[:length]), segments[length:]
        if rest and (rest[0] not in _VIEWS or len(rest) == 1):
            raise InvalidUrl(f"The url names the page {rest[0]!r}; give that of the repository.")
        ends = 1 + (_OWN_REF_SEGMENTS if rest[1:2] == ["refs"] else 1)
        ref = check_ref("/".join(rest[1:ends]))
        folder = "/".join(rest[ends:]) if rest[:1] == ["tree"] else ""
        name = (folder or repository).rpartition("/")[2]
        return SourceReference(kind, repository, name, url, ref, folder)

    def fetch_snapshot(self, reference: SourceReference, deadline: Deadline) -> Snapshot:
        """Ask the Hub for metadata and file list."""
        return fetch_snapshot(reference, deadline)

    def fetch_contents(
        self, reference: SourceReference, commit: str, files: Sequence[SourceFile]
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file with its bytes."""
        client = hub()
        prefix = "datasets/" if reference.kind == SourceKind.HUGGINGFACE_DATASET else ""
        folder = f"{reference.folder}/" if reference.folder else ""
        for file in files:
            path = quote(folder + file.path)
            url = f"/{prefix}{reference.repository}/resolve/{commit}/{path}"
            yield file, stream(client, url, size_bytes=file.size_bytes, start=file.start)
