"""The id by which the Hub's clients know an artifact."""

from __future__ import annotations

from artifacts.enums import ArtifactType, SourceKind
from artifacts.models import Artifact, Revision
from artifacts.rules.hub.repo_ids import make_repo_id


def find_repo_id(artifact: Artifact, revision: Revision) -> str:
    """Return the id under which an artifact is served, which follows from where it came from."""
    return make_repo_id(
        artifact_type=ArtifactType(artifact.type),
        artifact_id=artifact.id,
        name=artifact.name,
        uploader_name=artifact.uploader_name,
        source_kind=SourceKind(revision.source_kind),
        repository=revision.repository,
        folder=revision.folder,
    )
