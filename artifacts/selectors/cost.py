"""How much there is to download: of an artifact alone, of a part, or with all that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Sum

from artifacts.enums import Part
from artifacts.exceptions import PartNotFound, SizeUnknown
from artifacts.limits import LINEAGE_NODES_MAX
from artifacts.models import File, LineageEdge, Revision
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.lineage import external_id

# contract/decisions: cost unit.
BYTES_PER_MB = 1_000_000
_BATCH = 5_000


@dataclass(frozen=True)
class Cost:
    """Megabytes of an artifact, and of it with everything that it rests on."""

    standalone_mb: float
    total_mb: float


def get_cost(artifact_type: str, artifact_id: str, *, part: str | None = None) -> float:
    """Return the megabytes of an artifact, or of one part of it.

    Raises:
        ArtifactNotFound: there is no such artifact.
        PartNotFound: it has no file of this part.
        SizeUnknown: its source states no sizes; nothing is made up.
    """
    artifact = get_artifact(artifact_type, artifact_id)
    revision_id = artifact.current_revision_id or 0
    if part is not None and part != Part.FULL:
        return _of_part(revision_id, part)
    size_bytes, stored_bytes = Revision.objects.values_list("size_bytes", "stored_bytes").get(
        pk=revision_id
    )
    known_bytes = size_bytes if size_bytes is not None else stored_bytes
    if not known_bytes and size_bytes is None:
        raise SizeUnknown(artifact_id)
    return in_mb(known_bytes)


def get_costs(artifact_type: str, artifact_id: str) -> dict[str, Cost]:
    """Return the megabytes of an artifact and of everything that it rests on, by id.

    Base models, data sets and code, each counted once however many ways lead to it. What is not
    registered has an `external-...` id and the size that its source stated; what nobody knows the
    size of counts nothing. One query a level.

    Raises:
        ArtifactNotFound, SizeUnknown: see `get_cost`.
    """
    alone_mb = {artifact_id: get_cost(artifact_type, artifact_id)}
    below: dict[str, set[str]] = {}
    level = [artifact_id]
    while level and len(alone_mb) < LINEAGE_NODES_MAX:
        following: set[str] = set()
        for start in range(0, len(level), _BATCH):
            edges = LineageEdge.objects.filter(child_id__in=level[start : start + _BATCH])
            for child, parent, name, key, size_bytes in edges.order_by("id").values_list(
                "child_id", "parent_id", "parent_name", "parent_key", "parent_size_bytes"
            ):
                node = parent or external_id(name, key)
                below.setdefault(child, set()).add(node)
                if node in alone_mb:
                    continue
                if parent:
                    following.add(parent)
                elif size_bytes is not None:
                    alone_mb[node] = in_mb(size_bytes)
        level = sorted(following)
        alone_mb |= _registered_mb(level)
    return {
        each: Cost(mb, in_mb_sum(alone_mb, _reachable(each, below)))
        for each, mb in alone_mb.items()
    }


def in_mb(size_bytes: int) -> float:
    """Return bytes as megabytes of a million bytes."""
    return size_bytes / BYTES_PER_MB


def in_mb_sum(alone_mb: dict[str, float], ids: set[str]) -> float:
    """Return the megabytes of several artifacts together, to the byte."""
    return round(sum(alone_mb.get(each, 0.0) for each in ids), 6)


def _of_part(revision_id: int, part: str) -> float:
    """Return the megabytes of one part."""
    parts = File.objects.filter(revision_id=revision_id).values("part")
    sizes = {
        each["part"]: each["total"] for each in parts.annotate(total=Sum("size_bytes")).order_by()
    }
    if part not in sizes:
        raise PartNotFound(part, tuple(sorted(sizes)))
    return in_mb(sizes[part] or 0)


def _registered_mb(ids: list[str]) -> dict[str, float]:
    """Return the megabytes of registered artifacts; 0 for one whose source states none."""
    found: dict[str, float] = {}
    for start in range(0, len(ids), _BATCH):
        rows = Revision.objects.filter(
            artifact__current_revision=F("pk"), artifact_id__in=ids[start : start + _BATCH]
        )
        for artifact_id, size, stored in rows.values_list(
            "artifact_id", "size_bytes", "stored_bytes"
        ):
            found[artifact_id] = in_mb(size if size is not None else stored)
    return found


def _reachable(start: str, below: dict[str, set[str]]) -> set[str]:
    """Return an artifact and everything that it rests on; cycles end by themselves."""
    seen, ahead = {start}, [start]
    while ahead:
        for each in below.get(ahead.pop(), ()):
            if each not in seen:
                seen.add(each)
                ahead.append(each)
    return seen
