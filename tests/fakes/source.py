"""A source that says what it is told to say. It passes the protocol test of the real ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceError
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.huggingface.client import hub
from artifacts.sources.inquiry import Inquiry

CHUNK_BYTES = 10


class FakeSource:
    """Implements `Source`.

    `snapshot` and `contents` can be changed at any time; `answers` is how many requests a snapshot
    is said to have cost the Hub; `error` makes the snapshot fail,
    `contents_error` the content. `asked` counts the snapshots, `fetched` has the paths of the files
    that were asked for, and from which byte on.
    """

    kinds: tuple[SourceKind, ...] = (SourceKind.HUGGINGFACE_MODEL,)

    def __init__(self, snapshot: Snapshot, contents: Mapping[str, bytes]) -> None:
        self.snapshot = snapshot
        self.contents: Mapping[str, bytes] = contents
        self.error: SourceError | None = None
        self.contents_error: SourceError | None = None
        self.asked = 0
        self.answers = 5
        self.fetched: list[tuple[str, int]] = []

    def parse(self, url: str) -> SourceReference | None:
        reference = self.snapshot.reference
        return replace(reference, url=url) if url == reference.url else None

    def fetch_snapshot(self, reference: SourceReference, inquiry: Inquiry) -> Snapshot:
        self.asked += 1
        inquiry.check_time("The fake source")
        if self.error is not None:
            raise self.error
        for _ in range(self.answers):
            inquiry.note_answer(hub().base_url)
        return self.snapshot

    def fetch_contents(
        self, reference: SourceReference, commit: str, files: Sequence[SourceFile]
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        if self.contents_error is not None:
            raise self.contents_error
        for file in files:
            if file.path in self.contents:
                self.fetched.append((file.path, file.start))
                data = self.contents[file.path][file.start :]
                yield file, (data[n : n + CHUNK_BYTES] for n in range(0, len(data), CHUNK_BYTES))
