"""Every route on one page."""

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern
from django.views.generic import RedirectView

from registry_site.lazy_views import LazyView


def _api(name: str) -> LazyView:
    """Return a view of the JSON API by its module and class."""
    return LazyView(f"artifacts.api.views.{name}")


# Who may use each of these stands in artifacts/api/permissions.py, under the same names.
api = [
    path("health", _api("health.HealthView"), name="health"),
    path("health/components", _api("health.HealthComponentsView"), name="health-components"),
    path("tracks", _api("health.TracksView"), name="tracks"),
    path("authenticate", _api("access.AuthenticateView"), name="authenticate"),
    path("reset", _api("access.ResetView"), name="reset"),
    path("users", _api("access.UsersView"), name="users"),
    path("users/<str:name>/permissions", _api("access.UserPermissionsView"), name="user-permissions"),
    path("users/<str:name>", _api("access.UserView"), name="user"),
    path("uploads", _api("uploads.UploadsView"), name="uploads"),
    path("uploads/<str:upload_id>", _api("uploads.UploadView"), name="upload"),
    path("uploads/<str:upload_id>/parts", _api("uploads.UploadPartsView"), name="upload-parts"),
    path("uploads/<str:upload_id>/complete", _api("uploads.UploadCompleteView"), name="upload-complete"),
    path("artifacts", _api("artifacts.ArtifactsView"), name="artifacts"),
    path("artifacts/<str:artifact_type>/<str:artifact_id>", _api("artifacts.ArtifactView"), name="artifact"),
    path("artifacts/<str:artifact_type>/<str:artifact_id>/download", _api("downloads.ArtifactDownloadView"), name="artifact-download"),
    # These two before the type: `byRegEx` and `byName` are no types.
    path("artifact/byRegEx", _api("search.ArtifactByRegExView"), name="artifact-by-regex"),
    path("artifact/byName/<path:name>", _api("search.ArtifactByNameView"), name="artifact-by-name"),
    path("artifact/model/<str:artifact_id>/rate", _api("rating.ModelRateView"), name="artifact-rate"),
    path("artifact/model/<str:artifact_id>/lineage", _api("lineage.ModelLineageView"), name="artifact-lineage"),
    path("artifact/model/<str:artifact_id>/license-check", _api("licensing.LicenseCheckView"), name="artifact-license-check"),
    path("artifact/<str:artifact_type>/<str:artifact_id>/cost", _api("cost.ArtifactCostView"), name="artifact-cost"),
    path("artifact/<str:artifact_type>/<str:artifact_id>/audit", _api("audit.ArtifactAuditView"), name="artifact-audit"),
    path("artifact/<str:artifact_type>", _api("artifacts.ArtifactCreateView"), name="artifact-create"),
    path("schema", LazyView("artifacts.api.openapi.SchemaView"), name="schema"),
]  # fmt: skip

# The signed link is the credential of these.
content = [
    path(
        "content/<str:token>", LazyView("artifacts.api.content_views.serve_content"), name="content"
    ),
    path(
        "uploads/content/<str:token>",
        LazyView("artifacts.api.content_views.receive_upload"),
        name="upload-content",
    ),
    path(
        "uploads/content/parts/<str:token>",
        LazyView("artifacts.api.content_views.receive_part"),
        name="upload-part-content",
    ),
]

urlpatterns = [
    path("", LazyView("artifacts.web.views.home"), name="home"),
    path("docs", LazyView("artifacts.api.schema.docs"), name="docs"),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    # What `include` would do, but its module is imported when a path begins so.
    URLResolver(
        RoutePattern("admin/"), "registry_site.admin_urls", app_name="admin", namespace="admin"
    ),
    *api,
    *content,
]

handler400 = "artifacts.api.handlers.bad_request"
handler403 = "artifacts.api.handlers.forbidden"
handler404 = "artifacts.api.handlers.not_found"
handler500 = "artifacts.api.handlers.server_error"
