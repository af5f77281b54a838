"""The names of revisions: the branch `main`, and a tag for each number."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.limits import TAGS_OF_REVISIONS_MAX
from artifacts.models import Revision
from artifacts.rules.hub.commits import commit_of, name_revision
from artifacts.selectors.hub.repositories import Repository, get_commit


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
    artifact_id = repository.artifact.id
    rows = Revision.objects.filter(artifact_id=artifact_id).order_by("-number")
    found = rows.values_list("number", "commit", "folder")[:TAGS_OF_REVISIONS_MAX]
    tags = tuple(
        Ref(
            name_revision(number),
            commit_of(artifact_id=artifact_id, number=number, commit=commit, folder=folder),
        )
        for number, commit, folder in found
    )
    return Refs((Ref("main", get_commit(repository.revision)),), tags)
