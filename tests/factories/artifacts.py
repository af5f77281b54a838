"""Artifacts, written straight into the tables."""

from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, ContentState, Part, SourceKind
from artifacts.models import Artifact, AuditEntry, File, Revision, SearchDocument


def make_artifact(
    name: str = "robot",
    kind: str = "model",
    *,
    number: int = 1,
    readme: str = "",
    visible: bool = True,
    user: str = "ursula",
) -> Artifact:
    """One artifact with a file, as a registration would leave it."""
    created_us = 1_760_000_000_000_000 + number
    artifact = Artifact.objects.create(
        id=f"{kind}-{number}-{created_us}",
        type=ArtifactType(kind),
        name=name,
        source_key=f"huggingface_model:acme/{name}-{number}",
        created_us=created_us,
        uploader_name=user,
    )
    if not visible:
        return artifact
    revision = Revision.objects.create(
        artifact=artifact,
        number=1,
        url=f"https://huggingface.co/acme/{name}",
        source_kind=SourceKind.HUGGINGFACE_MODEL,
        repository=f"acme/{name}",
        content_state=ContentState.PENDING,
        created_at=timezone.now(),
        created_by=user,
    )
    File.objects.create(revision=revision, path="README.md", part=Part.CARD, size_bytes=len(readme))
    SearchDocument.objects.create(artifact=artifact, name=name, readme=readme)
    AuditEntry.objects.create(
        artifact_id=artifact.id,
        artifact_type=ArtifactType(kind),
        artifact_name=name,
        user_name=user,
        user_is_admin=False,
        action=AuditAction.CREATE,
        created_at=timezone.now(),
    )
    artifact.current_revision = revision
    artifact.save()
    return artifact
