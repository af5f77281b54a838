"""Recording what artifacts were made from, and linking it to what is registered.

An edge waits for its parent by the parent's source key. Both ends look for the other inside their
own transaction and once more after it; should a process die between the two, the daily work links
what is left (`link_waiting_edges`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from itertools import islice

from django.db import transaction
from django.db.models import Q

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import SourceRefused
from artifacts.limits import (
    DEFERRED_SNAPSHOT_DEADLINE_S,
    NAME_MAX_CHARS,
    SOURCE_KEY_MAX_CHARS,
    URL_MAX_CHARS,
    WHOLE_NUMBER_MAX,
)
from artifacts.models import Artifact, LineageEdge
from artifacts.models.walks import walk
from artifacts.rules.text import is_indexable
from artifacts.services import tasks
from artifacts.services.parent_links import ParentLink, parent_key_of
from artifacts.services.transactions import keep_artifacts, writing
from artifacts.sources.base import Deadline
from artifacts.sources.huggingface.client import get_info

logger = logging.getLogger(__name__)

# Parents that are looked up at once, few enough for the server to take its index for it.
_BATCH = 100


def schedule_followers(parent_key: str) -> None:
    """Have the tree scores of a model's children brought up to date, if it has any."""
    edges = LineageEdge.objects.filter(parent_type=ArtifactType.MODEL, parent_key=parent_key)
    if edges.exists():
        tasks.schedule("follow_parent", arguments={"parent_key": parent_key})


def save_edges(*, artifact: Artifact, parents: Sequence[ParentLink]) -> None:
    """Write an artifact's parents anew, linked to those that are registered.

    Call it inside the transaction that writes the revision.
    """
    LineageEdge.objects.filter(child=artifact).delete()
    # Nothing can be registered under a longer one.
    parents = [each for each in parents if is_indexable(each.parent_key, SOURCE_KEY_MAX_CHARS)]
    if not parents:
        return
    registered = _find_registered(parents)
    # Gone since, some of them; the others stay until this is written.
    present = keep_artifacts(registered.values())
    registered = {pair: pk for pair, pk in registered.items() if pk in present}
    pairs = {(each.parent_type, each.parent_key): each for each in parents}
    LineageEdge.objects.bulk_create(
        LineageEdge(
            child=artifact,
            parent_type=each.parent_type,
            parent_key=each.parent_key,
            parent_name=each.parent_name[:NAME_MAX_CHARS],
            parent_url=each.parent_url[:URL_MAX_CHARS],
            # Nothing is its own parent, whatever its card says.
            parent_id=registered.get(pair) if registered.get(pair) != artifact.id else None,
            relationship=each.relationship,
            origin=each.origin,
            parent_size_bytes=_kept_size(each.size_bytes),
        )
        for pair, each in pairs.items()
    )
    if any(_is_old_name(each) for each in parents):
        tasks.schedule("resolve_parents", artifact_id=artifact.id)


def _find_registered(
    parents: Sequence[ParentLink | LineageEdge],
) -> dict[tuple[str, str], str]:
    """Return the ids of those that are registered, by type and key.

    A question for each type: the index on both is of no use to one that leaves the type out.
    """
    found: dict[tuple[str, str], str] = {}
    for kind in {each.parent_type for each in parents}:
        keys = {each.parent_key for each in parents if each.parent_type == kind}
        rows = Artifact.objects.visible().filter(type=kind, source_key__in=keys)
        found |= {(kind, key): pk for key, pk in rows.values_list("source_key", "id")}
    return found


def link_arrival(artifact: Artifact) -> None:
    """Link what has been waiting for an artifact that is registered now, in its transaction.

    One whose source was replaced is no longer the parent of what was made from the old one. Who is
    registered in the same moment is not to be seen from here, so both look again once their
    transactions are over: the later of the two finds the other.
    """
    left = LineageEdge.objects.filter(parent=artifact).exclude(parent_key=artifact.source_key)
    for key in left.values_list("parent_key", flat=True).distinct():
        schedule_followers(key)
    left.update(parent=None)
    LineageEdge.objects.filter(
        parent_type=artifact.type, parent_key=artifact.source_key, parent__isnull=True
    ).exclude(child=artifact).update(parent=artifact)
    transaction.on_commit(partial(link_waiting_edges, artifact), robust=True)


def link_waiting_edges(artifact: Artifact | None = None) -> int:
    """Link every edge whose parent is registered and that nobody linked; returns how many.

    Args:
        artifact: look only at those that touch this one.
    """
    waiting = LineageEdge.objects.filter(parent__isnull=True)
    if artifact is not None:
        mine = Q(parent_type=artifact.type, parent_key=artifact.source_key)
        waiting = waiting.filter(Q(child=artifact) | mine)
    edges = walk(waiting.only("child_id", "parent_type", "parent_key"))
    count = 0
    while batch := list(islice(edges, _BATCH)):
        registered = _find_registered(batch)
        for edge in batch:
            parent_id = registered.get((edge.parent_type, edge.parent_key))
            if parent_id is not None and parent_id != edge.child_id:
                _link(edge, parent_id)
                count += 1
    return count


def _link(edge: LineageEdge, parent_id: str) -> None:
    """Give a waiting edge its parent; either may be gone since, and then there is nothing to do."""
    with writing():
        if keep_artifacts([parent_id]):
            waiting = LineageEdge.objects.filter(
                id=edge.id, parent_key=edge.parent_key, parent__isnull=True
            )
            waiting.update(parent_id=parent_id)
            schedule_followers(edge.parent_key)


def resolve_parents(*, artifact_id: str) -> None:
    """Ask the Hub what it calls the parents that an artifact names without an owner.

    Nothing is linked by the last part of a name alone: anybody can publish one that ends like it.

    Raises:
        SourceUnavailable: the Hub does not answer.
    """
    deadline = Deadline(DEFERRED_SNAPSHOT_DEADLINE_S)
    for edge in LineageEdge.objects.filter(child_id=artifact_id, parent_type=ArtifactType.MODEL):
        if "/" in edge.parent_name:
            continue
        try:
            info = get_info(SourceKind.HUGGINGFACE_MODEL, edge.parent_name, "main", deadline)
        except SourceRefused as error:
            logger.info(
                "lineage.unknown", extra={"parent": edge.parent_name, "reason": error.message}
            )
            continue
        _rename(edge, str(info["id"]))


def _rename(edge: LineageEdge, name: str) -> None:
    """Give an edge the name that the Hub itself uses, and link it if that is registered."""
    key = parent_key_of(SourceKind.HUGGINGFACE_MODEL, name)
    if not is_indexable(key, SOURCE_KEY_MAX_CHARS):
        return
    with writing():
        found = Artifact.objects.visible().filter(type=ArtifactType.MODEL, source_key=key)
        parent_id = next(iter(keep_artifacts(found.values_list("id", flat=True))), None)
        others = LineageEdge.objects.filter(
            child_id=edge.child_id, parent_type=edge.parent_type, parent_key=key
        ).exclude(pk=edge.pk)
        # Updates, not a save: the child may have been deleted or replaced while the Hub answered.
        mine = LineageEdge.objects.filter(pk=edge.pk)
        if others.exists() or parent_id == edge.child_id:
            mine.delete()  # The card names it by both names, or the model itself.
            return
        mine.update(
            parent_key=key,
            parent_name=name[:NAME_MAX_CHARS],
            parent_id=parent_id,
            parent_url=f"https://huggingface.co/{name}",
        )
        if parent_id is not None:
            schedule_followers(key)


def _kept_size(size_bytes: int | None) -> int | None:
    """Return a size as a column takes it; what a source overstates is unknown."""
    return size_bytes if size_bytes is not None and 0 <= size_bytes <= WHOLE_NUMBER_MAX else None


def _is_old_name(link: ParentLink) -> bool:
    """Whether a model is named without its owner, as on the Hub of before."""
    return link.parent_type == ArtifactType.MODEL and "/" not in link.parent_name
