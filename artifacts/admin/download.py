"""Files: listed, and downloaded through a redirect to a signed address, as in the API."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from artifacts.admin.base import ReadOnlyAdmin, SizeColumn, refused
from artifacts.exceptions import RegistryError
from artifacts.models import File, User
from artifacts.services.content.downloads import FILE_PLACE, get_file_download


@admin.register(File)
class FileAdmin(SizeColumn, ReadOnlyAdmin):
    """Files of revisions."""

    words = ("file", "files")
    list_display = ("path", "revision_id", "part", "size", "source_digest", "blob_id", "bytes")
    list_filter = ("part",)
    search_fields = ("path__startswith", "blob__sha256__exact")
    linked_by = ("revision",)  # from the artifact's page
    ordering = ("id",)

    def get_urls(self) -> list[URLPattern]:
        """Add the address for downloading a file."""
        view = require_safe(self.admin_site.admin_view(self.download_view))
        own = path("<int:file_id>/download/", view, name="artifacts_file_download")
        return [own, *super().get_urls()]

    def download_view(self, request: HttpRequest, file_id: int) -> HttpResponse:
        """Redirect to the bytes."""
        files: QuerySet[File] = File.objects.select_related(*FILE_PLACE)
        file = get_object_or_404(files, pk=file_id)
        try:
            found = get_file_download(file=file, user=cast("User", request.user))
        except RegistryError as error:
            return refused(request, error, File)
        return HttpResponseRedirect(found.url)

    @admin.display(description="kept")
    def bytes(self, file: File) -> SafeString:
        """Show a link to the bytes."""
        url = reverse("admin:artifacts_file_download", args=[file.pk]) if file.blob_id else ""
        return render_to_string("admin/cells/download.html", {"url": url, "path": file.path})

    def read_bytes(self, file: File) -> str:
        """Return whether there are any."""
        return "yes" if file.blob_id else "no"
