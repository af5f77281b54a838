"""GitHub repositories: code, and whatever else they contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl
from artifacts.rules.values import is_commit
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.forms import check_repository, shorten_ref
from artifacts.sources.github.contents import fetch_contents
from artifacts.sources.github.snapshot import fetch_snapshot
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.urls import parse_url

_REPOSITORY_SEGMENTS = 2
# Pages of a ref: of one folder, of one file, of all files, of a commit.
_FOLDER_PAGES = ("tree", "find")
_FILE_PAGES = ("blob", "raw", "blame", "edit", "commits")
_REF_PAGES = ("commit", "archive", "zipball", "tarball")
_ENDINGS = {"archive": (".zip", ".tar.gz"), "commit": (".patch", ".diff")}
# What GitHub's own links write before a branch or a tag: `/raw/refs/heads/main/model.bin`.
_REF_FOLDERS = (["refs", "heads"], ["refs", "tags"])
# Default branches that are usual: what follows one in a URL is a folder, without asking.
_USUAL_BRANCHES = ("main", "master", "HEAD")


class GitHubSource:
    """Implements `Source` for GitHub."""

    kinds = (SourceKind.GITHUB,)

    def parse(self, url: str) -> SourceReference | None:
        """Read `/OWNER/NAME`, with `.git`, and every page of a repository below it.

        A ref may contain slashes, and only GitHub knows where it ends. So everything after `/tree/`
        is kept as the ref, and split when the snapshot is fetched. Pages that show no files, such
        as `/issues`, stand for the repository.

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
        ref, file = _read_page(rest)
        ref = shorten_ref(ref or parsed.ref)
        name = _guess_folder(ref) if rest[:1] == ["tree"] else ""
        return SourceReference(
            SourceKind.GITHUB, full_name, name or repository, url, ref, file=file
        )

    def fetch_snapshot(self, reference: SourceReference, inquiry: Inquiry) -> Snapshot:
        """Fetch metadata and file list from GitHub."""
        return fetch_snapshot(reference, inquiry)

    def fetch_contents(
        self, reference: SourceReference, commit: str, files: Sequence[SourceFile]
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file with its bytes, most of them from one archive."""
        return fetch_contents(reference, commit, files)


def _read_page(segments: list[str]) -> tuple[str, str]:
    """Return what a page of a repository says of a ref, and the file that it shows.

    Raises:
        InvalidUrl: it lacks the ref, or is a file that is attached to a release.
    """
    page, after = "".join(segments[:1]), segments[1:]
    if after[:2] in _REF_FOLDERS and len(after) > len(after[:2]):
        after = after[2:]
    if page == "releases" and after[:1] == ["download"]:
        raise InvalidUrl("The url names a file of a release; give the page of the repository.")
    if page == "releases" and after[:1] == ["tag"]:
        page, after = "commit", after[1:]
    pages = (*_FOLDER_PAGES, *_FILE_PAGES, *_REF_PAGES)
    if page not in pages or segments == ["commits"]:
        return "", ""
    if not after:
        raise InvalidUrl(f"The url names the page {page!r}; give that of the repository.")
    if page in _FOLDER_PAGES:
        return "/".join(after), ""
    if page in _FILE_PAGES:
        return after[0], "/".join(after[1:])
    ref = "/".join(after)
    ending = next((each for each in _ENDINGS.get(page, ()) if ref.endswith(each)), "")
    return ref.removesuffix(ending), ""


def _guess_folder(ref: str) -> str:
    """Return the name of the folder that a URL surely means, "" if it may be part of a branch."""
    first, _, folder = ref.partition("/")
    is_sure = first in _USUAL_BRANCHES or is_commit(first)
    return folder.rpartition("/")[2] if is_sure else ""
