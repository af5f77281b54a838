"""Opening small files of a commit: with the repository's tags in one request to the graph.

By REST each of them takes a request of its own. Only a token opens the graph, and it shows text
alone, with its bytes changed where they are no UTF-8; so a file counts if the text has the digest
of the listing, and the others are fetched by REST.

Source: GitHub GraphQL API, Repository.object (a file by `COMMIT:PATH`), Repository.refs.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from artifacts.exceptions import SourceError
from artifacts.rules.descriptions import NO_FILE, Opened, leave_closed, open_bytes
from artifacts.rules.digest import Algorithm, Digest, hash_git_blob
from artifacts.rules.reading import Reading, ReadState
from artifacts.rules.values import read_text
from artifacts.sources.forms import stated_tags
from artifacts.sources.github import client
from artifacts.sources.github.budget import count_left
from artifacts.sources.github.client import github, graph_path
from artifacts.sources.github.graph import read_graph
from artifacts.sources.http import Answer
from artifacts.sources.inquiry import Inquiry

logger = logging.getLogger(__name__)

_OK = 200
_TAGS = """
refs(refPrefix: "refs/tags/", first: 100, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) {
  nodes { name target { oid ... on Tag { target { oid } } } }
}
"""


@dataclass(frozen=True)
class SmallFiles:
    """Opens small files of a commit.

    Attributes:
        contents: what the graph gave, by path; the others are fetched one by one.
        tags: the hundred newest with their target commits, None if they are not known yet.
    """

    repository: str
    commit: str
    inquiry: Inquiry
    contents: Mapping[str, bytes] = field(default_factory=dict)
    tags: Mapping[str, str] | None = None

    def open(self, path: str) -> Opened:
        """Open a file that GitHub lists, if a request is left; "" is for one that it does not."""
        if not path:
            return NO_FILE
        if path in self.contents:
            return open_bytes(path, self.contents[path])
        if not count_left(self.inquiry):
            return Opened(Reading(ReadState.NOT_ASKED, path, f"No request was left for {path}."))
        answer = client.get_file(self.repository, self.commit, path, self.inquiry)
        if answer.status != _OK:
            return leave_closed(path, f"GitHub does not give {path}.")
        return open_bytes(path, answer.body)

    def open_readme(self, listed: str, folder: str) -> Opened:
        """Open the README of a folder, or else the one that GitHub shows for the repository.

        GitHub also looks for it in `docs/` and `.github/`.

        Args:
            listed: the one of the folder or else of the repository, "" for none.
        """
        if listed in self.contents or (folder and listed.startswith(f"{folder}/")):
            return self.open(listed)
        shown = client.get_readme(self.repository, self.commit, self.inquiry)
        if shown.status == _OK:
            return open_bytes(listed or "README.md", shown.body)
        return self.open(listed)


def fetch_small_files(
    repository: str, commit: str, digests: Mapping[str, str], inquiry: Inquiry
) -> SmallFiles:
    """Fetch files and tags by the graph; without a token, or if it fails, all are still to fetch.

    Args:
        digests: path -> digest as the tree lists it.
    """
    nothing = SmallFiles(repository, commit, inquiry)
    if not settings.GITHUB_TOKEN:
        return nothing
    places = {f"file{number}": path for number, path in enumerate(digests)}
    try:
        found = read_graph(repository, _ask(repository, commit, places, inquiry))
    except SourceError as error:
        logger.info("github.graph_failed", extra={"reason": error.message})
        return nothing
    texts = {
        path: read_text(blob.get("text")).encode("utf-8", "surrogatepass")
        for name, path in places.items()
        if isinstance(blob := found.get(name), dict)
    }
    refs = found.get("refs")
    return replace(
        nothing,
        contents={path: text for path, text in texts.items() if _hash(text) == digests[path]},
        tags=stated_tags(refs.get("nodes"), _read_target) if isinstance(refs, dict) else None,
    )


def _ask(repository: str, commit: str, places: Mapping[str, str], inquiry: Inquiry) -> Answer:
    """Ask the graph for files, each under a name of our own, and for tags."""
    owner, _, name = repository.partition("/")
    variables = {"owner": owner, "name": name}
    variables |= {place: f"{commit}:{path}" for place, path in places.items()}
    declared = ", ".join(f"${each}: String!" for each in variables)
    files = " ".join(
        f"{each}: object(expression: ${each}) {{ ... on Blob {{ text }} }}" for each in places
    )
    repository_ = f"repository(owner: $owner, name: $name) {{ {_TAGS} {files} }}"
    query = {"query": f"query({declared}) {{ {repository_} }}", "variables": variables}
    content = json.dumps(query).encode()
    return github().get(graph_path(), inquiry=inquiry, method="POST", content=content)


def _read_target(tag: Mapping[str, Any]) -> object:
    """Return the commit of a tag; an annotated one is an object of its own, which names it."""
    target = tag.get("target")
    inner = target.get("target") if isinstance(target, dict) else None
    named = inner if isinstance(inner, dict) else target
    return named.get("oid") if isinstance(named, dict) else ""


def _hash(content: bytes) -> str:
    """Return the digest of a file as a tree lists it."""
    git = hash_git_blob(len(content))
    git.update(content)
    return str(Digest(Algorithm.GIT, git.hexdigest()))
