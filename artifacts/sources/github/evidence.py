"""Turning GitHub's answers into facts about a code repository."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings

from artifacts.exceptions import RequestsSpent, SourceError, SourceTooLarge
from artifacts.rules.page_urls import code_url
from artifacts.rules.parts import classify_part
from artifacts.rules.rating.evidence import OWN_CODE, CodeFacts, CodeFoundBy, FileFacts, Missing
from artifacts.rules.values import read_count, read_text
from artifacts.sources.forms import named
from artifacts.sources.github import client
from artifacts.sources.github.budget import ask_within
from artifacts.sources.github.graph import ask_graph, read_commit, read_graph, read_reviews
from artifacts.sources.github.reviews import fetch_sample
from artifacts.sources.http import Answer
from artifacts.sources.inquiry import Inquiry

_OWNER_KINDS = {"Organization": "organisation", "User": "person"}
_FILES, _PEOPLE = "the code's files", "who writes the code"
_NOT_OURS = Missing("it is somebody else's code, whose people say nothing about this model.")


def fetch_code_facts(
    repository: str, *, found_by: CodeFoundBy, inquiry: Inquiry, commit: str = ""
) -> CodeFacts:
    """Fetch facts about a repository: four requests with a token, up to eight without one.

    Two are enough for the repository of a base or a library, whose people and reviews say nothing
    about the model. If some requests fail, or none is left for them, their fields are `Missing`.

    Args:
        commit: whose files to look at, "" for the newest of the default branch.

    Raises:
        SourceRefused: there is no such repository.
        SourceUnavailable: GitHub does not answer now, or our rate limit is spent.
        RequestsSpent: no request is left.
    """
    if settings.GITHUB_TOKEN:
        return _by_graph(repository, found_by, commit, inquiry)
    return _by_rest(repository, found_by, commit, inquiry)


def _by_graph(repository: str, found_by: CodeFoundBy, commit: str, inquiry: Inquiry) -> CodeFacts:
    """Fetch facts and reviews from the graph, and the two lists that it lacks from REST."""
    is_own = found_by in OWN_CODE
    questions = (
        (f"what GitHub knows of {repository}", ask_graph(repository)),
        (_FILES, client.ask_tree(repository, commit or "HEAD")),
        *(((_PEOPLE, client.ask_contributors(repository)),) if is_own else ()),
    )
    graph, tree, *others = ask_within(questions, inquiry)
    if isinstance(graph, SourceError):
        raise graph
    facts = read_graph(repository, graph)
    edges = (facts.get("languages") or {}).get("edges") or ()
    return CodeFacts(
        repository=named(facts.get("nameWithOwner"), repository),
        url=read_text(facts.get("url")) or code_url(repository),
        found_by=found_by,
        license=read_text((facts.get("licenseInfo") or {}).get("spdxId")),
        contributors=_read(client.read_contributors, others[0]) if is_own else _NOT_OURS,
        files=_read(_files, tree),
        languages={
            each["node"]["name"]: each["size"]
            for each in edges
            if isinstance(each, dict) and isinstance(each.get("node"), dict)
        },
        releases=read_count((facts.get("releases") or {}).get("totalCount")),
        stars=read_count(facts.get("stargazerCount")),
        forks=read_count(facts.get("forkCount")),
        open_issues=read_count((facts.get("issues") or {}).get("totalCount")),
        is_archived=facts.get("isArchived") is True,
        pushed_at=read_text(facts.get("pushedAt")),
        reviews=_or_missing(partial(read_reviews, repository, facts, inquiry))
        if is_own
        else _NOT_OURS,
        commit=commit or read_commit(facts),
        created_at=read_text(facts.get("createdAt")),
        owner_kind=_read_owner_kind(facts.get("owner"), "__typename"),
    )


def _by_rest(repository: str, found_by: CodeFoundBy, commit: str, inquiry: Inquiry) -> CodeFacts:
    """Fetch facts by REST, sampling reviews, since GitHub allows only sixty requests an hour."""
    known = (f"what GitHub knows of {repository}", client.ask_repository(repository))
    (answer,) = ask_within((known,), inquiry)
    if isinstance(answer, SourceError):
        raise answer
    facts = client.read_repository(repository, answer)
    name, branch = facts["full_name"], str(facts.get("default_branch") or "HEAD")
    is_own = found_by in OWN_CODE
    questions = (
        (_FILES, client.ask_tree(name, commit or branch)),
        *(((_PEOPLE, client.ask_contributors(name)),) if is_own else ()),
    )
    tree, *others = ask_within(questions, inquiry)
    stated = facts.get("license")
    language = facts.get("language")
    return CodeFacts(
        repository=name,
        url=code_url(name),
        found_by=found_by,
        license=read_text(stated.get("spdx_id")) if isinstance(stated, dict) else "",
        contributors=_read(client.read_contributors, others[0]) if is_own else _NOT_OURS,
        files=_read(_files, tree),
        languages={language: 1} if isinstance(language, str) else {},
        stars=read_count(facts.get("stargazers_count")),
        forks=read_count(facts.get("forks_count")),
        open_issues=read_count(facts.get("open_issues_count")),
        is_archived=facts.get("archived") is True,
        pushed_at=read_text(facts.get("pushed_at")),
        reviews=_or_missing(partial(fetch_sample, name, inquiry)) if is_own else _NOT_OURS,
        commit=commit,
        created_at=read_text(facts.get("created_at")),
        owner_kind=_read_owner_kind(facts.get("owner"), "type"),
    )


def _read_owner_kind(owner: object, key: str) -> str:
    """Return "organisation" or "person", "" if GitHub does not say."""
    kind = owner.get(key) if isinstance(owner, dict) else None
    return _OWNER_KINDS.get(read_text(kind), "")


def _files(answer: Answer) -> tuple[FileFacts, ...]:
    """Return the files of a tree; GitHub lists a very large one's first hundred thousand."""
    tree = client.read_tree(answer)
    return tuple(
        FileFacts(entry["path"], read_count(entry.get("size")), classify_part(entry["path"]))
        for entry in tree["tree"]
        if isinstance(entry, dict)
        and entry.get("type") == "blob"
        and isinstance(entry.get("path"), str)
    )


def _read(form: Callable[[Answer], Any], answer: Answer | SourceError) -> Any:
    """Return the content of an answer, or why there is none.

    A refusal by status is final: GitHub lists no contributors of the largest repositories (403).
    """
    if isinstance(answer, RequestsSpent):
        return Missing(answer.message, is_to_be_asked=not answer.is_final)
    if isinstance(answer, SourceError):
        return Missing(answer.message, try_later=answer.status is None)
    return _or_missing(partial(form, answer))


def _or_missing(call: Callable[[], Any]) -> Any:
    """Return a call's result, or why it is missing."""
    try:
        return call()
    except RequestsSpent as error:
        return Missing(error.message, is_to_be_asked=not error.is_final)
    except SourceError as error:
        return Missing(error.message, try_later=not isinstance(error, SourceTooLarge))
