"""Writing the audit trail."""

from django.utils import timezone

from artifacts.database.modes import AUDIT
from artifacts.database.transactions import SEARCH, RestsOn, writing
from artifacts.enums import ArtifactType, AuditAction
from artifacts.models import Artifact, AuditEntry, User


def record_audit(
    *, artifact: Artifact, user: User, action: AuditAction, note: str = ""
) -> AuditEntry:
    """Add an entry to an artifact's trail, and return it.

    Call it in the transaction of what it is about.

    Args:
        note: what the action was about where the word is not enough, as in `part=weights`.
    """
    return record_act(artifact, user.username, is_admin=user.is_admin, action=action, note=note)


def record_reading(*, artifact: Artifact, user: User) -> None:
    """Add an entry that says who read the trail.

    Raises:
        ArtifactNotFound: the artifact was deleted meanwhile.
        AuthenticationFailed, PermissionMissing: the user went, or may not look any more.
    """
    with writing(RestsOn(user, SEARCH, artifact.id), going_on=AUDIT):
        record_audit(artifact=artifact, user=user, action=AuditAction.AUDIT)


def record_act(
    artifact: Artifact, user_name: str, *, is_admin: bool, action: AuditAction, note: str = ""
) -> AuditEntry:
    """Do the same for somebody whose row may be gone by now, or for the registry itself."""
    return AuditEntry.objects.create(
        artifact_id=artifact.id,
        artifact_type=ArtifactType(artifact.type),
        artifact_name=artifact.name,
        user_name=user_name,
        user_is_admin=is_admin,
        action=action,
        created_at=timezone.now(),
        note=note,
    )
