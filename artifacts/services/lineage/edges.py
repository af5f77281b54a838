"""Recording what artifacts were made from, and linking it to registered artifacts.

An edge waits for its parent under the parent's source key. Both ends look for each other inside
their own transaction and again after it. If a process dies in between, the daily work links the
rest (`link_waiting_edges`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import islice

from django.db import transaction
from django.db.models import Q

from artifacts.database.transactions import keep_artifacts, writing
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
from artifacts.rules.page_urls import model_url
from artifacts.rules.text import is_indexable
from artifacts.services.lineage.parent_links import ParentLink
from artifacts.sources.base import make_repository_key
from artifacts.sources.huggingface.client import get_info
from artifacts.sources.inquiry import Inquiry
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)

# How many parents one query looks up: few enough for the database to use its index.
_BATCH = 100
# How many parents of an artifact the Hub is asked about: each takes a request, and hardly any model
# is merged from more.
_RESOLVED_MAX = 10


def schedule_followers(parent_key: str) -> None:
    """Schedule a task that updates the tree scores of a model's children, if it has any."""
    edges = LineageEdge.objects.filter(parent_type=ArtifactType.MODEL, parent_key=parent_key)
    if edges.exists():
        queue.schedule(Job.FOLLOW_PARENT, parent_key=parent_key)


def save_edges(
    *, artifact: Artifact, parents: Sequence[ParentLink], is_first: bool = False
) -> None:
    """Replace an artifact's parents, linked to the ones that are registered.

    Call it inside the transaction that writes the revision.

    Args:
        is_first: its first revision is being written, so that it has no parents yet.
    """
    # Nothing can be registered under a longer key.
    parents = [each for each in parents if is_indexable(each.parent_key, SOURCE_KEY_MAX_CHARS)]
    registered = _find_registered(parents)
    # Some may have been deleted meanwhile; this locks the others until the edges are written. It
    # comes before the old edges, as in a deletion, which locks an artifact, then its edges.
    present = keep_artifacts(registered.values())
    if not is_first:
        LineageEdge.objects.filter(child=artifact).delete()
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
    if any(_may_be_renamed(each, registered) for each in parents):
        queue.schedule(Job.RESOLVE_PARENTS, artifact_id=artifact.id)


def _find_registered(
    parents: Sequence[ParentLink | LineageEdge],
) -> dict[tuple[str, str], str]:
    """Return the ids of the registered parents, by type and key.

    One query per type: the index on type and key cannot serve a query without the type.
    """
    found: dict[tuple[str, str], str] = {}
    for kind in {each.parent_type for each in parents}:
        keys = {each.parent_key for each in parents if each.parent_type == kind}
        rows = Artifact.objects.visible().filter(type=kind, source_key__in=keys)
        found |= {(kind, key): pk for key, pk in rows.values_list("source_key", "id")}
    return found


def link_arrival(artifact: Artifact, *, is_first: bool = False) -> None:
    """Link the edges that waited for an artifact, in the transaction that registers it.

    An artifact whose source was replaced is no longer the parent of what was made from the old one.
    Artifacts that are being registered at the same moment are not visible to each other, so both
    look again after their transactions: the later one finds the other.

    Args:
        is_first: its first revision is being written, so that it is nobody's parent yet.
    """
    if not is_first:
        _leave_children(artifact)
    LineageEdge.objects.filter(
        parent_type=artifact.type, parent_key=artifact.source_key, parent__isnull=True
    ).exclude(child=artifact).update(parent=artifact)
    # No `partial`: Django wants the name of what failed here, and would fail for want of one.
    transaction.on_commit(lambda: link_waiting_edges(artifact), robust=True)


def _leave_children(artifact: Artifact) -> None:
    """Unlink the edges to an artifact that name another source than it has now."""
    left = LineageEdge.objects.filter(parent=artifact).exclude(parent_key=artifact.source_key)
    for key in left.values_list("parent_key", flat=True).distinct():
        schedule_followers(key)
    left.update(parent=None)


def link_waiting_edges(artifact: Artifact | None = None) -> int:
    """Link every edge whose parent is registered but not linked yet, and return how many.

    Args:
        artifact: restrict this to the edges from or to one artifact.
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
    """Link a waiting edge to its parent, unless either has been deleted meanwhile."""
    with writing():
        if keep_artifacts([parent_id]):
            waiting = LineageEdge.objects.filter(
                id=edge.id, parent_key=edge.parent_key, parent__isnull=True
            )
            waiting.update(parent_id=parent_id)
            schedule_followers(edge.parent_key)


def resolve_parents(*, artifact_id: str) -> None:
    """Ask the Hub for the names of parents that are not registered under those of the card.

    They may be named without an owner, or as they were called before. The last part of a name alone
    links nothing, since anybody can publish a name that ends like it.

    Raises:
        SourceUnavailable: the Hub does not answer.
    """
    inquiry = Inquiry(DEFERRED_SNAPSHOT_DEADLINE_S)
    edges = LineageEdge.objects.filter(
        child_id=artifact_id, parent_type=ArtifactType.MODEL, parent__isnull=True
    )
    for edge in edges.order_by("id")[:_RESOLVED_MAX]:
        try:
            info = get_info(SourceKind.HUGGINGFACE_MODEL, edge.parent_name, "main", inquiry)
        except SourceRefused as error:
            logger.info(
                "lineage.unknown", extra={"parent": edge.parent_name, "reason": error.message}
            )
            continue
        if str(info["id"]).lower() != edge.parent_name.lower():
            _rename(edge, str(info["id"]))


def _rename(edge: LineageEdge, name: str) -> None:
    """Give an edge the name that the Hub itself uses, and link it if that one is registered."""
    key = make_repository_key(SourceKind.HUGGINGFACE_MODEL, name)
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
            mine.delete()  # The card names the parent twice, or the model itself.
            return
        mine.update(
            parent_key=key,
            parent_name=name[:NAME_MAX_CHARS],
            parent_id=parent_id,
            parent_url=model_url(name),
        )
        if parent_id is not None:
            schedule_followers(key)


def _kept_size(size_bytes: int | None) -> int | None:
    """Return a size that fits the column; None for one that a source overstates."""
    return size_bytes if size_bytes is not None and 0 <= size_bytes <= WHOLE_NUMBER_MAX else None


def _may_be_renamed(link: ParentLink, registered: dict[tuple[str, str], str]) -> bool:
    """Whether the Hub may call a model by another name than its child does."""
    is_model = link.parent_type == ArtifactType.MODEL
    return is_model and (link.parent_type, link.parent_key) not in registered
