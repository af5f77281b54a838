"""The id by which to tell people how to fetch an artifact: one that surely leads to it."""

from __future__ import annotations

from artifacts.enums import ArtifactType
from artifacts.exceptions import RepositoryMoved, RepositoryNotFound
from artifacts.models import Artifact, Revision
from artifacts.rules.hub.repo_ids import plain_repo_id
from artifacts.selectors.catalogue.repo_ids import find_repo_id
from artifacts.selectors.hub.repositories import find_repository


def find_served_id(artifact: Artifact, revision: Revision) -> str:
    """Return an id by which clients find this artifact and no other, in one query.

    That is the one that follows from its source, unless another artifact answers to it: one with
    the same name, or one at another ref of the same source.
    """
    served = find_repo_id(artifact, revision)
    try:
        found = find_repository(ArtifactType(artifact.type), served)
    except (RepositoryMoved, RepositoryNotFound):
        return plain_repo_id(artifact.id)
    return served if found.artifact.pk == artifact.pk else plain_repo_id(artifact.id)
