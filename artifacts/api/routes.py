"""Every route of the registry: its path, its view, and each method's action and permission.

URL patterns, permission checks, 405 with `Allow`, OPTIONS, the read-only mode and
`docs/security/permissions.md` all come from this table. It is plain data and names its views by
strings, so that importing it imports neither a view nor REST framework.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, Protocol

from django.urls import ResolverMatch

Permission = Literal[
    "open", "link", "account", "search", "upload", "download", "administrator", "self", "reset"
]
# Anybody, without a token.
OPEN: Final = "open"
# Anybody with the signed link, which the view itself verifies.
LINK: Final = "link"
# Everybody who is signed in: pages about one's own account.
SIGNED_IN: Final = "account"
# Users with this permission, and administrators.
SEARCH: Final = "search"
UPLOAD: Final = "upload"
DOWNLOAD: Final = "download"
# Administrators alone.
ADMINISTRATOR: Final = "administrator"
# Administrators, and users about themselves.
SELF: Final = "self"
# Administrators alone; anybody else gets the contract's own refusal.
RESET: Final = "reset"


class HasMatch(Protocol):
    """A request of Django, or REST framework's around it."""

    resolver_match: ResolverMatch | None
    method: str | None
    path_info: str


class Operation(NamedTuple):
    """What one method of a route does.

    Attributes:
        action: the viewset's method that answers; "" if the view is a function.
        permission: who may call it.
        flags: query parameters that need one more permission if true.
        goes_on: whether a method that sounds like a change continues in read-only mode, because it
            changes nothing, or because reading needs it.
    """

    action: str
    permission: Permission
    flags: Mapping[str, Permission] = {}
    goes_on: bool = False


class Route(NamedTuple):
    """One path.

    Attributes:
        path: in the syntax of Django's `path`.
        name: the pattern's name.
        view: the dotted name of a viewset or a function, imported by the first request.
        methods: the operation of each method, in the order of `Allow`. GET implies HEAD, and any
            method implies OPTIONS.
    """

    path: str
    name: str
    view: str
    methods: Mapping[str, Operation]

    @property
    def actions(self) -> dict[str, str]:
        """Return the viewset's action by method, for `as_view`; {} for a function."""
        return {method.lower(): each.action for method, each in self.methods.items() if each.action}


_ARTIFACTS = "artifacts.api.views.catalogue.ArtifactViewSet"
_MODELS = "artifacts.api.views.trust.ModelViewSet"
_UPLOADS = "artifacts.api.views.content.UploadViewSet"
_USERS = "artifacts.api.views.access.UserViewSet"
_TOKENS = "artifacts.api.views.access.TokenViewSet"
_HEALTH = "artifacts.api.views.upkeep.HealthViewSet"
_REGISTRY = "artifacts.api.views.upkeep.RegistryViewSet"
_SCHEMA = "artifacts.api.views.schema.SchemaViewSet"
_CONTENT = "artifacts.api.content_views"
# Pages for people. `registry_site/pages.py` checks their permissions.
_PAGES = "artifacts.web"
_DOCS = "artifacts.api.docs_page"

# fmt: off
ROUTES: tuple[Route, ...] = (
    # The registry itself.
    Route("health", "health", _HEALTH, {
        "GET": Operation("retrieve", OPEN),
    }),
    Route("health/components", "health-components", _HEALTH, {
        "GET": Operation("enumerate_components", OPEN),
    }),
    Route("health/dashboard", "health-dashboard", f"{_PAGES}.upkeep.views.show_dashboard", {
        "GET": Operation("", ADMINISTRATOR),
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
    Route("artifacts/<str:artifact_type>/<str:artifact_id>", "artifact", _ARTIFACTS, {
        "GET": Operation("retrieve", SEARCH),
        "PUT": Operation("update", UPLOAD),
        "DELETE": Operation("destroy", UPLOAD),
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
    Route("artifact/<str:artifact_type>/<str:artifact_id>/cost", "artifact-cost", _ARTIFACTS, {
        "GET": Operation("cost", SEARCH),
    }),
    Route("artifact/<str:artifact_type>/<str:artifact_id>/audit", "artifact-audit", _ARTIFACTS, {
        "GET": Operation("audit", SEARCH),
    }),
    Route("artifact/<str:artifact_type>", "artifact-create", _ARTIFACTS, {
        "POST": Operation("create", UPLOAD),
    }),

    # Bytes of the local store, and pages for people: functions.
    Route("content/<str:token>", "content", f"{_CONTENT}.serve_content", {
        "GET": Operation("", LINK),
    }),
    Route("uploads/content/<str:token>", "upload-content", f"{_CONTENT}.receive_upload", {
        "PUT": Operation("", LINK),
    }),
    Route("uploads/content/parts/<str:token>", "upload-part-content", f"{_CONTENT}.receive_part", {
        "PUT": Operation("", LINK),
    }),
    Route("", "home", f"{_PAGES}.home.views.show_home", {
        "GET": Operation("", OPEN),
    }),
    Route("sign-in", "sign-in", f"{_PAGES}.account.sign_in.sign_in", {
        "GET": Operation("", OPEN),
        "POST": Operation("", OPEN, goes_on=True),
    }),
    Route("sign-out", "sign-out", f"{_PAGES}.account.sign_in.sign_out", {
        "POST": Operation("", OPEN, goes_on=True),
    }),
    Route("account", "account", f"{_PAGES}.account.views.show_account", {
        "GET": Operation("", SIGNED_IN),
    }),
    # Like `PUT /authenticate` and the end of a session, tokens are made and revoked in any mode.
    Route("account/tokens", "account-tokens", f"{_PAGES}.account.views.make_token", {
        "GET": Operation("", SIGNED_IN),
        "POST": Operation("", SIGNED_IN, goes_on=True),
    }),
    Route("account/tokens/revoke", "account-token-revoke", f"{_PAGES}.account.views.revoke_token", {
        "POST": Operation("", SIGNED_IN, goes_on=True),
    }),
    Route("account/password", "account-password", f"{_PAGES}.account.views.change_password", {
        "GET": Operation("", SIGNED_IN),
        "POST": Operation("", SIGNED_IN),
    }),
    Route("account/delete", "account-delete", f"{_PAGES}.account.views.delete_account", {
        "GET": Operation("", SIGNED_IN),
        "POST": Operation("", SIGNED_IN),
    }),
    Route("catalogue", "catalogue", f"{_PAGES}.catalogue.views.show_catalogue", {
        "GET": Operation("", SEARCH),
    }),
    Route("compare", "compare", f"{_PAGES}.compare.views.show_comparison", {
        "GET": Operation("", SEARCH),
    }),
    Route("a/<str:artifact_id>", "artifact-page", f"{_PAGES}.artifact.views.show_artifact", {
        "GET": Operation("", SEARCH),
    }),
    Route("a/<str:artifact_id>/download/<str:part>", "artifact-page-download", f"{_PAGES}.artifact.views.download", {
        "GET": Operation("", DOWNLOAD),
    }),
    Route("register", "register", f"{_PAGES}.register.views.register", {
        "GET": Operation("", UPLOAD),
        "POST": Operation("", UPLOAD),
    }),
    Route("register/<str:artifact_id>", "registration-progress", f"{_PAGES}.register.views.show_progress", {
        "GET": Operation("", SEARCH),
    }),
    Route("upload", "upload-page", f"{_PAGES}.upload.views.show_upload", {
        "GET": Operation("", UPLOAD),
    }),
    Route("upload/token", "upload-page-token", f"{_PAGES}.upload.views.give_token", {
        "POST": Operation("", UPLOAD),
    }),
    Route("upload/check", "upload-page-check", f"{_PAGES}.upload.views.check_files", {
        "POST": Operation("", UPLOAD),
    }),
    Route("files/<int:file_id>", "file-page-download", f"{_PAGES}.artifact.views.download_file", {
        "GET": Operation("", DOWNLOAD),
    }),
    Route("lineage/<str:artifact_id>", "family", f"{_PAGES}.lineage.views.show_family", {
        "GET": Operation("", SEARCH),
    }),
    Route("license-check", "license-check-page", f"{_PAGES}.trust.views.check_license", {
        "GET": Operation("", SEARCH),
        "POST": Operation("", SEARCH, goes_on=True),
    }),
    Route("docs", "docs", f"{_DOCS}.docs", {
        "GET": Operation("", OPEN),
    }),
)
# fmt: on
BY_NAME: dict[str, Route] = {each.name: each for each in ROUTES}


def find_route(match: ResolverMatch | None) -> Route | None:
    """Return the route that matches a request; None for the staff site and the redirect to it.

    Raises:
        KeyError: a path outside the staff site is missing from the table.
    """
    if match is None or match.namespaces or match.url_name is None:
        return None
    return BY_NAME[match.url_name]


def is_page(match: ResolverMatch | None) -> bool:
    """Whether a request is for a page for everybody; pages of the staff site are Django's."""
    route = find_route(match)
    return route is not None and route.view.startswith((f"{_PAGES}.", f"{_DOCS}."))


def find_operation(request: HasMatch) -> Operation:
    """Return the operation of a request.

    Raises:
        LookupError: no route has it. `MethodMiddleware` refuses such requests before; one that got
            here would be answered with 500 and never served.
    """
    route = find_route(request.resolver_match)
    if route is None:
        raise LookupError(request.path_info)
    return route.methods["GET" if request.method == "HEAD" else str(request.method)]
