"""Staff pages without actions: revisions, blobs, the audit trail and so on."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import admin as _  # noqa: F401  (registers Group)
from django.contrib.auth.models import Group

from artifacts.admin.base import ReadOnlyAdmin, SizeColumn
from artifacts.admin.filters import StatusFilter, TypeFilter
from artifacts.models import (
    ActivityBucket,
    AuditEntry,
    Blob,
    Decision,
    IdSequence,
    Revision,
    SearchDocument,
    VersionTag,
)

# Permissions belong to single users; groups would have no effect.
admin.site.unregister(Group)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """States of artifacts."""

    words = ("revision", "revisions")
    list_display = ("id", "artifact_id", "number", "source_kind", "repository", "content_state")
    list_filter = ("content_state", "source_kind")
    search_fields = ("artifact__id__exact", "repository__startswith")
    ordering = ("-id",)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """What was decided on revisions; those that hold and those before."""

    words = ("decision", "decisions")
    list_display = (
        "decided_at", "revision", "state", "decided_by", "found_by", "is_effective", "reason",
    )  # fmt: skip
    list_filter = ("state", "is_effective")
    list_select_related = ("revision",)
    search_fields = ("revision__artifact__id__exact", "decided_by__exact")
    ordering = ("-id",)


@admin.register(Blob)
class BlobAdmin(SizeColumn, ReadOnlyAdmin):
    """Stored bytes."""

    words = ("stored blob", "stored blobs")
    list_display = ("sha256", "size", "created_at")
    search_fields = ("sha256__startswith",)
    ordering = ("sha256",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what, including deletions."""

    words = ("audit entry", "audit entries")
    list_display = ("created_at", "user_name", "action", "artifact_name", "artifact_id", "note")
    list_filter = ("action", "artifact_type")
    search_fields = ("artifact_id__exact", "user_name__exact")
    # The order of writing, which equals that of dates and needs no sorting, since it has an index.
    ordering = ("-id",)


@admin.register(ActivityBucket)
class ActivityBucketAdmin(ReadOnlyAdmin):
    """Requests by minute."""

    words = ("count of requests", "requests by minute")
    list_display = ("minute", "route", "status", "artifact_type", "requests")
    list_filter = (StatusFilter, TypeFilter)
    ordering = ("-minute", "route")


@admin.register(IdSequence)
class IdSequenceAdmin(ReadOnlyAdmin):
    """The last numbers given."""

    words = ("last number", "last numbers")
    list_display = ("artifact_type", "last_number")


@admin.register(VersionTag)
class VersionTagAdmin(ReadOnlyAdmin):
    """Tags that are versions."""

    words = ("version tag", "version tags")
    list_display = ("tag", "revision_id", "version_key")
    search_fields = ("tag__startswith",)
    ordering = ("id",)


@admin.register(SearchDocument)
class SearchDocumentAdmin(ReadOnlyAdmin):
    """The texts that expressions search."""

    words = ("text for searching", "texts for searching")
    list_display = ("name", "artifact_id")
    search_fields = ("name__startswith",)
    ordering = ("id",)
