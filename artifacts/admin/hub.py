"""What waits at the Hub's door: large files of commits, and what reads have registered."""

from __future__ import annotations

from django.contrib import admin

from artifacts.admin.base import ReadOnlyAdmin, SizeColumn
from artifacts.admin.filters import PullFilter
from artifacts.models import HubPull, LfsObject


@admin.register(LfsObject)
class LfsObjectAdmin(SizeColumn, ReadOnlyAdmin):
    """Large files that users announced for commits; `remove_orphans` clears away what stays."""

    words = ("large file of a commit", "large files of commits")
    list_display = ("short", "user", "size", "state", "reason", "created_at")
    list_select_related = ("user",)
    list_filter = ("state",)
    search_fields = ("user__username__exact", "sha256__startswith")
    ordering = ("-created_at",)

    @admin.display(description="SHA-256", ordering="sha256")
    def short(self, file: LfsObject) -> str:
        """Show the start of the digest, by which people tell files apart."""
        return str(file)


@admin.register(HubPull)
class HubPullAdmin(ReadOnlyAdmin):
    """Ids of the Hub that readers asked for where the settings let a read register them."""

    words = ("registration by a read", "registrations by reads")
    list_display = ("key", "user_name", "begun_at", "ended_at", "artifact_id", "refusal")
    list_filter = (PullFilter,)
    search_fields = ("key__startswith", "user_name__exact")
    ordering = ("-begun_at",)
