"""Uploads: shown, and sent from a browser directly to the bucket.

No byte of a zip passes through here: the page's script calls the API (static/registry/upload.js).
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from artifacts.admin.base import ReadOnlyAdmin, SizeColumn
from artifacts.enums import ArtifactType
from artifacts.limits import UPLOAD_MAX_BYTES
from artifacts.middleware import page_policy
from artifacts.models import Upload, User
from artifacts.rules.sizes import human_size
from artifacts.services.access.authentication import issue_token_to
from artifacts.services.content.uploads import upload_origin


@admin.register(Upload)
class UploadAdmin(SizeColumn, ReadOnlyAdmin):
    """Announced zips, and the page that sends one."""

    words = ("upload", "uploads")
    list_display = ("filename", "user", "size", "state", "reason", "sha256", "created_at")
    list_select_related = ("user",)
    list_filter = ("state",)
    ordering = ("-created_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let administrators upload; the API checks the permission again."""
        return bool(cast("User", request.user).is_admin)

    def get_urls(self) -> list[URLPattern]:
        """Add the address that gives the page its token."""
        view = require_POST(self.admin_site.admin_view(self.token_view))
        return [path("token/", view, name="artifacts_upload_token"), *super().get_urls()]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002  (Django's form)
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  (likewise)
    ) -> HttpResponse:
        """Show the page that sends a zip; the zip itself does not pass through here."""
        change = reverse("admin:artifacts_artifact_change", args=["ID"])
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Upload a zip or a folder",
            "opts": self.opts,
            "types": [(each, reverse("artifact-create", args=[each])) for each in ArtifactType],
            "artifact_url": change,
            "token_url": reverse("admin:artifacts_upload_token"),
            "address": request.build_absolute_uri("/").rstrip("/"),
            "largest": human_size(UPLOAD_MAX_BYTES),
        }
        answer = TemplateResponse(request, "admin/upload.html", context)
        answer["Content-Security-Policy"] = page_policy(*filter(None, [upload_origin()]))
        return answer

    def token_view(self, request: HttpRequest) -> HttpResponse:
        """Give the page's script a token of the signed-in user."""
        return JsonResponse({"token": issue_token_to(cast("User", request.user))})
