"""What every source provides: references, snapshots and bytes. This module sends no request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from artifacts.enums import Part, SourceKind
from artifacts.rules.digest import Sha256
from artifacts.rules.values import is_commit
from artifacts.sources.inquiry import Inquiry

_IN_ANY_CASE = frozenset((
    SourceKind.HUGGINGFACE_MODEL, SourceKind.HUGGINGFACE_DATASET,
    SourceKind.GITHUB, SourceKind.KAGGLE, SourceKind.COMMIT,
))  # fmt: skip


def make_repository_key(kind: SourceKind, repository: str) -> str:
    """Return the identity of a whole repository, which its other refs and folders begin with.

    Names on the Hub, on GitHub and on Kaggle are compared ignoring case, as those services do; and
    so are those of our own repositories, which the same clients ask for.
    """
    return f"{kind.value}:{repository.lower() if kind in _IN_ANY_CASE else repository}"


@dataclass(frozen=True)
class SourceReference:
    """What a URL refers to, read from the URL alone.

    Attributes:
        repository: the source's own name, such as `openai/whisper-tiny` or `openai/whisper`;
            for a direct file its URL, for an upload its id.
        ref: a branch, tag or commit; "" for the source's default.
        folder: a folder inside the repository, without slashes at its ends; "" for all of it.
        name: the artifact's name when the client gives none: that of the folder or the repository.
        url: the URL as the client wrote it.
        file: the path of the one file that the URL shows, "" for none. The artifact is its
            repository; the path matters only if the ref reaches into it (`blob/feature/x/a.py`).
    """

    kind: SourceKind
    repository: str
    name: str
    url: str
    ref: str = ""
    folder: str = ""
    file: str = ""

    @property
    def key(self) -> str:
        """The identity of the source: two URLs with the same key are the same source."""
        ref = f"@{self.ref}" if self.ref else ""
        folder = f"//{self.folder}" if self.folder else ""
        return f"{make_repository_key(self.kind, self.repository)}{ref}{folder}"

    def settled(
        self, *, repository: str, ref: str, folder: str, default: str, commit: str
    ) -> SourceReference:
        """Return the one reference that all spellings of this source lead to.

        Args:
            repository: as the source itself spells it.
            ref: as the source found it; the default and a shortened commit have other spellings.
            default: the source's default ref.
            commit: the one that the ref names, in full.
        """
        is_short = is_commit(ref) and commit.startswith(ref)
        return replace(
            self,
            repository=repository,
            name=(folder or self.repository).rpartition("/")[2],
            ref="" if ref == default else commit if is_short else ref,
            folder=folder,
            file="",
        )


@dataclass(frozen=True)
class SourceFile:
    """A file as its source lists it.

    Attributes:
        path: relative to the artifact's root, with `/`; safe to join (see `rules.archives.paths`).
        size_bytes: None if the source does not say.
        digest: `sha256:<hex>`, `git:<hex>` (SHA-1 of a git blob), or "" for none.
        fault: what is wrong with its content, as a sentence; "" for nothing that is known yet.
        start: how many of its first bytes an earlier attempt stored, so that they are not fetched
            again. Only set if the source states a SHA-256, which is compared at the end.
        source_path: the file's name at its source, if it is kept under another; else "".
        blob: the bytes, if the bucket had them before the file was listed.
    """

    path: str
    size_bytes: int | None
    digest: str
    part: Part
    start: int = 0
    fault: str = ""
    source_path: str = ""
    blob: Sha256 | None = None

    @property
    def listed_path(self) -> str:
        """The path by which the source knows the file."""
        return self.source_path or self.path


@dataclass(frozen=True)
class Snapshot:
    """What a source gave us at one moment: metadata and file list, no content.

    Attributes:
        reference: the source after its own redirects, with `ref` empty if it is the default;
            its key is the artifact's `source_key`.
        commit: the commit that the files belong to; "" if the source has no commits.
        readme: the card's text, cut at `README_MAX_BYTES`; "" for none.
        license: the stated license; "" for none.
        card: the card's front matter, as data.
        config: config.json, as data; {} for none.
        facts: other statements of the source, such as downloads, likes, description, gated.
        tags: the source's tags, each with its target commit; "" where the source does not say it.
        link_only_reason: why the content cannot be fetched, as a sentence; "" if it can.
    """

    reference: SourceReference
    commit: str
    files: tuple[SourceFile, ...]
    readme: str = ""
    license: str = ""
    card: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    link_only_reason: str = ""

    @property
    def size_bytes(self) -> int | None:
        """The sum of the sizes that the source lists; None if it lists no size."""
        sizes = [file.size_bytes for file in self.files if file.size_bytes is not None]
        return sum(sizes) if sizes or not self.files else None


class Source(Protocol):
    """A place artifacts come from.

    All three methods raise only `RegistryError`s: `InvalidUrl` from `parse`, and from the others
    `SourceUnavailable` (try again), `SourceRefused` (final) or `SourceMismatch`.
    """

    @property
    def kinds(self) -> tuple[SourceKind, ...]:
        """The kinds of reference that this source handles."""
        ...

    def parse(self, url: str) -> SourceReference | None:
        """Read a URL; return None if it does not belong to this source."""
        ...

    def fetch_snapshot(self, reference: SourceReference, inquiry: Inquiry) -> Snapshot:
        """Fetch metadata and file list within the time of the inquiry."""
        ...

    def fetch_contents(
        self, reference: SourceReference, commit: str, files: Sequence[SourceFile]
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file with its bytes from `start` on, in any order.

        The caller must read all bytes of a file before it takes the next. They are not verified
        here: `storage.blobs` compares size and digest while it hashes them. Interrupted transfers
        are resumed.
        """
        ...
