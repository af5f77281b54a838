"""GitHub's GraphQL API: a repository's facts and review history in few requests.

Source: GitHub GraphQL API, Repository, Commit.associatedPullRequests, PullRequest.reviews.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from artifacts.exceptions import SourceAbsent, SourceUnavailable
from artifacts.rules.contributors import is_bot, is_by_another
from artifacts.rules.rating.evidence import ReviewFacts
from artifacts.rules.values import read_count, read_list, read_text
from artifacts.sources.cache import Question, ask
from artifacts.sources.github.budget import count_left
from artifacts.sources.github.client import github, graph_path
from artifacts.sources.http import Answer
from artifacts.sources.inquiry import Inquiry

# A rating examines two pages of a hundred commits, since the newest work says most.
_PAGES_MAX = 2
# One commit that adds a vendored or generated tree must not outweigh all others; the graph counts
# additions per commit, not per file.
ADDITIONS_COUNTED_MAX = 2_000
_QUERY = """
query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    nameWithOwner url stargazerCount forkCount isArchived createdAt pushedAt
    owner { __typename }
    licenseInfo { spdxId }
    languages(first: 20) { edges { size node { name } } }
    releases { totalCount }
    issues(states: [OPEN]) { totalCount }
    defaultBranchRef { name target { ... on Commit { oid history(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        additions parents { totalCount } author { name user { login } }
        associatedPullRequests(first: 1) { nodes {
          merged author { login }
          reviews(first: 10, states: [APPROVED]) { nodes { author { login } } }
        } }
      }
    } } } }
  }
}
"""


def ask_graph(repository: str, after: str | None = None) -> Question:
    """Return the question for facts and a hundred commits, the newest or those after a cursor."""
    owner, _, name = repository.partition("/")
    variables = {"owner": owner, "name": name, "after": after}
    content = json.dumps({"query": _QUERY, "variables": variables}).encode()
    return Question(graph_path(), content=content)


def read_reviews(repository: str, first: Mapping[str, Any], inquiry: Inquiry) -> ReviewFacts:
    """Return the review coverage, continuing after the first page of commits.

    Raises:
        SourceUnavailable: GitHub does not answer, limits our rate, or answers in another form.
    """
    history = _history(first)
    commits = list(read_list(history.get("nodes")))
    after = _next(history)
    is_cut = False
    for _ in range(_PAGES_MAX - 1):
        if after is None:
            break
        if not count_left(inquiry):
            is_cut = not inquiry.is_patient
            break
        answer = ask(github(), ask_graph(repository, after), inquiry)
        history = _history(read_graph(repository, answer))
        commits += read_list(history.get("nodes"))
        after = _next(history)
    found = review_facts(commits, is_sample=after is not None)
    return replace(found, is_to_be_asked=is_cut)


def review_facts(commits: list[Any], *, is_sample: bool) -> ReviewFacts:
    """Count commits and lines, and those that somebody other than the author approved."""
    counted = [each for each in commits if isinstance(each, dict) and not _is_left_out(each)]
    lines = [min(read_count(each.get("additions")) or 0, ADDITIONS_COUNTED_MAX) for each in counted]
    reviewed = [_is_reviewed(each) for each in counted]
    return ReviewFacts(
        commits=len(counted),
        reviewed_commits=sum(reviewed),
        additions=sum(lines),
        reviewed_additions=sum(n for n, approved in zip(lines, reviewed, strict=True) if approved),
        method=f"the newest {len(counted)} commits, at most {ADDITIONS_COUNTED_MAX} lines of each",
        is_sample=is_sample,
    )


def read_graph(repository: str, answer: Answer) -> dict[str, Any]:
    """Return the graph's description of a repository.

    Raises:
        SourceAbsent: there is no such repository.
        SourceUnavailable: the rate limit is spent, or the answer has another form.
    """
    data = answer.json()
    errors = data.get("errors") if isinstance(data, dict) else None
    kinds = {each.get("type") for each in read_list(errors) if isinstance(each, dict)}
    if "NOT_FOUND" in kinds:
        raise SourceAbsent(f"GitHub says that {repository} does not exist or is private.")
    if "RATE_LIMITED" in kinds:
        raise SourceUnavailable("GitHub's rate limit is spent. Try again later.")
    found = _dig(data, "data", "repository")
    if errors or not isinstance(found, dict):
        raise SourceUnavailable("GitHub's graph answered in another form than documented.")
    return found


def read_commit(repository: Mapping[str, Any]) -> str:
    """Return the newest commit of the default branch, "" for an empty repository."""
    return read_text(_dig(repository, "defaultBranchRef", "target", "oid"))


def _history(repository: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page of commits; an empty repository has none."""
    found = _dig(repository, "defaultBranchRef", "target", "history")
    return found if isinstance(found, dict) else {}


def _next(history: Mapping[str, Any]) -> str | None:
    """Return the cursor of the next page, None after the last."""
    cursor = _dig(history, "pageInfo", "endCursor")
    has_next = _dig(history, "pageInfo", "hasNextPage") is True
    return cursor if has_next and isinstance(cursor, str) else None


def _is_left_out(commit: Mapping[str, Any]) -> bool:
    """Whether a commit is a merge, or a bot's."""
    names = (_dig(commit, "author", "user", "login"), _dig(commit, "author", "name"))
    is_merge = (read_count(_dig(commit, "parents", "totalCount")) or 0) > 1
    return is_merge or any(is_bot(read_text(name)) for name in names)


def _is_reviewed(commit: Mapping[str, Any]) -> bool:
    """Whether it came by a merged pull request that somebody other than its author approved.

    `reviewDecision` does not help: it is null if no rule of the repository requires reviews.
    """
    pulls = (each for each in _nodes(commit, "associatedPullRequests") if each.get("merged"))
    return any(
        is_by_another(_dig(review, "author", "login"), _dig(pull, "author", "login"))
        for pull in pulls
        for review in _nodes(pull, "reviews")
    )


def _nodes(data: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a connection."""
    return (each for each in read_list(_dig(data, name, "nodes")) if isinstance(each, dict))


def _dig(data: Any, *path: str) -> Any:
    """Return a nested value, None if any step of the path is missing."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data
