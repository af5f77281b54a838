"""GitHub's graph: facts and review history of a repository in few questions.

Source: GitHub GraphQL API, Repository, Commit.associatedPullRequests, PullRequest.reviews.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from artifacts.exceptions import SourceAbsent, SourceUnavailable
from artifacts.rules.rating.evidence import ReviewFacts
from artifacts.rules.values import count_of, list_of
from artifacts.sources.base import Deadline
from artifacts.sources.cache import Question, ask
from artifacts.sources.github.client import github, graph_path
from artifacts.sources.http import Answer

# Two pages of a hundred commits are what a rating looks at: the newest work says most.
_PAGES_MAX = 2
# One commit that drops in a vendored or generated tree must not outweigh all others: the graph
# tells additions by commit, not by file.
ADDITIONS_COUNTED_MAX = 2_000
_QUERY = """
query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    nameWithOwner url stargazerCount forkCount isArchived pushedAt
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


def read_reviews(repository: str, first: Mapping[str, Any], deadline: Deadline) -> ReviewFacts:
    """Return the review coverage, going on from the first page of commits.

    Raises:
        SourceUnavailable: GitHub does not answer, limits our rate, or in another form.
    """
    history = _history(first)
    commits = list(list_of(history.get("nodes")))
    after = _next(history)
    for _ in range(_PAGES_MAX - 1):
        if after is None:
            break
        answer = ask(github(), ask_graph(repository, after), deadline)
        history = _history(read_graph(repository, answer))
        commits += list_of(history.get("nodes"))
        after = _next(history)
    return review_facts(commits, is_sample=after is not None)


def review_facts(commits: list[Any], *, is_sample: bool) -> ReviewFacts:
    """Count commits and lines, and those of them that somebody else approved."""
    counted = [each for each in commits if isinstance(each, dict) and not _is_left_out(each)]
    lines = [min(count_of(each.get("additions")) or 0, ADDITIONS_COUNTED_MAX) for each in counted]
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
    """Return what the graph says about a repository.

    Raises:
        SourceAbsent: there is no such repository.
        SourceUnavailable: the rate limit is spent, or the answer has another form.
    """
    data = answer.json()
    errors = data.get("errors") if isinstance(data, dict) else None
    kinds = {each.get("type") for each in list_of(errors) if isinstance(each, dict)}
    if "NOT_FOUND" in kinds:
        raise SourceAbsent(f"GitHub says that {repository} does not exist or is private.")
    if "RATE_LIMITED" in kinds:
        raise SourceUnavailable("GitHub's rate limit is spent. Try again later.")
    found = _dig(data, "data", "repository")
    if errors or not isinstance(found, dict):
        raise SourceUnavailable("GitHub's graph answered in another form than documented.")
    return found


def _history(repository: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page of commits; an empty repository has none."""
    found = _dig(repository, "defaultBranchRef", "target", "history")
    return found if isinstance(found, dict) else {}


def _next(history: Mapping[str, Any]) -> str | None:
    """Return where the next page begins, None after the last."""
    cursor = _dig(history, "pageInfo", "endCursor")
    has_next = _dig(history, "pageInfo", "hasNextPage") is True
    return cursor if has_next and isinstance(cursor, str) else None


def _is_left_out(commit: Mapping[str, Any]) -> bool:
    """Whether a commit is a merge, or a bot's."""
    name = str(_dig(commit, "author", "user", "login") or _dig(commit, "author", "name") or "")
    return (count_of(_dig(commit, "parents", "totalCount")) or 0) > 1 or name.endswith("[bot]")


def _is_reviewed(commit: Mapping[str, Any]) -> bool:
    """Whether it came through a merged pull request that somebody else than its author approved.

    `reviewDecision` is no help: it is null where no rule of the repository asks for reviews.
    """
    pulls = (each for each in _nodes(commit, "associatedPullRequests") if each.get("merged"))
    return any(
        (reviewer := _dig(review, "author", "login")) and reviewer != _dig(pull, "author", "login")
        for pull in pulls
        for review in _nodes(pull, "reviews")
    )


def _nodes(data: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a connection."""
    return (each for each in list_of(_dig(data, name, "nodes")) if isinstance(each, dict))


def _dig(data: Any, *path: str) -> Any:
    """Return a value deep inside, None when something on the way is missing."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data
