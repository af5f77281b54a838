"""Finding one artifact by its id."""

from django.db import connection

from artifacts.enums import ArtifactType, DecisionState
from artifacts.exceptions import ArtifactNotFound, ArtifactQuarantined
from artifacts.models import Artifact, Revision

# The registry's most frequent query, as raw SQL: building it from a queryset would take several
# times as long as the database needs to run it.
_GET = f"""
    SELECT a.name, a.created_us, r.id, r.number, r.url, r.decision
    FROM {Artifact._meta.db_table} a
    JOIN {Revision._meta.db_table} r ON r.id = a.current_revision_id
    WHERE a.id = %s AND a.type = %s
"""  # noqa: S608, SLF001  (the tables' names come from the models)


def get_artifact(
    artifact_type: ArtifactType, artifact_id: str, *, with_quarantined: bool = False
) -> Artifact:
    """Return a visible artifact with its current revision's number, URL and decision, in one query.

    Args:
        with_quarantined: for the registry's own work, and for those who may decide.

    Raises:
        ArtifactNotFound: none has this type and id, or its source has not answered yet.
        ArtifactQuarantined: it is in quarantine.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GET, [artifact_id, artifact_type])
        row = cursor.fetchone()
    if row is None:
        raise ArtifactNotFound(artifact_type, artifact_id)
    name, created_us, revision_id, number, url, decision = row
    if decision == DecisionState.QUARANTINED and not with_quarantined:
        raise ArtifactQuarantined(artifact_type, artifact_id)
    revision = Revision.from_db(
        None,
        ["id", "artifact_id", "number", "url", "decision"],
        (revision_id, artifact_id, number, url, decision),
    )
    artifact = Artifact.from_db(
        None,
        ["id", "type", "name", "created_us", "current_revision_id"],
        (artifact_id, artifact_type, name, created_us, revision_id),
    )
    artifact.current_revision = revision
    return artifact
