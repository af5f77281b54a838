"""Downloads from the staff site: redirects to signed addresses, as the API answers them."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from artifacts.admin.base import ReadOnlyAdmin, human_size, refused, table
from artifacts.enums import ContentState
from artifacts.exceptions import RegistryError
from artifacts.models import Artifact, File, User
from artifacts.services.downloads import DOWNLOAD_PARTS, get_download, get_file_download

# An artifact may have a hundred thousand files; a page shows the first of them.
FILES_SHOWN = 100


class DownloadFields(ReadOnlyAdmin):
    """What the page of an artifact shows of its files, and where they are to be had."""

    def get_urls(self) -> list[URLPattern]:
        """Add the download of a bundle."""
        view = require_safe(self.admin_site.admin_view(self.download_view))
        own = path("<str:object_id>/download/<str:part>/", view, name="artifacts_artifact_download")
        return [own, *super().get_urls()]

    def download_view(self, request: HttpRequest, object_id: str, part: str) -> HttpResponse:
        """Redirect to the bytes."""
        artifact = get_object_or_404(Artifact, pk=object_id)
        try:
            found = get_download(
                artifact_type=artifact.type,
                artifact_id=artifact.id,
                part=part,
                user=cast("User", request.user),
            )
        except RegistryError as error:
            return refused(request, error, Artifact)
        return HttpResponseRedirect(found.url)

    @admin.display(description="downloads")
    def downloads(self, artifact: Artifact) -> SafeString | str:
        """Link to the zips of the whole and of each part that there is."""
        revision = artifact.current_revision
        if revision is None or revision.content_state != ContentState.STORED:
            return "The bytes are not here (yet); see Content."
        present = set(revision.files.order_by().values_list("part", flat=True).distinct())
        links = [
            (reverse("admin:artifacts_artifact_download", args=[artifact.id, part]), part)
            for part in DOWNLOAD_PARTS
            if part in present or (part == DOWNLOAD_PARTS[0] and present)
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links) or "none"

    @admin.display(description="files")
    def files(self, artifact: Artifact) -> SafeString:
        """List the first files."""
        found = File.objects.filter(revision_id=artifact.current_revision_id or 0)
        count = found.count()
        more = (
            reverse("admin:artifacts_file_changelist") + f"?revision={artifact.current_revision_id}"
        )
        rows = [
            (file.path, file.part, human_size(file.size_bytes), file_link(file))
            for file in found.order_by("path")[:FILES_SHOWN]
        ]
        return format_html(
            '{}<p><a href="{}">All {} files</a></p>',
            table(("Path", "Part", "Size", "Kept"), rows),
            more,
            count,
        )


@admin.register(File)
class FileAdmin(ReadOnlyAdmin):
    """Files of revisions."""

    list_display = ("path", "revision_id", "part", "size", "source_digest", "blob_id", "bytes")
    list_filter = ("part",)
    search_fields = ("path__startswith", "blob__sha256__exact")
    linked_by = ("revision",)  # from the artifact's page
    ordering = ("id",)

    def get_urls(self) -> list[URLPattern]:
        """Add the download of a file."""
        view = require_safe(self.admin_site.admin_view(self.download_view))
        own = path("<int:file_id>/download/", view, name="artifacts_file_download")
        return [own, *super().get_urls()]

    def download_view(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Redirect to the bytes."""
        files: QuerySet[File] = File.objects.select_related("revision__artifact")
        file = get_object_or_404(files, pk=file_id)
        try:
            found = get_file_download(file=file, user=cast("User", request.user))
        except RegistryError as error:
            return refused(request, error, File)
        return HttpResponseRedirect(found.url)

    @admin.display(description="size", ordering="size_bytes")
    def size(self, file: File) -> str:
        """Show the size for people."""
        return human_size(file.size_bytes)

    @admin.display(description="kept")
    def bytes(self, file: File) -> SafeString | str:
        """Link to the bytes."""
        return file_link(file)


def file_link(file: File) -> SafeString | str:
    """Return a link to a file's bytes, "-" where they are not here."""
    if not file.blob_id:
        return "-"
    address = reverse("admin:artifacts_file_download", args=[file.pk])
    return format_html('<a href="{}" aria-label="download {}">download</a>', address, file.path)
