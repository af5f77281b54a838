"""Staff pages about trust: ratings, lineage, cached answers."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from artifacts.admin.base import ReadOnlyAdmin
from artifacts.admin.filters import OriginFilter, RelationshipFilter, RulesVersionFilter
from artifacts.models import CachedAnswer, LineageEdge, Rating


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    """All ratings of all revisions."""

    words = ("rating", "ratings")
    list_display = ("revision", "net_score", "tree_score", "gate", "is_incomplete", "created_at")
    list_filter = ("gate", "is_incomplete", RulesVersionFilter)
    list_select_related = ("revision",)
    search_fields = ("revision__artifact__id__startswith",)
    search_help_text = "The beginning of an artifact's id."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        """Leave out large fields that no column shows."""
        rows: QuerySet[Rating] = super().get_queryset(request)
        return rows.defer(*Rating.LARGE_FIELDS)


@admin.register(LineageEdge)
class LineageEdgeAdmin(ReadOnlyAdmin):
    """Links between artifacts and their parents."""

    words = ("link to a parent", "links to parents")
    list_display = ("parent_name", "parent_type", "relationship", "child_id", "parent_id", "origin")
    list_filter = ("parent_type", RelationshipFilter, OriginFilter)
    search_fields = ("parent_name__startswith", "child__id__startswith")
    search_help_text = "The beginning of a parent's name or of a child's id."
    ordering = ("-id",)


@admin.register(CachedAnswer)
class CachedAnswerAdmin(ReadOnlyAdmin):
    """Cached answers of sources."""

    words = ("kept answer of a source", "kept answers of sources")
    list_display = ("url", "confirmed_at", "etag")
    search_fields = ("url__startswith",)
    search_help_text = "The beginning of an address."
    ordering = ("-confirmed_at",)
    exclude = ("body",)
