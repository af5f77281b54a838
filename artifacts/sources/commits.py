"""What is made here by commits: its bytes are in the bucket before it is registered."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Any

from artifacts.enums import SourceKind
from artifacts.exceptions import BlobsMissing, InvalidUrl, ObjectMissing, SourceRefused
from artifacts.limits import CHUNK_BYTES
from artifacts.rules.budget import judging
from artifacts.rules.digest import Algorithm, Digest, Sha256, find_sha256
from artifacts.rules.findings import Finding
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.folders import Folder
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.kept_files import read_kept_files
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store, is_there

_SCHEME = "commit://"


@dataclass(frozen=True)
class CommittedFile:
    """A file of a repository after a commit.

    Attributes:
        content: its bytes, if the commit brought them; None if they have to be read.
        finding: what is known of it from the revision before; None if it is new.
    """

    path: str
    sha256: Sha256
    size_bytes: int
    content: bytes | None = None
    finding: Finding | None = None


class CommitSource:
    """Implements `Source` for repositories that clients write. There is nobody to ask again."""

    kinds = (SourceKind.COMMIT,)

    def parse(self, url: str) -> SourceReference | None:
        """Refuse to register such a URL.

        Raises:
            InvalidUrl: a commit makes such an artifact, and no other way does.
        """
        if not url.startswith(_SCHEME):
            return None
        raise InvalidUrl(
            "This url names a repository of this registry. Change it by commits, as `hf upload` "
            "makes them."
        )

    def fetch_snapshot(self, reference: SourceReference, inquiry: Inquiry) -> Snapshot:  # noqa: ARG002  (the protocol's)
        """Refuse: only a commit says what is in it (`read_commit_files`).

        Raises:
            SourceRefused: always.
        """
        raise SourceRefused(f"{reference.repository} is changed by commits only.")

    def fetch_contents(
        self,
        reference: SourceReference,  # noqa: ARG002  (the protocol's)
        commit: str,  # noqa: ARG002  (likewise)
        files: Sequence[SourceFile],
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield what the bucket has: the bytes were there first, and nobody else has them.

        A rebuild that meets a commit under way finds its record, and not yet the rows of its blobs.
        """
        for file in files:
            sha256 = find_sha256(file.digest)
            if sha256 is not None and is_there(blob_key(sha256)):
                yield file, _read(sha256, file.start)


def refer_to(repo_id: str, name: str) -> SourceReference:
    """Return the reference of a repository of this registry.

    Args:
        repo_id: with its owner, as in `registry.ursula/robot`. Its case does not count.
    """
    url = f"{_SCHEME}{repo_id}"
    return SourceReference(SourceKind.COMMIT, repo_id, name=name, url=url)


def read_commit_files(
    reference: SourceReference,
    files: Sequence[CommittedFile],
    facts: dict[str, Any],
    inquiry: Inquiry,
) -> Snapshot:
    """Return the snapshot that a commit makes.

    Args:
        facts: what is known of the commit itself.

    Raises:
        SourceUnavailable: reading the files takes longer than a request may.
        BlobsMissing: the bucket has lost one that must be read.
    """
    by_path = {each.path: each for each in files}

    def opener(path: str) -> AbstractContextManager[IO[bytes]]:
        file = by_path[path]
        if file.content is not None:
            return io.BytesIO(file.content)
        try:
            return get_store().open(blob_key(file.sha256))
        except ObjectMissing as error:
            raise BlobsMissing([file.sha256]) from error

    known = {each.path: each.finding for each in files if each.finding is not None}
    with judging():
        found = read_kept_files(
            Folder({each.path: each.size_bytes for each in files}, opener), inquiry, known
        )
    return Snapshot(
        reference=reference,
        commit="",
        files=tuple(_listed(each, found.findings[each.path]) for each in files),
        readme=found.said.readme,
        license=found.license,
        card=found.said.card,
        config=found.said.config,
        facts=found.facts | facts,
    )


def _read(sha256: Sha256, start: int) -> Iterator[bytes]:
    """Yield the bytes of a blob from `start` on."""
    with get_store().open(blob_key(sha256)) as opened:
        opened.seek(start)
        while chunk := opened.read(CHUNK_BYTES):
            yield chunk


def _listed(file: CommittedFile, finding: Finding) -> SourceFile:
    """Return a file as a source lists it."""
    return SourceFile(
        file.path,
        file.size_bytes,
        str(Digest(Algorithm.SHA256, file.sha256)),
        finding.part,
        fault=finding.fault,
        blob=file.sha256,
    )
