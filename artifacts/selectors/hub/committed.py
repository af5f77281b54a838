"""What a repository's owner asks before a commit."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.models import Artifact, File


def find_digests(artifact: Artifact, paths: Sequence[str]) -> dict[str, str]:
    """Return the SHA-256 of those of some files that the current revision has, by path."""
    files = File.objects.filter(
        revision_id=artifact.current_revision_id or 0, path__in=paths, blob__isnull=False
    )
    return {path: str(digest) for path, digest in files.values_list("path", "blob_id")}
