"""The API's routes, and the signed links to bytes of the local store."""

from __future__ import annotations

from artifacts.routes.operations import (
    ADMINISTRATOR,
    CHANGE,
    DECIDE,
    DOWNLOAD,
    LINK,
    OPEN,
    OWN,
    RESET,
    SEARCH,
    SELF,
    UPLOAD,
    Operation,
    Route,
)

_ARTIFACTS = "artifacts.api.views.catalogue.ArtifactViewSet"
_MONITORS = "artifacts.api.views.monitors.MonitorViewSet"
_MODELS = "artifacts.api.views.trust.ModelViewSet"
_DECISIONS = "artifacts.api.views.decisions.DecisionViewSet"
_SCANS = "artifacts.api.views.scans.ScanViewSet"
_UPLOADS = "artifacts.api.views.content.UploadViewSet"
_USERS = "artifacts.api.views.access.UserViewSet"
_TOKENS = "artifacts.api.views.access.TokenViewSet"
_USER_TOKENS = "artifacts.api.views.access.UserTokenViewSet"
_HEALTH = "artifacts.api.views.upkeep.HealthViewSet"
_REGISTRY = "artifacts.api.views.upkeep.RegistryViewSet"
_SCHEMA = "artifacts.api.views.schema.SchemaViewSet"
_CONFUSION = "artifacts.api.views.confusion.ConfusionViewSet"
_CONTENT = "artifacts.api.content_views"

# fmt: off
ROUTES: tuple[Route, ...] = (
    # The registry itself.
    Route("health", "health", _HEALTH, {
        "GET": Operation("retrieve", OPEN),
    }),
    Route("health/components", "health-components", _HEALTH, {
        "GET": Operation("enumerate_components", OPEN),
    }),
    Route("tracks", "tracks", _HEALTH, {
        "GET": Operation("enumerate_tracks", OPEN),
    }),
    Route("schema", "schema", _SCHEMA, {
        "GET": Operation("retrieve", OPEN),
    }),
    Route("reset", "reset", _REGISTRY, {
        "DELETE": Operation("reset", RESET),
    }),

    # Authentication.
    Route("authenticate", "authenticate", _TOKENS, {
        "PUT": Operation("create", OPEN, goes_on=True),
    }),
    Route("users", "users", _USERS, {
        "GET": Operation("enumerate", ADMINISTRATOR),
        "POST": Operation("create", ADMINISTRATOR),
    }),
    Route("users/<str:name>/permissions", "user-permissions", _USERS, {
        "PUT": Operation("set_permissions", ADMINISTRATOR),
    }),
    Route("users/<str:name>/password", "user-password", _USERS, {
        "PUT": Operation("change_password", OWN),
    }),
    # Like `PUT /authenticate`, tokens are made and revoked in any mode.
    Route("users/<str:name>/tokens", "user-tokens", _USER_TOKENS, {
        "GET": Operation("enumerate", SELF),
        "POST": Operation("create", OWN, goes_on=True),
    }),
    Route("users/<str:name>/tokens/<str:token_id>", "user-token", _USER_TOKENS, {
        "DELETE": Operation("destroy", SELF, goes_on=True),
    }),
    Route("users/<str:name>", "user", _USERS, {
        "GET": Operation("retrieve", SELF),
        "DELETE": Operation("destroy", SELF),
    }),

    # Uploads: the service checks that they belong to the caller.
    Route("uploads", "uploads", _UPLOADS, {
        "POST": Operation("create", UPLOAD),
    }),
    Route("uploads/<str:upload_id>", "upload", _UPLOADS, {
        "GET": Operation("retrieve", UPLOAD),
        "DELETE": Operation("destroy", UPLOAD),
    }),
    Route("uploads/<str:upload_id>/parts", "upload-parts", _UPLOADS, {
        "POST": Operation("sign_parts", UPLOAD),
    }),
    Route("uploads/<str:upload_id>/complete", "upload-complete", _UPLOADS, {
        "POST": Operation("complete", UPLOAD),
    }),

    # Artifacts.
    Route("artifacts", "artifacts", _ARTIFACTS, {
        "POST": Operation("enumerate", SEARCH, goes_on=True),
    }),
    Route("artifacts/PackageConfusionAudit", "package-confusion-audit", _CONFUSION, {
        "GET": Operation("enumerate", DECIDE),
        "POST": Operation("audit", DECIDE, goes_on=True),
    }),
    Route("artifacts/<str:artifact_type>/<str:artifact_id>", "artifact", _ARTIFACTS, {
        "GET": Operation("retrieve", SEARCH),
        "PUT": Operation("update", CHANGE),
        "DELETE": Operation("destroy", CHANGE),
    }),
    Route("artifacts/<str:artifact_type>/<str:artifact_id>/download", "artifact-download", _ARTIFACTS, {
        "GET": Operation("download", DOWNLOAD),
    }),
    # These two before the routes with a type: `byRegEx` and `byName` are not types.
    Route("artifact/byRegEx", "artifact-by-regex", _ARTIFACTS, {
        "POST": Operation("match", SEARCH, goes_on=True),
    }),
    Route("artifact/byName/<path:name>", "artifact-by-name", _ARTIFACTS, {
        "GET": Operation("by_name", SEARCH),
    }),
    Route("artifact/model/<str:artifact_id>/rate", "artifact-rate", _MODELS, {
        "GET": Operation("rate", SEARCH, flags={"refresh": UPLOAD}),
    }),
    Route("artifact/model/<str:artifact_id>/lineage", "artifact-lineage", _MODELS, {
        "GET": Operation("lineage", SEARCH),
    }),
    Route("artifact/model/<str:artifact_id>/license-check", "artifact-license-check", _MODELS, {
        "POST": Operation("license_check", SEARCH, goes_on=True),
    }),
    # The service checks that the caller is the model's uploader, or an administrator.
    Route("artifact/model/<str:artifact_id>/monitor", "artifact-monitor", _MONITORS, {
        "GET": Operation("retrieve", SEARCH),
        "PUT": Operation("update", UPLOAD),
        "DELETE": Operation("destroy", UPLOAD),
    }),
    Route("artifact/model/<str:artifact_id>/monitor/dry-run", "artifact-monitor-dry-run", _MONITORS, {
        "POST": Operation("try_out", UPLOAD, goes_on=True),
    }),
    Route("artifact/model/<str:artifact_id>/downloads", "artifact-downloads", _MONITORS, {
        "GET": Operation("enumerate_downloads", SEARCH),
    }),
    Route("artifact/<str:artifact_type>/<str:artifact_id>/cost", "artifact-cost", _ARTIFACTS, {
        "GET": Operation("cost", SEARCH),
    }),
    Route("artifact/<str:artifact_type>/<str:artifact_id>/audit", "artifact-audit", _ARTIFACTS, {
        "GET": Operation("audit", SEARCH),
    }),
    Route("artifact/<str:artifact_type>/<str:artifact_id>/decision", "artifact-decision", _DECISIONS, {
        "GET": Operation("retrieve", SEARCH),
        "PUT": Operation("decide", DECIDE),
    }),
    Route("artifact/<str:artifact_type>/<str:artifact_id>/scans", "artifact-scans", _SCANS, {
        "GET": Operation("retrieve", SEARCH),
    }),
    Route("artifact/<str:artifact_type>", "artifact-create", _ARTIFACTS, {
        "POST": Operation("create", UPLOAD),
    }),

    # Bytes of the local store: functions.
    Route("content/<str:token>", "content", f"{_CONTENT}.serve_content", {
        "GET": Operation("", LINK),
    }),
    Route("uploads/content/<str:token>", "upload-content", f"{_CONTENT}.receive_upload", {
        "PUT": Operation("", LINK),
    }),
    Route("uploads/content/parts/<str:token>", "upload-part-content", f"{_CONTENT}.receive_part", {
        "PUT": Operation("", LINK),
    }),
)
# fmt: on
