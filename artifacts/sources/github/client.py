"""One function per endpoint of GitHub that is asked.

Source: GitHub REST API documentation, version 2022-11-28: "Get a repository", "Get a commit", "Get
a tree", "Get a repository README", "Get repository content", "List repository tags", "Get a blob",
"Download a repository archive".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings

from artifacts.exceptions import SourceAbsent, SourceRefused, SourceUnavailable
from artifacts.limits import README_MAX_BYTES
from artifacts.sources.base import Deadline
from artifacts.sources.cache import Question
from artifacts.sources.forms import stated_commit, stated_repository, stated_tags
from artifacts.sources.http import Answer, Client
from artifacts.sources.transfers import stream

_EMPTY, _ABSENT = 204, 404
_JSON = "application/vnd.github+json"
_RAW = "application/vnd.github.raw+json"
_SHA = "application/vnd.github.sha"
# What GitHub answers for a ref that it does not know.
_NO_SUCH_REF = (404, 409, 422)
_SHA_MAX_BYTES = 1_000


def github() -> Client:
    """Return the client of the GitHub that the settings name."""
    headers = {"X-GitHub-Api-Version": "2022-11-28"}
    return Client(settings.GITHUB_API_URL, settings.GITHUB_TOKEN, headers)


def get_repository(repository: str, deadline: Deadline) -> dict[str, Any]:
    """Return what GitHub says about a repository; a renamed one answers under its new name.

    Raises:
        SourceRefused: there is no such repository, or it is private.
    """
    path = f"/repos/{quote(repository)}"
    answer = github().get(path, deadline=deadline, accept=_JSON, also=(_ABSENT, 451))
    if answer.status == _ABSENT:
        raise SourceAbsent(f"GitHub says that {repository} does not exist or is private.")
    if answer.status == 451:  # noqa: PLR2004  (RFC 7725)
        raise SourceRefused(f"GitHub has blocked {repository} for legal reasons.")
    facts = answer.json()
    if not isinstance(facts, dict):
        raise SourceUnavailable("GitHub's answer has another form than documented.")
    stated_repository(facts.get("full_name"), "GitHub")
    return facts


def find_commit(repository: str, ref: str, deadline: Deadline) -> str | None:
    """Return the commit that a branch, tag or hash names, None when it names none."""
    path = f"/repos/{quote(repository)}/commits/{quote(ref)}"
    answer = github().get(
        path, deadline=deadline, accept=_SHA, max_bytes=_SHA_MAX_BYTES, also=_NO_SUCH_REF, cut=True
    )
    if answer.status in _NO_SUCH_REF:
        return None
    return stated_commit(answer.text().strip(), "GitHub")


def get_tree(repository: str, commit: str, deadline: Deadline) -> dict[str, Any]:
    """Return all files of a commit: `{"tree": [...], "truncated": bool}`."""
    return read_tree(
        github().get(ask_tree(repository, commit).path, deadline=deadline, accept=_JSON)
    )


def get_readme(repository: str, commit: str, folder: str, deadline: Deadline) -> str:
    """Return a folder's README, or else the repository's; "" when there is none."""
    page = f"contents/{quote(folder)}/README.md" if folder else "readme"
    path = f"/repos/{quote(repository)}/{page}?ref={commit}"
    answer = github().get(
        path, deadline=deadline, accept=_RAW, max_bytes=README_MAX_BYTES, also=(_ABSENT,), cut=True
    )
    if answer.status != _ABSENT:
        return answer.text()
    return get_readme(repository, commit, "", deadline) if folder else ""


def list_tags(repository: str, deadline: Deadline) -> tuple[str, ...]:
    """Return the names of the newest hundred tags."""
    path = f"/repos/{quote(repository)}/tags?per_page=100"
    answer = github().get(path, deadline=deadline, accept=_JSON, also=(_ABSENT,))
    return stated_tags(answer.json()) if answer.status != _ABSENT else ()


def ask_tree(repository: str, ref: str) -> Question:
    """Return the question for all files of a branch, tag or commit."""
    path = f"/repos/{quote(repository)}/git/trees/{quote(ref, safe='')}?recursive=1"
    return Question(path, accept=_JSON)


def ask_contributors(repository: str) -> Question:
    """Return the question for the hundred busiest contributors."""
    path = f"/repos/{quote(repository)}/contributors?per_page=100&anon=1"
    return Question(path, accept=_JSON, also=(_EMPTY, _ABSENT))


def read_tree(answer: Answer) -> dict[str, Any]:
    """Return `{"tree": [...], "truncated": bool}`.

    Raises:
        SourceUnavailable: the answer has another form.
    """
    tree = answer.json()
    if not isinstance(tree, dict) or not isinstance(tree.get("tree"), list):
        raise SourceUnavailable("GitHub's file list has another form than documented.")
    return tree


def read_contributors(answer: Answer) -> tuple[int, ...]:
    """Return the commits of each contributor, most first, without bots.

    Raises:
        SourceUnavailable: the answer has another form.
    """
    if answer.status in (_EMPTY, _ABSENT) or not answer.body:
        return ()
    listed = answer.json()
    if not isinstance(listed, list):
        raise SourceUnavailable("GitHub's list of contributors has another form than documented.")
    people = (each for each in listed if isinstance(each, dict) and not _is_bot(each))
    counts = (each.get("contributions") for each in people)
    return tuple(sorted((n for n in counts if type(n) is int and n > 0), reverse=True))


def graph_path() -> str:
    """Return where GraphQL is asked: `/graphql`, or beside `/v3` on an Enterprise server."""
    base = str(settings.GITHUB_API_URL)
    if base.endswith("/api/v3"):
        return f"{base.removesuffix('/v3')}/graphql"
    return f"{base}/graphql"


def _is_bot(person: dict[str, Any]) -> bool:
    """Whether a contributor is a program."""
    name = str(person.get("login") or person.get("name") or "")
    return person.get("type") == "Bot" or name.endswith("[bot]")


def stream_archive(repository: str, commit: str) -> Iterator[bytes]:
    """Yield a commit as a gzipped tar archive."""
    return stream(github(), f"/repos/{quote(repository)}/tarball/{commit}", accept=_JSON)


def stream_blob(repository: str, sha: str, size_bytes: int | None) -> Iterator[bytes]:
    """Yield one file's bytes; GitHub gives files of up to 100 MB this way."""
    url = f"/repos/{quote(repository)}/git/blobs/{sha}"
    return stream(github(), url, size_bytes=size_bytes, accept=_RAW)
