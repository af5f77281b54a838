"""The pages for people. `registry_site/pages.py` checks their permissions."""

from __future__ import annotations

from artifacts.routes.operations import (
    ADMINISTRATOR,
    DECIDE,
    DOWNLOAD,
    OPEN,
    SEARCH,
    SIGNED_IN,
    UPLOAD,
    Operation,
    Route,
)

PAGES = "artifacts.web"
DOCS = "artifacts.api.docs_page"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("health/dashboard", "health-dashboard", f"{PAGES}.upkeep.views.show_dashboard", {
        "GET": Operation("", ADMINISTRATOR),
    }),
    Route("", "home", f"{PAGES}.home.views.show_home", {
        "GET": Operation("", OPEN),
    }),
    Route("sign-in", "sign-in", f"{PAGES}.account.sign_in.sign_in", {
        "GET": Operation("", OPEN),
        "POST": Operation("", OPEN, goes_on=True),
    }),
    Route("sign-out", "sign-out", f"{PAGES}.account.sign_in.sign_out", {
        "POST": Operation("", OPEN, goes_on=True),
    }),
    Route("account", "account", f"{PAGES}.account.views.show_account", {
        "GET": Operation("", SIGNED_IN),
    }),
    # Like `PUT /authenticate` and the end of a session, tokens are made and revoked in any mode.
    Route("account/tokens", "account-tokens", f"{PAGES}.account.views.make_token", {
        "GET": Operation("", SIGNED_IN),
        "POST": Operation("", SIGNED_IN, goes_on=True),
    }),
    Route("account/program-tokens", "account-program-tokens", f"{PAGES}.account.views.make_token_for_programs", {
        "GET": Operation("", SIGNED_IN),
        "POST": Operation("", SIGNED_IN, goes_on=True),
    }),
    Route("account/tokens/revoke", "account-token-revoke", f"{PAGES}.account.views.revoke_token", {
        "POST": Operation("", SIGNED_IN, goes_on=True),
    }),
    Route("account/password", "account-password", f"{PAGES}.account.views.change_password", {
        "GET": Operation("", SIGNED_IN),
        "POST": Operation("", SIGNED_IN),
    }),
    Route("account/delete", "account-delete", f"{PAGES}.account.views.delete_account", {
        "GET": Operation("", SIGNED_IN),
        "POST": Operation("", SIGNED_IN),
    }),
    Route("catalogue", "catalogue", f"{PAGES}.catalogue.views.show_catalogue", {
        "GET": Operation("", SEARCH),
    }),
    Route("compare", "compare", f"{PAGES}.compare.views.show_comparison", {
        "GET": Operation("", SEARCH),
    }),
    Route("a/<str:artifact_id>", "artifact-page", f"{PAGES}.artifact.views.show_artifact", {
        "GET": Operation("", SEARCH),
    }),
    Route("a/<str:artifact_id>/download/<str:part>", "artifact-page-download", f"{PAGES}.artifact.views.download", {
        "GET": Operation("", DOWNLOAD),
    }),
    Route("a/<str:artifact_id>/decision", "artifact-page-decision", f"{PAGES}.artifact.decisions.decide_on", {
        "POST": Operation("", DECIDE),
    }),
    Route("look-alikes/<int:key>", "look-alike", f"{PAGES}.trust.look_alikes.settle", {
        "POST": Operation("", DECIDE),
    }),
    # The service checks that the caller is the model's uploader, or an administrator.
    Route("a/<str:artifact_id>/monitor", "artifact-page-monitor", f"{PAGES}.artifact.monitor.change_monitor", {
        "POST": Operation("", UPLOAD),
    }),
    Route("register", "register", f"{PAGES}.register.views.register", {
        "GET": Operation("", UPLOAD),
        "POST": Operation("", UPLOAD),
    }),
    Route("register/<str:artifact_id>", "registration-progress", f"{PAGES}.register.views.show_progress", {
        "GET": Operation("", SEARCH),
    }),
    Route("upload", "upload-page", f"{PAGES}.upload.views.show_upload", {
        "GET": Operation("", UPLOAD),
    }),
    Route("upload/token", "upload-page-token", f"{PAGES}.upload.views.give_token", {
        "POST": Operation("", UPLOAD),
    }),
    Route("upload/check", "upload-page-check", f"{PAGES}.upload.views.check_files", {
        "POST": Operation("", UPLOAD),
    }),
    Route("files/<int:file_id>", "file-page-download", f"{PAGES}.artifact.views.download_file", {
        "GET": Operation("", DOWNLOAD),
    }),
    Route("lineage/<str:artifact_id>", "family", f"{PAGES}.lineage.views.show_family", {
        "GET": Operation("", SEARCH),
    }),
    Route("license-check", "license-check-page", f"{PAGES}.trust.views.check_license", {
        "GET": Operation("", SEARCH),
        "POST": Operation("", SEARCH, goes_on=True),
    }),
    Route("docs", "docs", f"{DOCS}.docs", {
        "GET": Operation("", OPEN),
    }),
)
# fmt: on
