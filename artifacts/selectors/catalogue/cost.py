"""How much there is to download: of an artifact alone, of a part, or with all that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Sum

from artifacts.enums import ArtifactType, ContentState, Part
from artifacts.exceptions import PartNotFound, SizeUnknown, TooManyDependencies
from artifacts.limits import COST_DEPENDENCIES_MAX
from artifacts.models import File, Revision
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.lineage.foundation import list_edges_below
from artifacts.selectors.lineage.graph import external_id, registered_id

# contract/decisions: cost unit.
BYTES_PER_MB = 1_000_000


@dataclass(frozen=True)
class Cost:
    """Megabytes of an artifact, and of it with everything that it rests on."""

    standalone_mb: float
    total_mb: float


@dataclass(frozen=True)
class Costs:
    """Costs of an artifact and of everything that it rests on, by id.

    Attributes:
        unknown: ids of what nobody knows the size of; it has no entry and counts nothing.
    """

    entries: dict[str, Cost]
    unknown: tuple[str, ...]


@dataclass
class _Walk:
    """What has been met on the way: sizes by id (None for unknown), and what rests on what."""

    sizes_bytes: dict[str, int | None] = field(default_factory=dict)
    below: dict[str, set[str]] = field(default_factory=dict)


def get_cost(
    artifact_type: ArtifactType,
    artifact_id: str,
    *,
    part: str | None = None,
    with_quarantined: bool = False,
) -> float:
    """Return the megabytes of an artifact, or of one part of it.

    Raises:
        ArtifactNotFound: there is no such artifact.
        PartNotFound: it has no file of this part.
        SizeUnknown: its source states no sizes; nothing is made up.
    """
    artifact = get_artifact(artifact_type, artifact_id, with_quarantined=with_quarantined)
    if part is not None and part != Part.FULL:
        size_bytes = _of_part(artifact.current_revision_id or 0, part)
    else:
        size_bytes = _sizes_of([artifact_id])[artifact_id]
    if size_bytes is None:
        raise SizeUnknown(artifact_id)
    return in_mb(size_bytes)


def get_costs(
    artifact_type: ArtifactType, artifact_id: str, *, with_quarantined: bool = False
) -> Costs:
    """Return the megabytes of an artifact and of everything that it rests on.

    Base models, data sets and code, each counted once however many ways lead to it. What is not
    registered has an `external-...` id and the size that its source stated.

    Raises:
        ArtifactNotFound, SizeUnknown: see `get_cost`.
        TooManyDependencies: there are more than `COST_DEPENDENCIES_MAX`.
    """
    get_artifact(artifact_type, artifact_id, with_quarantined=with_quarantined)
    return sum_costs(artifact_id)


def sum_costs(artifact_id: str) -> Costs:
    """Return the same for an artifact that is known to be there, in three queries.

    Raises:
        SizeUnknown, TooManyDependencies: see `get_costs`.
    """
    walk = _walk_down([artifact_id])
    if walk.sizes_bytes[artifact_id] is None:
        raise SizeUnknown(artifact_id)
    sizes_bytes = {each: size for each, size in walk.sizes_bytes.items() if size is not None}
    totals_bytes = {
        each: sum(sizes_bytes.get(one, 0) for one in _reachable(each, walk.below))
        for each in sizes_bytes
    }
    return Costs(
        entries={
            each: Cost(in_mb(size), in_mb(totals_bytes[each])) for each, size in sizes_bytes.items()
        },
        unknown=tuple(each for each, size in walk.sizes_bytes.items() if size is None),
    )


def get_totals_bytes(ids: Sequence[str]) -> dict[str, int | None]:
    """Return the bytes of each artifact with everything that it rests on, as far as it is known.

    Three queries for all of them together.

    Args:
        ids: of artifacts that are known to be there, at least one.

    Returns:
        None for an artifact whose own size is unknown.

    Raises:
        TooManyDependencies: there are more than `COST_DEPENDENCIES_MAX`.
    """
    walk = _walk_down(ids)
    return {
        each: None
        if walk.sizes_bytes[each] is None
        else sum(walk.sizes_bytes.get(one) or 0 for one in _reachable(each, walk.below))
        for each in ids
    }


def in_mb(size_bytes: int) -> float:
    """Return bytes as megabytes of a million bytes."""
    return size_bytes / BYTES_PER_MB


def _walk_down(ids: Sequence[str]) -> _Walk:
    """Meet everything that some artifacts rest on, each thing once, in three queries."""
    walk = _Walk(dict.fromkeys(ids))
    for edge in list_edges_below(ids, COST_DEPENDENCIES_MAX):
        node = edge.parent_id or external_id(edge.parent_key)
        walk.below.setdefault(edge.child_id, set()).add(node)
        if edge.parent_id:
            walk.sizes_bytes.setdefault(node, None)
        elif walk.sizes_bytes.get(node) is None:
            # Another child's source may have stated what this one's did not.
            walk.sizes_bytes[node] = edge.parent_size_bytes
    if len(walk.sizes_bytes) > COST_DEPENDENCIES_MAX:
        raise TooManyDependencies(ids[0], COST_DEPENDENCIES_MAX)
    walk.sizes_bytes |= _sizes_of([each for each in walk.sizes_bytes if registered_id(each)])
    return walk


def _sizes_of(ids: list[str]) -> dict[str, int | None]:
    """Return the bytes of registered artifacts: as listed, else as kept, else None."""
    rows = Revision.objects.filter(artifact__current_revision=F("pk"), artifact_id__in=ids)
    found: dict[str, int | None] = dict.fromkeys(ids)
    for artifact_id, size, stored, state in rows.values_list(
        "artifact_id", "size_bytes", "stored_bytes", "content_state"
    ):
        kept = stored if state == ContentState.STORED else None
        found[artifact_id] = size if size is not None else kept
    return found


def _of_part(revision_id: int, part: str) -> int | None:
    """Return the bytes of one part; None when those of one of its files are unknown."""
    rows = File.objects.filter(revision_id=revision_id).values("part").order_by()
    # Added up by the database: a revision may list a hundred thousand files.
    counted = rows.annotate(total=Sum("size_bytes"), known=Count("size_bytes"), files=Count("pk"))
    parts = {each["part"]: each for each in counted}
    if part not in parts:
        raise PartNotFound(part, tuple(sorted(parts)))
    found = parts[part]
    return found["total"] if found["known"] == found["files"] else None


def _reachable(start: str, below: dict[str, set[str]]) -> set[str]:
    """Return an artifact and everything that it rests on; cycles end by themselves."""
    seen, ahead = {start}, [start]
    while ahead:
        for each in below.get(ahead.pop(), ()):
            if each not in seen:
                seen.add(each)
                ahead.append(each)
    return seen
