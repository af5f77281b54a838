"""What every source gives: references, snapshots and bytes. No request is made here."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import SourceUnavailable


class Deadline:
    """A moment on the monotonic clock after which a piece of work is given up.

    It also knows how often each source has answered for this work: what is asked for later depends
    on it.
    """

    def __init__(self, seconds: float) -> None:
        """Start counting."""
        self._ends_at = time.monotonic() + seconds
        # Appended to by several threads at once.
        self._answered: list[str] = []

    def note_answer(self, base_url: str) -> None:
        """Count an answer of the source at an address."""
        self._answered.append(base_url)

    def answers_of(self, base_url: str) -> int:
        """Return how often the source at an address has answered, redirects among it."""
        return self._answered.count(base_url)

    @property
    def left_s(self) -> float:
        """Seconds that are left, never below zero."""
        return max(0.0, self._ends_at - time.monotonic())

    def check(self, waiting_for: str) -> None:
        """Stop when the time is over.

        Raises:
            SourceUnavailable: no time is left.
        """
        if not self.left_s:
            raise SourceUnavailable(f"{waiting_for} took too long to answer.")


@dataclass(frozen=True)
class SourceReference:
    """What a URL names, read from the URL alone.

    Attributes:
        repository: the source's own word, as in `openai/whisper-tiny` or `openai/whisper`;
            for a direct file its URL, for an upload its id.
        ref: a branch, tag or commit; "" for the source's default.
        folder: a folder inside the repository, without slashes at its ends; "" for all of it.
        name: the last meaningful part of the URL, the artifact's name when the client gives none.
        url: as the client wrote it.
    """

    kind: SourceKind
    repository: str
    name: str
    url: str
    ref: str = ""
    folder: str = ""

    @property
    def key(self) -> str:
        """The identity of the source: two URLs with one key are one source.

        Hub and GitHub names are compared without regard to case, as those services do.
        """
        repository = self.repository
        if self.kind in (
            SourceKind.HUGGINGFACE_MODEL, SourceKind.HUGGINGFACE_DATASET,
            SourceKind.GITHUB, SourceKind.KAGGLE,
        ):  # fmt: skip
            repository = repository.lower()
        ref = f"@{self.ref}" if self.ref else ""
        folder = f"//{self.folder}" if self.folder else ""
        return f"{self.kind.value}:{repository}{ref}{folder}"


@dataclass(frozen=True)
class SourceFile:
    """A file as its source lists it.

    Attributes:
        path: relative to the artifact's root, with `/`; safe to join (see `rules.archives.paths`).
        size_bytes: None when the source does not say.
        digest: `sha256:<hex>`, `git:<hex>` (SHA-1 of a git blob), or "" for none.
        start: how many of its first bytes are kept from an earlier attempt, and not wanted again.
            Only ever set where the source states a SHA-256, which in the end is compared.
    """

    path: str
    size_bytes: int | None
    digest: str
    part: Part
    start: int = 0


@dataclass(frozen=True)
class Snapshot:
    """What a source gave us at one moment: metadata and file list, no content.

    Attributes:
        reference: the source after its own redirects, with `ref` empty when it is the default;
            its key is the artifact's `source_key`.
        commit: the state that the files belong to; "" where the source has no commits.
        readme: the card's text, cut at `README_MAX_BYTES`; "" for none.
        license: as stated; "" for none stated.
        card: front matter of the card, as data.
        config: config.json, as data; {} for none.
        facts: what else the source says, such as downloads, likes, description, gated.
        tags: names of the source's tags.
        link_only_reason: why the content cannot be fetched, in a sentence; "" when it can.
    """

    reference: SourceReference
    commit: str
    files: tuple[SourceFile, ...]
    readme: str = ""
    license: str = ""
    card: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    link_only_reason: str = ""

    @property
    def size_bytes(self) -> int | None:
        """Sum of the sizes that the source lists; None when it lists none at all."""
        sizes = [file.size_bytes for file in self.files if file.size_bytes is not None]
        return sum(sizes) if sizes or not self.files else None


class Source(Protocol):
    """A place artifacts come from.

    All three methods raise only `RegistryError`s: `InvalidUrl` from `parse`, and from the others
    `SourceUnavailable` (try again), `SourceRefused` (final) or `SourceMismatch`.
    """

    @property
    def kinds(self) -> tuple[SourceKind, ...]:
        """The kinds of reference that are this source's."""
        ...

    def parse(self, url: str) -> SourceReference | None:
        """Read a URL; None when it is none of this source's."""
        ...

    def fetch_snapshot(self, reference: SourceReference, deadline: Deadline) -> Snapshot:
        """Ask the source for metadata and file list, within the deadline."""
        ...

    def fetch_contents(
        self, reference: SourceReference, commit: str, files: Sequence[SourceFile]
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each of the files with its bytes from `start` on, in any order.

        The bytes of one file must be read before the next is asked for. They are not verified here:
        `storage.blobs` compares them with size and digest while it hashes them. Interrupted
        transfers are resumed.
        """
        ...
