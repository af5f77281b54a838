"""GitHub repositories: code, and whatever else is kept there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl
from artifacts.sources.base import Deadline, Snapshot, SourceFile, SourceReference
from artifacts.sources.forms import check_repository
from artifacts.sources.github.contents import fetch_contents
from artifacts.sources.github.snapshot import fetch_snapshot
from artifacts.sources.urls import parse_url

_REPOSITORY_SEGMENTS = 2


class GitHubSource:
    """Implements `Source` for GitHub."""

    kinds = (SourceKind.GITHUB,)

    def parse(self, url: str) -> SourceReference | None:
        """Read `/OWNER/NAME`, with `.git`, `/tree/REF`, `/tree/REF/FOLDER` or `/blob/REF/...`.

        A ref may hold slashes, and only GitHub knows where it ends: what follows `/tree/` is kept
        as the ref, and divided when the snapshot is fetched.

        Raises:
            InvalidUrl: it is another page of GitHub.
        """
        parsed = parse_url(url)
        if parsed.host != "github.com":
            return None
        segments = list(parsed.segments)
        if len(segments) < _REPOSITORY_SEGMENTS:
            raise InvalidUrl(
                "The url names no repository. It should read like https://github.com/OWNER/NAME."
            )
        owner, repository, *rest = segments
        repository = repository.removesuffix(".git")
        if not repository:
            raise InvalidUrl("The url names no repository, only its owner.")
        full_name = check_repository((owner, repository))
        if rest and (rest[0] not in ("tree", "blob", "commit") or len(rest) == 1):
            raise InvalidUrl(f"The url names the page {rest[0]!r}; give that of the repository.")
        ref = "/".join(rest[1:]) if rest[:1] == ["tree"] else "".join(rest[1:2])
        name = rest[-1] if rest[:1] == ["tree"] and len(rest) > _REPOSITORY_SEGMENTS else repository
        return SourceReference(SourceKind.GITHUB, full_name, name, url, ref)

    def fetch_snapshot(self, reference: SourceReference, deadline: Deadline) -> Snapshot:
        """Ask GitHub for metadata and file list."""
        return fetch_snapshot(reference, deadline)

    def fetch_contents(
        self, reference: SourceReference, commit: str, files: Sequence[SourceFile]
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file with its bytes, most of them out of one archive."""
        return fetch_contents(reference, commit, files)
