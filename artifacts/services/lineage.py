"""Recording what artifacts were made from, and linking it to what is registered.

An edge waits for its parent by the parent's source key. Both ends look for the other inside their
own transaction and once more after it; should a process die between the two, the daily work links
what is left (`link_waiting_edges`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import SourceRefused
from artifacts.limits import DEFERRED_SNAPSHOT_DEADLINE_S, NAME_MAX_CHARS, URL_MAX_CHARS
from artifacts.models import Artifact, LineageEdge
from artifacts.rules.lineage.parents import find_parents
from artifacts.rules.rating.evidence import CodeFacts, Evidence, Missing
from artifacts.rules.rating.links import find_datasets
from artifacts.rules.readme import readable
from artifacts.services import tasks
from artifacts.services.model_facts import tags_of
from artifacts.sources.base import Deadline, Snapshot, SourceReference
from artifacts.sources.huggingface.client import get_info

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ParentLink:
    """Something that an artifact was made from. The words are those of `LineageEdge`."""

    parent_type: str
    parent_key: str
    parent_name: str
    parent_url: str
    relationship: str
    origin: str
    size_bytes: int | None = None


def links_of(snapshot: Snapshot) -> tuple[ParentLink, ...]:
    """Return what a model was made from, as its metadata say: models and data sets of the Hub."""
    tags = tags_of(snapshot.facts)
    parents = find_parents(
        repository=snapshot.reference.repository,
        card=snapshot.card,
        config=snapshot.config,
        tags=tags,
        paths=[file.path for file in snapshot.files],
    )
    models = [
        ParentLink(
            parent_type=ArtifactType.MODEL.value,
            parent_key=_key(SourceKind.HUGGINGFACE_MODEL, each.repository),
            parent_name=each.repository,
            parent_url=f"https://huggingface.co/{each.repository}",
            relationship=each.relationship,
            origin=each.origin,
        )
        for each in parents
    ]
    datasets = [
        ParentLink(
            parent_type=ArtifactType.DATASET.value,
            parent_key=_key(SourceKind.HUGGINGFACE_DATASET, each.repository),
            parent_name=each.repository,
            parent_url=each.url,
            relationship=f"{each.purpose}_dataset",
            origin={"card": "model_card", "tag": "tags"}.get(each.found_by, each.found_by),
        )
        for each in find_datasets(snapshot.card, tags, readable(snapshot.readme))
        # What sentences merely name is no address that anything could wait for.
        if each.url
    ]
    return (*models, *datasets)


def with_evidence(parents: tuple[ParentLink, ...], evidence: Evidence) -> tuple[ParentLink, ...]:
    """Return what a model was made from, with what the evidence adds.

    Data sets get their own names and sizes, and the code repository joins them; not that of the
    library, which is no part of the model.
    """
    links = {(each.parent_type, each.parent_key): each for each in parents}
    datasets = () if isinstance(evidence.datasets, Missing) else evidence.datasets
    for dataset in datasets:
        if dataset.is_found:
            link = ParentLink(
                parent_type=ArtifactType.DATASET,
                parent_key=_key(SourceKind.HUGGINGFACE_DATASET, dataset.repository),
                parent_name=dataset.repository,
                parent_url=f"https://huggingface.co/datasets/{dataset.repository}",
                relationship=f"{dataset.purpose}_dataset",
                origin="readme" if dataset.found_by == "readme" else "model_card",
                size_bytes=dataset.size_bytes,
            )
            # The card may name it as it was called before.
            links = {key: each for key, each in links.items() if each.parent_url != dataset.url}
            links[link.parent_type, link.parent_key] = link
    code = evidence.code
    if isinstance(code, CodeFacts) and code.found_by in ("card", "readme"):
        files = () if isinstance(code.files, Missing) else code.files
        link = ParentLink(
            parent_type=ArtifactType.CODE,
            parent_key=_key(SourceKind.GITHUB, code.repository),
            parent_name=code.repository,
            parent_url=code.url,
            relationship="code",
            origin="readme" if code.found_by == "readme" else "model_card",
            size_bytes=sum(file.size_bytes or 0 for file in files) or None,
        )
        links[link.parent_type, link.parent_key] = link
    return tuple(links.values())


def links_of_edges(artifact_id: str) -> tuple[ParentLink, ...]:
    """Return what is recorded about an artifact's parents."""
    return tuple(
        ParentLink(
            parent_type=edge.parent_type,
            parent_key=edge.parent_key,
            parent_name=edge.parent_name,
            parent_url=edge.parent_url,
            relationship=edge.relationship,
            origin=edge.origin,
            size_bytes=edge.parent_size_bytes,
        )
        for edge in LineageEdge.objects.filter(child_id=artifact_id).order_by("id")
    )


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
    if not parents:
        return
    keys = {each.parent_key for each in parents}
    found = Artifact.objects.visible().filter(source_key__in=keys).exclude(id=artifact.id)
    registered = {
        (kind, key): pk for kind, key, pk in found.values_list("type", "source_key", "id")
    }
    LineageEdge.objects.bulk_create(
        LineageEdge(
            child=artifact,
            parent_type=each.parent_type,
            parent_key=each.parent_key,
            parent_name=each.parent_name[:NAME_MAX_CHARS],
            parent_url=each.parent_url[:URL_MAX_CHARS],
            parent_id=registered.get((each.parent_type, each.parent_key)),
            relationship=each.relationship,
            origin=each.origin,
            parent_size_bytes=each.size_bytes,
        )
        for each in {(each.parent_type, each.parent_key): each for each in parents}.values()
    )
    if any(_is_old_name(each) for each in parents):
        tasks.schedule("resolve_parents", artifact_id=artifact.id)


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
    parent = Artifact.objects.visible().filter(
        type=OuterRef("parent_type"), source_key=OuterRef("parent_key")
    )
    waiting = LineageEdge.objects.filter(parent__isnull=True)
    if artifact is not None:
        mine = Q(parent_type=artifact.type, parent_key=artifact.source_key)
        waiting = waiting.filter(Q(child=artifact) | mine)
    missed = waiting.annotate(found=Subquery(parent.values("id")[:1])).filter(found__isnull=False)
    pairs = list(missed.exclude(found=F("child_id")).values_list("id", "found", "parent_key"))
    for edge_id, parent_id, key in pairs:
        LineageEdge.objects.filter(id=edge_id, parent__isnull=True).update(parent_id=parent_id)
        schedule_followers(key)
    return len(pairs)


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
    key = _key(SourceKind.HUGGINGFACE_MODEL, name)
    parent = Artifact.objects.visible().filter(type=ArtifactType.MODEL, source_key=key).first()
    with transaction.atomic():
        others = LineageEdge.objects.filter(
            child_id=edge.child_id, parent_type=edge.parent_type, parent_key=key
        ).exclude(pk=edge.pk)
        if others.exists() or (parent is not None and parent.id == edge.child_id):
            edge.delete()  # The card names it by both names, or the model itself.
            return
        edge.parent_key, edge.parent_name, edge.parent = key, name[:NAME_MAX_CHARS], parent
        edge.parent_url = f"https://huggingface.co/{name}"
        edge.save()
        if parent is not None:
            schedule_followers(key)


def _key(kind: SourceKind, repository: str) -> str:
    """Return the source key of a repository as a whole."""
    return SourceReference(kind, repository, name="", url="").key


def _is_old_name(link: ParentLink) -> bool:
    """Whether a model is named without its owner, as on the Hub of before."""
    return link.parent_type == ArtifactType.MODEL and "/" not in link.parent_name
