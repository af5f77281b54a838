"""Artifacts whose bytes are kept, as the Hub's clients ask for them."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from artifacts.enums import ArtifactType, ContentState, Part, SourceKind
from artifacts.models import Artifact, Blob, File, Revision
from artifacts.rules.digest import Sha256, hash_git_blob
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store

COMMIT = "c0ffee" + "0" * 34
OLD_COMMIT = "0ddba11" + "0" * 33
CONFIG, WEIGHTS = b'{"model_type": "robot"}', bytes(range(256)) * 4
# The Hub states the SHA-1 of what git keeps, and the SHA-256 of what Git LFS keeps.
FILES = {"README.md": b"# Robot\n", "config.json": CONFIG, "onnx/model.safetensors": WEIGHTS}


def git_oid(data: bytes) -> str:
    blob = hash_git_blob(len(data))
    blob.update(data)
    return blob.hexdigest()


def sha256_of(data: bytes) -> Sha256:
    return Sha256(hashlib.sha256(data).hexdigest())


def make_repository(
    repository: str = "acme/robot",
    files: Mapping[str, bytes] = FILES,
    *,
    kind: str = "model",
    source: SourceKind = SourceKind.HUGGINGFACE_MODEL,
    number: int = 1,
    **changes: Any,
) -> Artifact:
    """One artifact of a source, as a mirrored registration leaves it.

    Args:
        changes: of the revision; `name` and `user` are the artifact's.
    """
    created_us = 1_760_000_000_000_000 + number
    user = changes.pop("user", "ursula")
    key = repository.lower() if source not in (SourceKind.UPLOAD, SourceKind.DIRECT) else repository
    ref, folder = changes.get("ref", ""), changes.get("folder", "")
    artifact = Artifact.objects.create(
        id=f"{kind}-{number}-{created_us}",
        type=ArtifactType(kind),
        name=changes.pop("name", repository.rpartition("/")[2]),
        source_key=f"{source}:{key}{f'@{ref}' if ref else ''}{f'//{folder}' if folder else ''}",
        created_us=created_us,
        uploader_name=user,
    )
    changes = {"source_kind": source, "repository": repository, "created_by": user} | changes
    artifact.current_revision = add_revision(artifact, files, 1, **changes)
    artifact.save()
    return artifact


def add_revision(
    artifact: Artifact, files: Mapping[str, bytes], number: int, **changes: Any
) -> Revision:
    """A revision of an artifact, whose bytes are kept; the current one stays."""
    given = {
        "url": "https://huggingface.co/acme/robot",
        "source_kind": SourceKind.HUGGINGFACE_MODEL,
        "repository": "acme/robot",
        "commit": COMMIT,
        "content_state": ContentState.STORED,
        "created_at": timezone.now(),
        "created_by": "ursula",
    }
    revision = Revision.objects.create(artifact=artifact, number=number, **given | changes)
    for path, data in files.items():
        is_large = path.endswith(".safetensors")
        digest = f"sha256:{sha256_of(data)}" if is_large else f"git:{git_oid(data)}"
        File.objects.create(
            revision=revision,
            path=path,
            part=Part.OTHER,
            size_bytes=len(data),
            source_digest=digest,
            blob=keep(data),
        )
    return revision


def keep(data: bytes) -> Blob:
    """The blob of some bytes, in the bucket, too."""
    sha256 = sha256_of(data)
    get_store().create(blob_key(sha256), data, "application/octet-stream")
    return Blob.objects.get_or_create(sha256=sha256, defaults={"size_bytes": len(data)})[0]
