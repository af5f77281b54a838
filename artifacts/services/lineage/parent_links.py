"""Finding what an artifact was made from in its metadata and in the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.enums import ArtifactType, ParentOrigin, Relationship, SourceKind
from artifacts.models import LineageEdge
from artifacts.rules.lineage.merge_bases import MERGED
from artifacts.rules.lineage.parents import find_parents
from artifacts.rules.page_urls import dataset_url, model_url
from artifacts.rules.rating.dataset_mentions import find_datasets
from artifacts.rules.rating.evidence import (
    CodeFacts,
    CodeFoundBy,
    DatasetFoundBy,
    Evidence,
    Missing,
    Purpose,
)
from artifacts.rules.readme import readable
from artifacts.rules.values import read_strings, read_tags
from artifacts.sources.base import Snapshot, make_repository_key

_OF_DATASETS: dict[Purpose, Relationship] = {
    "training": Relationship.TRAINING_DATASET,
    "evaluation": Relationship.EVALUATION_DATASET,
}
_ORIGINS: dict[DatasetFoundBy, ParentOrigin] = {
    "card": ParentOrigin.MODEL_CARD,
    "tag": ParentOrigin.TAGS,
    "readme": ParentOrigin.README,
}


@dataclass(frozen=True)
class ParentLink:
    """Something that an artifact was made from, in the words of `LineageEdge`."""

    parent_type: ArtifactType
    parent_key: str
    parent_name: str
    parent_url: str
    relationship: Relationship
    origin: ParentOrigin
    size_bytes: int | None = None


def find_parent_links(snapshot: Snapshot) -> tuple[ParentLink, ...]:
    """Return the models and data sets of the Hub that a model's metadata name as its parents."""
    tags = read_tags(snapshot.facts)
    parents = find_parents(
        repository=snapshot.reference.repository,
        card=snapshot.card,
        config=snapshot.config,
        tags=tags,
        paths=[file.path for file in snapshot.files],
        readme=readable(snapshot.readme),
        merged=read_strings(snapshot.facts.get(MERGED)),
    )
    models = [
        ParentLink(
            parent_type=ArtifactType.MODEL,
            parent_key=make_repository_key(SourceKind.HUGGINGFACE_MODEL, each.repository),
            parent_name=each.repository,
            parent_url=model_url(each.repository),
            relationship=each.relationship,
            origin=each.origin,
        )
        for each in parents
    ]
    datasets = [
        ParentLink(
            parent_type=ArtifactType.DATASET,
            parent_key=make_repository_key(SourceKind.HUGGINGFACE_DATASET, each.repository),
            parent_name=each.repository,
            parent_url=each.url,
            relationship=_OF_DATASETS[each.purpose],
            origin=_ORIGINS[each.found_by],
        )
        for each in find_datasets(
            snapshot.card, tags, readable(snapshot.readme), snapshot.reference.repository
        )
        # A data set that a sentence merely names has no address to wait for.
        if each.url
    ]
    return (*models, *datasets)


def with_evidence(parents: tuple[ParentLink, ...], evidence: Evidence) -> tuple[ParentLink, ...]:
    """Return a model's parents, completed by the evidence.

    Data sets get their current names and sizes, and the code repository is added, unless it is the
    library's, which is no part of the model.
    """
    links = {(each.parent_type, each.parent_key): each for each in parents}
    datasets = () if isinstance(evidence.datasets, Missing) else evidence.datasets
    for dataset in datasets:
        if dataset.is_found:
            link = ParentLink(
                parent_type=ArtifactType.DATASET,
                parent_key=make_repository_key(SourceKind.HUGGINGFACE_DATASET, dataset.repository),
                parent_name=dataset.repository,
                parent_url=dataset_url(dataset.repository),
                relationship=_OF_DATASETS[dataset.purpose],
                origin=_in_card(dataset.found_by),
                size_bytes=dataset.size_bytes,
            )
            # The card may use its former name.
            links = {key: each for key, each in links.items() if each.parent_url != dataset.url}
            links[link.parent_type, link.parent_key] = link
    code = evidence.code
    if isinstance(code, CodeFacts) and code.is_own:
        files = () if isinstance(code.files, Missing) else code.files
        link = ParentLink(
            parent_type=ArtifactType.CODE,
            parent_key=make_repository_key(SourceKind.GITHUB, code.repository),
            parent_name=code.repository,
            parent_url=code.url,
            relationship=Relationship.CODE,
            origin=_in_card(code.found_by),
            size_bytes=sum(file.size_bytes or 0 for file in files) or None,
        )
        links[link.parent_type, link.parent_key] = link
    return tuple(links.values())


def read_parent_links(artifact_id: str) -> tuple[ParentLink, ...]:
    """Return the recorded parents of an artifact."""
    return tuple(
        ParentLink(
            parent_type=ArtifactType(edge.parent_type),
            parent_key=edge.parent_key,
            parent_name=edge.parent_name,
            parent_url=edge.parent_url,
            relationship=Relationship(edge.relationship),
            origin=ParentOrigin(edge.origin),
            size_bytes=edge.parent_size_bytes,
        )
        for edge in LineageEdge.objects.filter(child_id=artifact_id).order_by("id")
    )


def _in_card(found_by: CodeFoundBy | DatasetFoundBy) -> ParentOrigin:
    """Return in which half of a card something is named."""
    return ParentOrigin.README if found_by == "readme" else ParentOrigin.MODEL_CARD
