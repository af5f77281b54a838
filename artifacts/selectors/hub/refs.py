"""The names of revisions: the branch `main`, a tag for each number, and true tags of the source."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.selectors.hub.repositories import Repository, get_commit
from artifacts.selectors.hub.tags import list_tags


@dataclass(frozen=True)
class Ref:
    """A name and the commit that it means."""

    name: str
    commit: str


@dataclass(frozen=True)
class Refs:
    """All names of a repository's revisions."""

    branches: tuple[Ref, ...]
    tags: tuple[Ref, ...]


def list_refs(repository: Repository) -> Refs:
    """Return the names of a repository's revisions, those of the newest revisions first."""
    tags = tuple(Ref(*each) for each in list_tags(repository.artifact, but=repository.refs))
    return Refs((Ref("main", get_commit(repository.revision)),), tags)
