"""One function for each endpoint of GitHub that we use.

Source: GitHub REST API documentation, version 2022-11-28: "Get a repository", "Get a commit", "Get
a tree", "Get a repository README", "Get repository content", "List repository tags", "List
matching references", "Get a blob", "Download a repository archive".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings

from artifacts.exceptions import SourceAbsent, SourceRefused, SourceUnavailable
from artifacts.limits import TEXT_FILE_MAX_BYTES
from artifacts.rules.contributors import Contributor, list_people
from artifacts.rules.values import is_commit, read_count, read_list, read_text
from artifacts.sources.cache import Question, remember
from artifacts.sources.forms import (
    shorten_ref,
    stated_commit,
    stated_repository,
    stated_tags,
)
from artifacts.sources.http import Answer, Client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.transfers import stream

_EMPTY, _ABSENT, _CONFLICT = 204, 404, 409
# Unavailable for legal reasons (RFC 7725).
_BLOCKED = 451
# SHA-1; repositories of SHA-256 have more.
COMMIT_CHARS = 40
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


def get_repository(repository: str, inquiry: Inquiry) -> dict[str, Any]:
    """Return GitHub's description of a repository; for a renamed one, under its new name.

    Raises:
        SourceRefused: there is no such repository, or it is private.
    """
    question = ask_repository(repository)
    answer = github().get(
        question.path, inquiry=inquiry, accept=question.accept, also=question.also
    )
    facts = read_repository(repository, answer)
    remember(github(), ask_repository(facts["full_name"]), answer, inquiry)
    return facts


def ask_repository(repository: str) -> Question:
    """Return the question for GitHub's description of a repository."""
    return Question(f"/repos/{quote(repository)}", accept=_JSON, also=(_ABSENT, _BLOCKED))


def read_repository(repository: str, answer: Answer) -> dict[str, Any]:
    """Return the description in such an answer.

    Raises:
        SourceRefused: there is no such repository, or it is private.
        SourceUnavailable: the answer has another form.
    """
    if answer.status == _ABSENT:
        raise SourceAbsent(f"GitHub says that {repository} does not exist or is private.")
    if answer.status == _BLOCKED:
        raise SourceRefused(f"GitHub has blocked {repository} for legal reasons.")
    facts = answer.json()
    if not isinstance(facts, dict):
        raise SourceUnavailable("GitHub's answer has another form than documented.")
    stated_repository(facts.get("full_name"), "GitHub")
    return facts


def find_commit(repository: str, ref: str, inquiry: Inquiry) -> str | None:
    """Return the commit that a branch, tag or hash names, None if there is no such commit."""
    path = f"/repos/{quote(repository)}/commits/{quote(ref)}"
    answer = github().get(
        path, inquiry=inquiry, accept=_SHA, max_bytes=_SHA_MAX_BYTES, also=_NO_SUCH_REF, cut=True
    )
    if answer.status in _NO_SUCH_REF:
        return None
    return stated_commit(answer.text().strip(), "GitHub")


def get_tree(repository: str, commit: str, inquiry: Inquiry) -> dict[str, Any]:
    """Return all files of a commit: `{"tree": [...], "truncated": bool}`."""
    question = ask_tree(repository, commit)
    answer = github().get(question.path, inquiry=inquiry, accept=question.accept)
    remember(github(), question, answer, inquiry)
    return read_tree(answer)


def get_readme(repository: str, commit: str, inquiry: Inquiry) -> Answer:
    """Return the README that GitHub shows; its status may be 404."""
    return _get_raw(f"/repos/{quote(repository)}/readme?ref={commit}", inquiry)


def get_file(repository: str, commit: str, path: str, inquiry: Inquiry) -> Answer:
    """Return a small file, cut at `TEXT_FILE_MAX_BYTES`; its status may be 404."""
    return _get_raw(f"/repos/{quote(repository)}/contents/{quote(path)}?ref={commit}", inquiry)


def _get_raw(path: str, inquiry: Inquiry) -> Answer:
    """Return the bytes of a file."""
    return github().get(
        path, inquiry=inquiry, accept=_RAW, max_bytes=TEXT_FILE_MAX_BYTES, also=(_ABSENT,), cut=True
    )


def list_tags(repository: str, inquiry: Inquiry) -> dict[str, str]:
    """Return the hundred newest tags, each with its target commit."""
    path = f"/repos/{quote(repository)}/tags?per_page=100"
    answer = github().get(path, inquiry=inquiry, accept=_JSON, also=(_ABSENT,))
    listed = answer.json() if answer.status != _ABSENT else []
    return stated_tags(listed, lambda tag: _read_commit(tag.get("commit")))


def list_branches(repository: str, start: str, inquiry: Inquiry) -> dict[str, str]:
    """Return the branches whose names begin so, with their commits; none if GitHub lists none."""
    path = f"/repos/{quote(repository)}/git/matching-refs/heads/{quote(start)}"
    answer = github().get(path, inquiry=inquiry, accept=_JSON, also=(_ABSENT, _CONFLICT))
    listed = answer.json() if answer.status not in (_ABSENT, _CONFLICT) else []
    return {
        shorten_ref(read_text(each.get("ref"))): _read_commit(each.get("object"))
        for each in read_list(listed)
        if isinstance(each, dict)
    }


def _read_commit(stated: object) -> str:
    """Return the hash in GitHub's description of a commit, "" if there is none."""
    sha = read_text(stated.get("sha")) if isinstance(stated, dict) else ""
    return sha if is_commit(sha) else ""


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
    """Return the number of commits of each person, most first, without bots.

    Raises:
        SourceUnavailable: the answer has another form.
    """
    if answer.status in (_EMPTY, _ABSENT) or not answer.body:
        return ()
    listed = answer.json()
    if not isinstance(listed, list):
        raise SourceUnavailable("GitHub's list of contributors has another form than documented.")
    entries = (_contributor(each) for each in listed if isinstance(each, dict))
    return tuple(person.commits for person in list_people(entries))


def graph_path() -> str:
    """Return the path of GraphQL: `/graphql`, or beside `/v3` on an Enterprise server."""
    base = str(settings.GITHUB_API_URL)
    if base.endswith("/api/v3"):
        return f"{base.removesuffix('/v3')}/graphql"
    return f"{base}/graphql"


def _contributor(entry: dict[str, Any]) -> Contributor:
    """Return an entry of the list; one without an account has a name and an address."""
    return Contributor(
        read_count(entry.get("contributions")) or 0,
        login=read_text(entry.get("login")),
        name=read_text(entry.get("name")),
        email=read_text(entry.get("email")),
        is_marked_bot=entry.get("type") == "Bot",
    )


def stream_archive(repository: str, commit: str) -> Iterator[bytes]:
    """Yield a commit as a gzipped tar archive."""
    return stream(github(), f"/repos/{quote(repository)}/tarball/{commit}", accept=_JSON)


def stream_blob(repository: str, sha: str, size_bytes: int | None) -> Iterator[bytes]:
    """Yield one file's bytes; GitHub sends files of up to 100 MB this way."""
    url = f"/repos/{quote(repository)}/git/blobs/{sha}"
    return stream(github(), url, size_bytes=size_bytes, accept=_RAW)
