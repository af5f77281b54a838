"""What an artifact was made from, as its metadata and the evidence say; see also `lineage.py`."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.enums import ArtifactType, SourceKind
from artifacts.models import LineageEdge
from artifacts.rules.lineage.parents import find_parents
from artifacts.rules.rating.evidence import CodeFacts, Evidence, Missing
from artifacts.rules.rating.links import find_datasets
from artifacts.rules.readme import readable
from artifacts.services.model_facts import tags_of
from artifacts.sources.base import Snapshot, SourceReference


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
            parent_key=parent_key_of(SourceKind.HUGGINGFACE_MODEL, each.repository),
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
            parent_key=parent_key_of(SourceKind.HUGGINGFACE_DATASET, each.repository),
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
                parent_key=parent_key_of(SourceKind.HUGGINGFACE_DATASET, dataset.repository),
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
            parent_key=parent_key_of(SourceKind.GITHUB, code.repository),
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


def parent_key_of(kind: SourceKind, repository: str) -> str:
    """Return the source key of a repository as a whole."""
    return SourceReference(kind, repository, name="", url="").key
