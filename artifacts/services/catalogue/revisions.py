"""Turning a snapshot into the rows of a revision; `registration` and `replacement` call this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import models
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, ContentState, SourceKind
from artifacts.models import (
    Artifact,
    AuditEntry,
    File,
    Rating,
    Revision,
    SearchDocument,
    VersionTag,
)
from artifacts.rules.parts import settle_part
from artifacts.rules.search.versions import version_key
from artifacts.rules.text import storable
from artifacts.services.content.examination import say_faults
from artifacts.services.lineage.edges import link_arrival, save_edges
from artifacts.services.lineage.parent_links import ParentLink
from artifacts.services.records.artifact_records import build_record
from artifacts.services.records.trust_records import trust_record
from artifacts.services.trust.assessment import Assessment
from artifacts.services.trust.look_alikes import note_names
from artifacts.services.trust.rating import draft_rating, save_rating
from artifacts.services.trust.version_tags import choose_targets
from artifacts.sources.base import Snapshot
from artifacts.work import queue
from artifacts.work.jobs import Job

# Rows written by one INSERT; SQLite accepts 32,766 parameters in a statement.
_BATCH_ROWS = 2_000


@dataclass(frozen=True)
class Draft:
    """A revision that has not been written yet, with everything that belongs to it."""

    artifact: Artifact
    revision: Revision
    files: Sequence[File]
    version_tags: Sequence[VersionTag]
    readme: str
    audit_entry: AuditEntry
    parents: Sequence[ParentLink] = ()
    rating: Rating | None = None

    def record(self) -> bytes:
        """Return its record for the bucket (requirement A7)."""
        return build_record(
            artifact=self.artifact,
            revision=self.revision,
            files=self.files,
            version_tags=self.version_tags,
            readme=self.readme,
            audit_entries=[self.audit_entry],
            trust=trust_record(self.parents, self.rating),
        )


Settle = Callable[[Draft], None]


def leave(draft: Draft) -> None:
    """Leave a draft as it is: what most of those who write one still have to do to it."""


def draft_revision(
    *,
    artifact: Artifact,
    snapshot: Snapshot,
    url: str,
    number: int,
    author: Author,
    assessment: Assessment | None = None,
) -> Draft:
    """Prepare the rows of a revision without writing them.

    Args:
        assessment: the judgement of a model; None for an artifact that is not rated.
    """
    reference = snapshot.reference
    created_at = (
        datetime.fromtimestamp(artifact.created_us / 1_000_000, UTC)
        if number == 1
        else timezone.now()
    )
    state, reason = _content_of(snapshot)
    revision = Revision(
        artifact=artifact,
        number=number,
        url=url,
        source_kind=reference.kind,
        repository=reference.repository,
        ref=reference.ref,
        folder=reference.folder,
        commit=snapshot.commit,
        license=storable(snapshot.license)[: _max_length("license")],
        size_bytes=snapshot.size_bytes,
        card=storable(snapshot.card),
        config=storable(snapshot.config),
        facts=storable(snapshot.facts),
        content_state=state,
        content_reason=storable(reason),
        stored_bytes=(snapshot.size_bytes or 0) if state == ContentState.STORED else 0,
        created_at=created_at,
        created_by=author.name,
    )
    revision.tag_targets = choose_targets(revision, snapshot.tags)
    files = [
        File(
            revision=revision,
            path=file.path,
            part=settle_part(file.path, file.part, ArtifactType(artifact.type)),
            size_bytes=file.size_bytes,
            source_digest=file.digest,
            fault=storable(file.fault),
            blob_id=file.blob,
        )
        for file in snapshot.files
    ]
    keys = ((tag, version_key(tag)) for tag in snapshot.tags)
    version_tags = [
        VersionTag(revision=revision, tag=tag, version_key=key)
        for tag, key in keys
        if key is not None
    ]
    audit_entry = AuditEntry(
        artifact_id=artifact.id,
        artifact_type=ArtifactType(artifact.type),
        artifact_name=artifact.name,
        user_name=author.name,
        user_is_admin=author.is_admin,
        action=AuditAction.CREATE if number == 1 else AuditAction.UPDATE,
        created_at=created_at,
    )
    return Draft(
        artifact,
        revision,
        files,
        version_tags,
        storable(snapshot.readme),
        audit_entry,
        parents=assessment.parents if assessment else (),
        rating=draft_rating(revision, assessment, author.name) if assessment else None,
    )


def _content_of(snapshot: Snapshot) -> tuple[ContentState, str]:
    """Return the state of a revision's content, and its reason."""
    if snapshot.reference.kind == SourceKind.COMMIT:  # Its bytes were in the bucket first.
        return ContentState.STORED, say_faults(
            [(each.path, each.fault) for each in snapshot.files if each.fault]
        )
    state = ContentState.LINK_ONLY if snapshot.link_only_reason else ContentState.PENDING
    return state, snapshot.link_only_reason


def save_revision(draft: Draft) -> None:
    """Write the rows of a revision and make it the current one.

    Call it inside the transaction that writes a new artifact, so that readers see all of it or
    nothing. It also schedules the task that fetches the bytes.
    """
    artifact, revision = draft.artifact, draft.revision
    revision.save(force_insert=True)
    File.objects.bulk_create(draft.files, batch_size=_BATCH_ROWS)
    VersionTag.objects.bulk_create(draft.version_tags, batch_size=_BATCH_ROWS)
    is_first = revision.number == 1
    found_by = {"name": artifact.name, "readme": draft.readme}
    if is_first:
        SearchDocument.objects.create(artifact=artifact, **found_by)
    else:
        SearchDocument.objects.update_or_create(artifact=artifact, defaults=found_by)
    draft.audit_entry.save()
    artifact.current_revision = revision
    artifact.save(update_fields=["current_revision", "source_key"])
    save_edges(artifact=artifact, parents=draft.parents, is_first=is_first)
    link_arrival(artifact, is_first=is_first)
    if is_first or revision.source_kind != SourceKind.COMMIT:
        note_names(artifact, revision)  # A commit changes neither name nor owner.
    if draft.rating is not None:
        save_rating(draft.rating, is_admin=draft.audit_entry.user_is_admin)
    queue.schedule(Job.MIRROR_REVISION, artifact_id=artifact.id, revision_id=revision.pk)


@dataclass(frozen=True)
class Author:
    """The creator of a revision: a copy, since the user may be gone when the source answers."""

    name: str
    is_admin: bool


def _max_length(field_name: str) -> int | None:
    """Return how many characters a column of `Revision` holds; None for no limit."""
    field = Revision._meta.get_field(field_name)  # noqa: SLF001  (Django's documented interface)
    return field.max_length if isinstance(field, models.CharField) else None
