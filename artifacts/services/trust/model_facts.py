"""The facts about a model's own repository, out of a snapshot or out of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from artifacts.enums import ContentState, Part, SourceKind
from artifacts.models import Revision, RevisionScan, SearchDocument
from artifacts.rules import page_urls
from artifacts.rules.eval_results import read_results
from artifacts.rules.lfs import may_be_pointer
from artifacts.rules.parts import classify_part
from artifacts.rules.rating.evidence import FileFacts, ModelFacts
from artifacts.rules.rating.libraries import find_library
from artifacts.rules.reading import read_readings
from artifacts.rules.readme import readable
from artifacts.rules.values import read_count, read_tags, read_text
from artifacts.sources.base import Snapshot


def read_snapshot_facts(snapshot: Snapshot) -> ModelFacts:
    """Return what a source just said about a model."""
    listed = tuple(
        FileFacts(each.path, each.size_bytes, each.part, each.digest) for each in snapshot.files
    )
    files = _doubt_sizes(listed, snapshot.reference.kind)
    return _model_facts(
        snapshot.reference.repository,
        snapshot.reference.kind,
        snapshot.readme,
        snapshot.card,
        snapshot.config,
        snapshot.facts,
        license=snapshot.license,
        versions=tuple(snapshot.tags),
        files=files,
        faults={each.path: each.fault for each in snapshot.files if each.fault},
        commit=snapshot.commit,
    )


def read_revision_facts(revision: Revision, *, with_files: bool = True) -> ModelFacts:
    """Return what is kept of a model's current revision; its list of files may be left out."""
    columns = ("path", "size_bytes", "part", "source_digest")
    rows = revision.files.values_list(*columns) if with_files else ()
    files = tuple(
        FileFacts(path, size_bytes, Part(part), digest) for path, size_bytes, part, digest in rows
    )
    if revision.content_state != ContentState.STORED:
        files = _doubt_sizes(files, SourceKind(revision.source_kind))
    faults = revision.files.exclude(fault="").values_list("path", "fault")
    scanned = RevisionScan.objects.filter(revision=revision).values_list("sentences", flat=True)
    document = SearchDocument.objects.filter(artifact_id=revision.artifact_id)
    return _model_facts(
        revision.repository,
        SourceKind(revision.source_kind),
        document.values_list("readme", flat=True).first() or "",
        revision.card,
        revision.config,
        revision.facts,
        license=revision.license,
        versions=tuple(revision.version_tags.values_list("tag", flat=True)),
        files=files,
        faults=dict(faults),
        commit=revision.commit,
        scanned=tuple(scanned.first() or ()),
    )


def _model_facts(  # noqa: PLR0913  (the columns of a revision)
    repository: str,
    origin: SourceKind,
    readme: str,
    card: Mapping[str, Any],
    config: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    license: str,  # noqa: A002  (the field's word)
    versions: tuple[str, ...],
    files: tuple[FileFacts, ...],
    faults: Mapping[str, str],
    commit: str,
    scanned: tuple[str, ...] = (),
) -> ModelFacts:
    """Return a model's facts; a source's values of another type are left out."""
    pointers = _read_pointers(facts)
    return ModelFacts(
        repository=repository,
        origin=origin,
        readme=readme,
        card=card,
        config=config,
        license=license,
        library=find_library(
            read_text(facts.get("library_name")), card, config, read_tags(facts), readable(readme)
        ),
        task=read_text(facts.get("pipeline_tag")) or read_text(card.get("pipeline_tag")),
        tags=read_tags(facts),
        versions=versions,
        files=tuple(_stood_for(file, pointers.get(file.path)) for file in files),
        faults=faults,
        pointers=frozenset(pointers),
        downloads=read_count(facts.get("downloads")),
        likes=read_count(facts.get("likes")),
        created_at=read_text(facts.get("createdAt")),
        modified_at=read_text(facts.get("lastModified")),
        readings=read_readings(facts),
        commit=commit,
        page_url=_page_url(origin, repository),
        results=read_results(facts.get("results")),
        scan=kept if isinstance(kept := facts.get("securityRepoStatus"), dict) else {},
        scanned=scanned,
    )


def _read_pointers(facts: Mapping[str, Any]) -> dict[str, int]:
    """Return path -> size of what a pointer of Git LFS stands for."""
    kept = facts.get("pointers")
    sizes = kept if isinstance(kept, dict) else {}
    return {path: size for path, size in sizes.items() if read_count(size) is not None}


def _doubt_sizes(files: tuple[FileFacts, ...], origin: SourceKind) -> tuple[FileFacts, ...]:
    """Return files that nobody has looked into, with sizes only as far as they are sure.

    GitHub lists the size of a Git LFS pointer, not of the weights that it stands for.
    """
    if origin != SourceKind.GITHUB:
        return files
    return tuple(
        replace(file, size_bytes=None)
        if file.part == Part.WEIGHTS and may_be_pointer(file.size_bytes)
        else file
        for file in files
    )


def _stood_for(file: FileFacts, size_bytes: int | None) -> FileFacts:
    """Return the file that a pointer of this content's size stands for; others as they are."""
    if size_bytes is None:
        return file
    return FileFacts(file.path, size_bytes, classify_part(file.path, size_bytes))


def _page_url(origin: SourceKind, repository: str) -> str:
    """Return the page of a repository for people, below which `/blob/REF/PATH` shows a file."""
    urls = {
        SourceKind.HUGGINGFACE_MODEL: page_urls.model_url,
        SourceKind.HUGGINGFACE_DATASET: page_urls.dataset_url,
        SourceKind.GITHUB: page_urls.code_url,
    }
    return urls[origin](repository) if origin in urls else ""
