"""What repositories on GitHub say about themselves: description, homepage and README.

Source: GitHub GraphQL API, Repository.object (a file by `REF:PATH`); REST API, "Get a repository",
"Get a repository README".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings

from artifacts.exceptions import SourceAbsent, SourceError, SourceUnavailable
from artifacts.limits import README_MAX_BYTES
from artifacts.rules.page_urls import code_url
from artifacts.rules.rating.ownership import RepositoryText
from artifacts.rules.values import read_list, read_text
from artifacts.sources.cache import Question, ask
from artifacts.sources.forms import named
from artifacts.sources.github.budget import ask_within, require_left
from artifacts.sources.github.client import ask_repository, github, graph_path, read_repository
from artifacts.sources.inquiry import Inquiry

# One query asks about all of them; without a token each takes two requests of sixty an hour.
TEXTS_WITH_TOKEN_MAX, TEXTS_WITHOUT_TOKEN_MAX = 3, 1
_ABSENT = 404
_TEXTS = "what the linked repositories say about themselves"
_README_NAMES = ("README.md", "readme.md", "README.rst", "README")
_FIELDS = " ".join((
    "nameWithOwner url description homepageUrl",
    *(
        f'readme{number}: object(expression: "HEAD:{name}") {{ ... on Blob {{ text }} }}'
        for number, name in enumerate(_README_NAMES)
    ),
))  # fmt: skip


def fetch_texts(repositories: Sequence[str], inquiry: Inquiry) -> dict[str, RepositoryText]:
    """Return the texts of the first repositories by the names that were asked for.

    One request with a token, two without one. Those that do not exist are left out.

    Raises:
        SourceUnavailable: GitHub does not answer now, or our rate limit is spent.
        RequestsSpent: no request is left for them.
    """
    if settings.GITHUB_TOKEN:
        return _by_graph(repositories[:TEXTS_WITH_TOKEN_MAX], inquiry)
    found = {}
    for repository in repositories[:TEXTS_WITHOUT_TOKEN_MAX]:
        try:
            found[repository] = _by_rest(repository, inquiry)
        except SourceAbsent:
            continue
    return found


def _by_graph(repositories: Sequence[str], inquiry: Inquiry) -> dict[str, RepositoryText]:
    """Ask the graph about all repositories at once."""
    names: dict[str, str] = {}
    for number, repository in enumerate(repositories):
        owner, _, name = repository.partition("/")
        names |= {f"owner{number}": owner, f"name{number}": name}
    declared = ", ".join(f"${each}: String!" for each in names)
    asked = " ".join(
        f"r{number}: repository(owner: $owner{number}, name: $name{number}) {{ {_FIELDS} }}"
        for number in range(len(repositories))
    )
    query = {"query": f"query({declared}) {{ {asked} }}", "variables": names}
    require_left(1, _TEXTS, inquiry)
    answer = ask(github(), Question(graph_path(), content=json.dumps(query).encode()), inquiry)
    data = answer.json()
    found = data.get("data") if isinstance(data, dict) else None
    errors = read_list(data.get("errors")) if isinstance(data, dict) else []
    kinds = {each.get("type") if isinstance(each, dict) else None for each in errors}
    if not isinstance(found, dict) or kinds - {"NOT_FOUND"}:
        raise SourceUnavailable("GitHub's graph answered in another form than documented.")
    return {
        repository: _read_graph(repository, facts)
        for number, repository in enumerate(repositories)
        # GitHub answers null for one that does not exist, besides the error that says so.
        if isinstance(facts := found.get(f"r{number}"), dict)
    }


def _read_graph(repository: str, facts: Mapping[str, Any]) -> RepositoryText:
    """Return the text in the graph's description of a repository."""
    url = read_text(facts.get("url")) or code_url(repository)
    readmes = (
        (name, read_text(blob.get("text")))
        for number, name in enumerate(_README_NAMES)
        if isinstance(blob := facts.get(f"readme{number}"), dict)
    )
    name, readme = next(((name, text) for name, text in readmes if text), ("", ""))
    return RepositoryText(
        repository=named(facts.get("nameWithOwner"), repository),
        url=url,
        description=read_text(facts.get("description")),
        homepage=read_text(facts.get("homepageUrl")),
        readme=readme[:README_MAX_BYTES],
        readme_url=f"{url}/blob/HEAD/{name}" if name else "",
    )


def _by_rest(repository: str, inquiry: Inquiry) -> RepositoryText:
    """Ask for the description and the README of one repository."""
    base = f"/repos/{quote(repository)}"
    ask_readme = Question(
        f"{base}/readme", accept="application/vnd.github.raw+json", also=(_ABSENT,)
    )
    described, readme = ask_within(
        ((_TEXTS, ask_repository(repository)), (_TEXTS, ask_readme)), inquiry
    )
    if isinstance(described, SourceError):
        raise described
    facts = read_repository(repository, described)
    if isinstance(readme, SourceError):
        raise readme
    url = read_text(facts.get("html_url")) or code_url(repository)
    return RepositoryText(
        repository=named(facts.get("full_name"), repository),
        url=url,
        description=read_text(facts.get("description")),
        homepage=read_text(facts.get("homepage")),
        readme=readme.text()[:README_MAX_BYTES] if readme.status != _ABSENT else "",
        readme_url=f"{url}#readme",
    )
