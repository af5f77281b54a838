"""The facts about a model's own repository, out of a snapshot or out of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artifacts.models import Revision, SearchDocument
from artifacts.rules.rating.evidence import FileFacts, ModelFacts
from artifacts.rules.rating.libraries import library_of
from artifacts.rules.readme import readable
from artifacts.rules.values import count_of, list_of, text_of
from artifacts.sources.base import Snapshot


def facts_of_snapshot(snapshot: Snapshot) -> ModelFacts:
    """Return what a source just said about a model."""
    files = tuple(FileFacts(each.path, each.size_bytes, each.part) for each in snapshot.files)
    return _model_facts(
        snapshot.reference.repository,
        snapshot.reference.kind,
        snapshot.readme,
        snapshot.card,
        snapshot.config,
        snapshot.facts,
        license=snapshot.license,
        versions=snapshot.tags,
        files=files,
    )


def facts_of_revision(revision: Revision) -> ModelFacts:
    """Return what is kept of a model's current revision."""
    files = tuple(
        FileFacts(path, size_bytes, part)
        for path, size_bytes, part in revision.files.values_list("path", "size_bytes", "part")
    )
    document = SearchDocument.objects.filter(artifact_id=revision.artifact_id)
    return _model_facts(
        revision.repository,
        revision.source_kind,
        document.values_list("readme", flat=True).first() or "",
        revision.card,
        revision.config,
        revision.facts,
        license=revision.license,
        versions=tuple(revision.version_tags.values_list("tag", flat=True)),
        files=files,
    )


def tags_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags among what a source says; what is no text is left out."""
    return tuple(each for each in list_of(facts.get("tags")) if isinstance(each, str))


def _model_facts(  # noqa: PLR0913  (the columns of a revision)
    repository: str,
    origin: str,
    readme: str,
    card: Mapping[str, Any],
    config: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    license: str,  # noqa: A002  (the field's word)
    versions: tuple[str, ...],
    files: tuple[FileFacts, ...],
) -> ModelFacts:
    """Return a model's facts; a source's values of another type are left out."""
    return ModelFacts(
        repository=repository,
        origin=str(origin),
        readme=readme,
        card=card,
        config=config,
        license=license,
        library=library_of(
            text_of(facts.get("library_name")), card, config, tags_of(facts), readable(readme)
        ),
        task=text_of(facts.get("pipeline_tag")) or text_of(card.get("pipeline_tag")),
        tags=tags_of(facts),
        versions=versions,
        files=files,
        downloads=count_of(facts.get("downloads")),
        likes=count_of(facts.get("likes")),
        created_at=text_of(facts.get("createdAt")),
        modified_at=text_of(facts.get("lastModified")),
        unread={
            name: reason
            for name in ("card", "config", "weights")
            if (reason := text_of(facts.get(f"{name}_unread")))
        },
    )
