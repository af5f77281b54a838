"""Questions about one artifact."""

from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact


def get_artifact(artifact_type: str, artifact_id: str) -> Artifact:
    """Return a visible artifact with its current revision's URL, in one query.

    Raises:
        ArtifactNotFound: none has this type and id, or its source has not answered yet.
    """
    artifact = (
        Artifact.objects.visible()
        .select_related("current_revision")
        .only("id", "type", "name", "created_us", "current_revision__url")
        .filter(id=artifact_id, type=artifact_type)
        .first()
    )
    if artifact is None:
        raise ArtifactNotFound(artifact_type, artifact_id)
    return artifact
