"""What was served under an id and was deleted."""

from __future__ import annotations

from artifacts.enums import ArtifactType
from artifacts.exceptions import RepositoryNotFound, RevisionNotFound
from artifacts.models import Withdrawal
from artifacts.rules.hub.repo_ids import RepoId


def raise_absent(artifact_type: ArtifactType, repo_id: str, parts: RepoId) -> None:
    """Say why nothing is served under an id: it was withdrawn, or it was never here.

    Clients that have a copy go on using it for every answer but that its revision is not found.

    Raises:
        RevisionNotFound: it was withdrawn; the message has the reason.
        RepositoryNotFound: nothing is known of it.
    """
    known = Withdrawal.objects.filter(type=artifact_type)
    if parts.artifact_id:
        known = known.filter(artifact_id=parts.artifact_id)
    else:
        known = known.filter(repo_id=repo_id.lower())
    found = known.first()
    if found is not None:
        raise RevisionNotFound.withdrawn(repo_id, found.reason)
    raise RepositoryNotFound(repo_id)
