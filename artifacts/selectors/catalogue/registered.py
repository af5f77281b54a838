"""What of something that is not registered is here already: its parents, and others of its name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from artifacts.enums import ArtifactType
from artifacts.limits import NAMESAKES_SHOWN_MAX
from artifacts.models import Artifact
from artifacts.models.artifact import quarantined_ids


@dataclass(frozen=True)
class Namesake:
    """A registered artifact that somebody might mean instead.

    Attributes:
        is_same_source: whether it is the same source, registered under another type.
        is_waiting: whether its source has not answered yet.
    """

    artifact_id: str
    artifact_type: str
    name: str
    is_same_source: bool
    is_waiting: bool


def find_by_source(keys: Collection[str]) -> dict[tuple[str, str], str]:
    """Return the ids of registered artifacts, by type and source key; quarantine hides them."""
    found = Artifact.objects.shown().filter(type__in=ArtifactType.values(), source_key__in=keys)
    rows = found.values_list("type", "source_key", "id")
    return {(str(kind), key): artifact_id for kind, key, artifact_id in rows}


def list_namesakes(name: str, source_key: str) -> tuple[Namesake, ...]:
    """Return some artifacts of this name, and those of this source, the latter first."""
    is_of_source = Q(type__in=ArtifactType.values(), source_key=source_key)
    found: list[Artifact] = []
    for condition in (is_of_source, Q(name=name) & ~is_of_source):
        rows = _shown().filter(condition).order_by("-created_us")
        found += rows[: NAMESAKES_SHOWN_MAX - len(found)]
    return tuple(_show(artifact, source_key) for artifact in found)


def find_namesake(artifact_id: str) -> Namesake | None:
    """Return the artifact that has a source already; None if it is gone again, or hidden."""
    artifact = _shown().filter(id=artifact_id).first()
    return _show(artifact, artifact.source_key) if artifact is not None else None


def _shown() -> QuerySet[Artifact]:
    """Return all that is not in quarantine, also what still waits for its source."""
    return Artifact.objects.exclude(pk__in=quarantined_ids())


def _show(artifact: Artifact, source_key: str) -> Namesake:
    """Return what is shown of an artifact."""
    return Namesake(
        artifact_id=artifact.id,
        artifact_type=str(artifact.type),
        name=artifact.name,
        is_same_source=artifact.source_key == source_key,
        is_waiting=artifact.current_revision_id is None,
    )
