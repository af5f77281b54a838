"""From GitHub's answers to the facts about a code repository."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings

from artifacts.exceptions import SourceError, SourceTooLarge
from artifacts.rules.parts import part_of
from artifacts.rules.rating.evidence import CodeFacts, FileFacts, Missing
from artifacts.rules.values import count_of, text_of
from artifacts.sources.base import Deadline
from artifacts.sources.cache import ask_all
from artifacts.sources.forms import named
from artifacts.sources.github import client
from artifacts.sources.github.graph import ask_graph, read_graph, read_reviews
from artifacts.sources.github.reviews import fetch_sample
from artifacts.sources.http import Answer


def fetch_code_facts(repository: str, *, found_by: str, deadline: Deadline) -> CodeFacts:
    """Ask GitHub about a repository: four requests with a token, up to nine without one.

    What fails while the rest succeeds becomes `Missing` in its field.

    Raises:
        SourceRefused: there is no such repository.
        SourceUnavailable: GitHub does not answer now, or its rate limit is spent.
    """
    if settings.GITHUB_TOKEN:
        return _by_graph(repository, found_by, deadline)
    return _by_rest(repository, found_by, deadline)


def _by_graph(repository: str, found_by: str, deadline: Deadline) -> CodeFacts:
    """Ask the graph for facts and reviews, beside the two lists that it has not."""
    graph, tree, contributors = ask_all(
        client.github(),
        (
            ask_graph(repository),
            client.ask_tree(repository, "HEAD"),
            client.ask_contributors(repository),
        ),
        deadline,
    )
    if isinstance(graph, SourceError):
        raise graph
    facts = read_graph(repository, graph)
    edges = (facts.get("languages") or {}).get("edges") or ()
    return CodeFacts(
        repository=named(facts.get("nameWithOwner"), repository),
        url=text_of(facts.get("url")) or f"https://github.com/{repository}",
        found_by=found_by,
        license=text_of((facts.get("licenseInfo") or {}).get("spdxId")),
        contributors=_read(client.read_contributors, contributors),
        files=_read(_files, tree),
        languages={
            each["node"]["name"]: each["size"]
            for each in edges
            if isinstance(each, dict) and isinstance(each.get("node"), dict)
        },
        releases=count_of((facts.get("releases") or {}).get("totalCount")),
        stars=count_of(facts.get("stargazerCount")),
        forks=count_of(facts.get("forkCount")),
        open_issues=count_of((facts.get("issues") or {}).get("totalCount")),
        is_archived=facts.get("isArchived") is True,
        pushed_at=text_of(facts.get("pushedAt")),
        reviews=_or_missing(partial(read_reviews, repository, facts, deadline)),
    )


def _by_rest(repository: str, found_by: str, deadline: Deadline) -> CodeFacts:
    """Ask the REST interface, which samples reviews: sixty requests an hour are all there are."""
    facts = client.get_repository(repository, deadline)
    name, branch = facts["full_name"], str(facts.get("default_branch") or "HEAD")
    tree, contributors = ask_all(
        client.github(),
        (client.ask_tree(name, branch), client.ask_contributors(name)),
        deadline,
    )
    stated = facts.get("license")
    language = facts.get("language")
    return CodeFacts(
        repository=name,
        url=f"https://github.com/{name}",
        found_by=found_by,
        license=text_of(stated.get("spdx_id")) if isinstance(stated, dict) else "",
        contributors=_read(client.read_contributors, contributors),
        files=_read(_files, tree),
        languages={language: 1} if isinstance(language, str) else {},
        stars=count_of(facts.get("stargazers_count")),
        forks=count_of(facts.get("forks_count")),
        open_issues=count_of(facts.get("open_issues_count")),
        is_archived=facts.get("archived") is True,
        pushed_at=text_of(facts.get("pushed_at")),
        reviews=_or_missing(partial(fetch_sample, name, deadline)),
    )


def _files(answer: Answer) -> tuple[FileFacts, ...]:
    """Return the files of a tree; a very large repository lists its first hundred thousand."""
    tree = client.read_tree(answer)
    return tuple(
        FileFacts(entry["path"], count_of(entry.get("size")), part_of(entry["path"]))
        for entry in tree["tree"]
        if isinstance(entry, dict)
        and entry.get("type") == "blob"
        and isinstance(entry.get("path"), str)
    )


def _read(form: Callable[[Answer], Any], answer: Answer | SourceError) -> Any:
    """Return what an answer says, or why there is none.

    A refusal by status is final: GitHub lists no contributors of the largest repositories (403).
    """
    if isinstance(answer, SourceError):
        return Missing(answer.message, try_later=answer.status is None)
    return _or_missing(partial(form, answer))


def _or_missing(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or why that is missing."""
    try:
        return call()
    except SourceError as error:
        return Missing(error.message, try_later=not isinstance(error, SourceTooLarge))
