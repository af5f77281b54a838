"""Every route on one page."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from artifacts.api import content_views, schema
from artifacts.api.views import (
    access,
    artifacts,
    audit,
    cost,
    downloads,
    health,
    licensing,
    lineage,
    rating,
    search,
    uploads,
)
from artifacts.web import views as web

# Who may use each of these stands in artifacts/api/permissions.py, under the same names.
api = [
    path("health", health.HealthView.as_view(), name="health"),
    path("health/components", health.HealthComponentsView.as_view(), name="health-components"),
    path("tracks", health.TracksView.as_view(), name="tracks"),
    path("authenticate", access.AuthenticateView.as_view(), name="authenticate"),
    path("reset", access.ResetView.as_view(), name="reset"),
    path("users", access.UsersView.as_view(), name="users"),
    path("users/<str:name>/permissions", access.UserPermissionsView.as_view(), name="user-permissions"),
    path("users/<str:name>", access.UserView.as_view(), name="user"),
    path("uploads", uploads.UploadsView.as_view(), name="uploads"),
    path("uploads/<str:upload_id>", uploads.UploadView.as_view(), name="upload"),
    path("uploads/<str:upload_id>/parts", uploads.UploadPartsView.as_view(), name="upload-parts"),
    path("uploads/<str:upload_id>/complete", uploads.UploadCompleteView.as_view(), name="upload-complete"),
    path("artifacts", artifacts.ArtifactsView.as_view(), name="artifacts"),
    path("artifacts/<str:artifact_type>/<str:artifact_id>", artifacts.ArtifactView.as_view(), name="artifact"),
    path("artifacts/<str:artifact_type>/<str:artifact_id>/download", downloads.ArtifactDownloadView.as_view(), name="artifact-download"),
    # These two before the type: `byRegEx` and `byName` are no types.
    path("artifact/byRegEx", search.ArtifactByRegExView.as_view(), name="artifact-by-regex"),
    path("artifact/byName/<path:name>", search.ArtifactByNameView.as_view(), name="artifact-by-name"),
    path("artifact/model/<str:artifact_id>/rate", rating.ModelRateView.as_view(), name="artifact-rate"),
    path("artifact/model/<str:artifact_id>/lineage", lineage.ModelLineageView.as_view(), name="artifact-lineage"),
    path("artifact/model/<str:artifact_id>/license-check", licensing.LicenseCheckView.as_view(), name="artifact-license-check"),
    path("artifact/<str:artifact_type>/<str:artifact_id>/cost", cost.ArtifactCostView.as_view(), name="artifact-cost"),
    path("artifact/<str:artifact_type>/<str:artifact_id>/audit", audit.ArtifactAuditView.as_view(), name="artifact-audit"),
    path("artifact/<str:artifact_type>", artifacts.ArtifactCreateView.as_view(), name="artifact-create"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
]  # fmt: skip

# The signed link is the credential of these.
content = [
    path("content/<str:token>", content_views.serve_content, name="content"),
    path("uploads/content/<str:token>", content_views.receive_upload, name="upload-content"),
    path(
        "uploads/content/parts/<str:token>", content_views.receive_part, name="upload-part-content"
    ),
]

urlpatterns = [
    path("", web.home, name="home"),
    path("docs", schema.docs, name="docs"),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    *api,
    *content,
]

handler400 = "artifacts.api.handlers.bad_request"
handler403 = "artifacts.api.handlers.forbidden"
handler404 = "artifacts.api.handlers.not_found"
handler500 = "artifacts.api.handlers.server_error"
