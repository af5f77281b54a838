"""Artifacts: found, inspected, deleted, mirrored again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from artifacts.admin.base import (
    ReadOnlyAdmin,
    ask_before_deleting,
    do_for_each,
    human_size,
    refused,
    table,
)
from artifacts.admin.download import DownloadFields
from artifacts.admin.trust import ScoreFilter, TrustFields
from artifacts.exceptions import RegistryError
from artifacts.models import (
    Artifact,
    AuditEntry,
    Rating,
    Revision,
    SearchDocument,
    Task,
    User,
)
from artifacts.services.deletion import delete_artifact
from artifacts.services.mirror import mirror_again
from artifacts.services.registration import drop_artifact

ENTRIES_SHOWN = 50


class SourceFilter(admin.SimpleListFilter):
    """Shows the artifacts that everybody sees, or those whose source has not answered yet.

    Never both at once: the indexes that keep this list fast hold the first kind only.
    """

    title = "source"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002  (the interface's)
        """Offer the second kind; the first is what is shown unasked."""
        return [("yes", "has not answered yet")]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        queryset: QuerySet[Artifact],
    ) -> QuerySet[Artifact]:
        """Narrow the list."""
        return queryset.filter(current_revision__isnull=self.value() == "yes")


@admin.register(Artifact)
class ArtifactAdmin(TrustFields, DownloadFields, ReadOnlyAdmin):
    """The list of artifacts, and everything about one of them on one page."""

    list_display = (
        "name", "id", "type", "score", "gate", "content", "size", "uploader_name", "created",
    )  # fmt: skip
    list_filter = (
        SourceFilter,
        "type",
        "current_revision__current_rating__gate",
        ScoreFilter,
        "current_revision__content_state",
        "current_revision__source_kind",
    )
    list_select_related = ("current_revision__current_rating",)
    search_fields = ("id__startswith", "name__startswith")
    search_help_text = "The beginning of a name or an id, as it is written."
    ordering = ("-created_us", "-id")
    actions = ("delete_selected", "mirror_again", "rate_again")
    fieldsets = (
        (None, {"fields": ("name", "id", "type", "source", "uploader_name", "created")}),
        ("Rating", {"fields": ("score", "gate", "gate_reasons", "scores", "ratings")}),
        ("Evidence", {"fields": ("evidence",), "classes": ("collapse",)}),
        ("Lineage", {"fields": ("picture", "parents")}),
        ("Content", {"fields": ("content", "reason", "size", "license", "commit")}),
        ("Files", {"fields": ("downloads", "files")}),
        ("Revisions", {"fields": ("revisions",)}),
        ("Work", {"fields": ("tasks",)}),
        ("Audit trail", {"fields": ("trail",)}),
        ("README", {"fields": ("readme",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artifact]:
        """Leave out what of a rating is large and in no column."""
        rows: QuerySet[Artifact] = super().get_queryset(request)
        return rows.defer(
            *(f"current_revision__current_rating__{name}" for name in Rating.LARGE_FIELDS)
        )

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        obj: Model | None = None,  # noqa: ARG002  (likewise)
    ) -> list[str]:
        """Show everything, edit nothing."""
        return [str(field) for _, options in self.fieldsets for field in options["fields"]]

    def has_delete_permission(
        self,
        request: HttpRequest,
        obj: Model | None = None,  # noqa: ARG002  (Django's form)
    ) -> bool:
        """Administrators delete, through the service."""
        return bool(cast("User", request.user).is_admin)

    def delete_model(self, request: HttpRequest, obj: Artifact) -> None:
        """Delete from an artifact's own page."""
        _delete(obj, request)

    def get_deleted_objects(
        self,
        objs: Any,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Name what the confirmation page shows: the artifact, not its thousand files."""
        return [str(each) for each in objs], {"artifacts": len(objs)}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a refusal as a message."""
        try:
            answer: HttpResponse = super().delete_view(request, object_id, extra_context)
        except RegistryError as error:
            return refused(request, error, Artifact)
        return answer

    @admin.action(description="Delete the selected artifacts", permissions=["delete"])
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[Artifact]
    ) -> HttpResponse | None:
        """Ask, then delete several through the service, which knows audit and bucket."""
        if not request.POST.get("post"):
            return ask_before_deleting(self, request, queryset)
        do_for_each(
            request, queryset, lambda each: _delete(each, request), "artifacts were deleted."
        )
        return None

    @admin.action(description="Mirror the content again")
    def mirror_again(self, request: HttpRequest, queryset: QuerySet[Artifact]) -> None:
        """Have missing bytes fetched."""
        user = cast("User", request.user)
        do_for_each(
            request,
            queryset,
            lambda each: mirror_again(artifact_id=each.id, user=user),
            "artifacts are being mirrored again.",
        )

    @admin.display(description="created (UTC)", ordering="created_us")
    def created(self, artifact: Artifact) -> str:
        """Show when, as the id says it."""
        return f"{datetime.fromtimestamp(artifact.created_us / 1e6, UTC):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="content", ordering="current_revision__content_state")
    def content(self, artifact: Artifact) -> str:
        """Show how far the bytes are kept."""
        revision = artifact.current_revision
        return revision.content_state if revision else "waiting for the source"

    @admin.display(description="why")
    def reason(self, artifact: Artifact) -> str:
        """Show why the bytes are not kept."""
        return (artifact.current_revision and artifact.current_revision.content_reason) or "-"

    @admin.display(description="size")
    def size(self, artifact: Artifact) -> str:
        """Show the size of all files."""
        return human_size(
            artifact.current_revision.size_bytes if artifact.current_revision else None
        )

    @admin.display(description="license, as stated")
    def license(self, artifact: Artifact) -> str:
        """Show the license."""
        return (artifact.current_revision and artifact.current_revision.license) or "none stated"

    @admin.display(description="commit")
    def commit(self, artifact: Artifact) -> str:
        """Show the source's commit."""
        return (artifact.current_revision and artifact.current_revision.commit) or "-"

    @admin.display(description="source")
    def source(self, artifact: Artifact) -> SafeString | str:
        """Link to the source; only web addresses become links."""
        url = artifact.current_revision.url if artifact.current_revision else artifact.source_key
        if not url.startswith(("https://", "http://")):
            return url
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', url, url)

    @admin.display(description="revisions")
    def revisions(self, artifact: Artifact) -> SafeString:
        """List the revisions, newest first."""
        rows = [
            (
                f"{revision.number}{' (current)' if _is_current(artifact, revision) else ''}",
                revision.url,
                revision.content_state,
                revision.created_by,
                f"{revision.created_at:%Y-%m-%d %H:%M:%S}",
            )
            for revision in artifact.revisions.order_by("-number")[:ENTRIES_SHOWN]
        ]
        return table(("Number", "URL", "Content", "By", "At (UTC)"), rows)

    @admin.display(description="tasks")
    def tasks(self, artifact: Artifact) -> SafeString:
        """List the work done for it, newest first."""
        found = Task.objects.filter(artifact_id=artifact.id).order_by("-created_at")
        rows = [
            (
                format_html(
                    '<a href="{}">{}</a>',
                    reverse("admin:artifacts_task_change", args=[task.id]),
                    task.name,
                ),
                task.state,
                f"{task.attempts} of {task.attempts_max}",
                task.error or "-",
            )
            for task in found[:ENTRIES_SHOWN]
        ]
        return table(("Task", "State", "Attempts", "What went wrong"), rows)

    @admin.display(description="audit trail")
    def trail(self, artifact: Artifact) -> SafeString:
        """List who did what, newest first."""
        found = AuditEntry.objects.filter(artifact_id=artifact.id).order_by("-id")
        rows = [
            (f"{each.created_at:%Y-%m-%d %H:%M:%S}", each.user_name, each.action, each.note or "-")
            for each in found[:ENTRIES_SHOWN]
        ]
        return table(("At (UTC)", "Who", "What", "Note"), rows)

    @admin.display(description="README")
    def readme(self, artifact: Artifact) -> SafeString | str:
        """Show the card as plain text: it comes from strangers."""
        document = SearchDocument.objects.filter(artifact=artifact).first()
        if document is None or not document.readme:
            return "none"
        return format_html('<pre class="registry-readme" tabindex="0">{}</pre>', document.readme)


def _delete(artifact: Artifact, request: HttpRequest) -> None:
    """Delete an artifact in the name of who asks; one that waits for its source is let go."""
    user = cast("User", request.user)
    if artifact.current_revision_id is None:
        drop_artifact(
            artifact_id=artifact.id, reason=f"Deleted by {user.username}.", url=artifact.source_key
        )
    else:
        delete_artifact(artifact_type=artifact.type, artifact_id=artifact.id, user=user)


def _is_current(artifact: Artifact, revision: Revision) -> bool:
    """Whether a revision is the one that is shown."""
    return artifact.current_revision_id == revision.pk
