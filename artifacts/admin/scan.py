"""What scans found, and the globals that are allowed all the same."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from artifacts.admin.base import ReadOnlyAdmin, RegistryAdmin
from artifacts.exceptions import NotFound
from artifacts.models import AllowedGlobal, RevisionScan, User
from artifacts.services.trust.allowing import allow_global, forbid_global


@admin.register(RevisionScan)
class RevisionScanAdmin(ReadOnlyAdmin):
    """Scans of revisions; the artifact's own page names the files."""

    words = ("scan", "scans")
    list_display = ("revision_id", "artifact", "verdict", "scanned_at")
    list_filter = ("verdict",)
    list_select_related = ("revision",)
    ordering = ("-revision_id",)

    @admin.display(description="artifact")
    def artifact(self, scan: RevisionScan) -> str:
        """Show the artifact's id."""
        return scan.revision.artifact_id


@admin.register(AllowedGlobal)
class AllowedGlobalAdmin(RegistryAdmin):
    """Globals that staff allows, added and taken back through the service."""

    words = ("allowed global", "allowed globals")
    list_display = ("name", "artifact_id", "reason", "created_by", "created_at")
    search_fields = ("name__startswith", "artifact_id__exact")
    fields = ("name", "artifact", "reason")
    raw_id_fields = ("artifact",)
    ordering = ("name", "id")

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        obj: Model | None = None,  # noqa: ARG002  (likewise)
    ) -> bool:
        """Allow no edits: who allowed what, and why, stays as it was said."""
        return False

    def save_model(self, request: HttpRequest, obj: AllowedGlobal, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001  (Django's form)
        """Add one."""
        user = cast("User", request.user)
        artifact_id = obj.artifact_id or ""
        made = allow_global(name=obj.name, reason=obj.reason, by=user, artifact_id=artifact_id)
        obj.pk, obj.created_at, obj.created_by = made.pk, made.created_at, made.created_by

    def delete_model(self, request: HttpRequest, obj: AllowedGlobal) -> None:
        """Take one back."""
        forbid_global(allowed=obj, by=cast("User", request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AllowedGlobal]) -> None:
        """Take several back; what somebody else has taken back meanwhile is as it should be."""
        for each in queryset.select_related("artifact"):
            with suppress(NotFound):
                self.delete_model(request, each)
