"""The pages that are tried: a name, and a path in which `{name}` stands for that artifact's id."""

from __future__ import annotations

import string
from typing import Any

from tests.browser.chromium import find_id
from tests.browser.registry import Registry

_TABS = ("overview", "scores", "files", "scans", "lineage", "revisions", "audit", "use")
_LISTS = (
    "artifact", "task", "upload", "user", "accesstoken", "signintally", "rating", "lineageedge",
    "cachedanswer", "file", "revision", "blob", "auditentry", "activitybucket", "idsequence",
    "versiontag", "searchdocument",
)  # fmt: skip

PAGES = {
    "home": "",
    "catalogue": "catalogue",
    "catalogue, searched": "catalogue?q=parrot",
    "catalogue, empty": "catalogue?q=nothing-of-that-name",
    "compare, nothing chosen": "compare",
    "compare": "compare?ids={parrot-base},{bare-bones},{parrot-in-doubt}",
    **{f"artifact, {tab}": f"a/{{parrot-base}}?tab={tab}" for tab in _TABS},
    "artifact that failed": "a/{bare-bones}",
    "artifact that failed, scores": "a/{bare-bones}?tab=scores",
    "artifact that waits": "a/{waiting}",
    "code": "a/{teapot}",
    "family": "lineage/{parrot-base}",
    "license check": "license-check",
    "register": "register",
    "progress, done": "register/{parrot-base}",
    "progress, waiting": "register/{waiting}",
    "upload": "upload",
    "account": "account",
    "account, token": "account/tokens",
    "account, token for programs": "account/program-tokens",
    "account, password": "account/password",
    "account, delete": "account/delete",
    "API": "docs",
    "health dashboard": "health/dashboard",
    "error": "no-such-page",
    "error of an artifact": "a/no-such-artifact",
    "staff, front page": "admin/",
    "staff, area": "admin/artifacts/",
    "staff, reset": "admin/reset/",
    "staff, password": "admin/password_change/",
    "staff, new user": "admin/artifacts/user/add/",
    "staff, artifact": "admin/artifacts/artifact/{parrot-base}/change/",
    "staff, artifact that failed": "admin/artifacts/artifact/{bare-bones}/change/",
    "staff, history": "admin/artifacts/artifact/{parrot-base}/history/",
    "staff, delete": "admin/artifacts/artifact/{parrot-base}/delete/",
    **{f"staff, list of {name}": f"admin/artifacts/{name}/" for name in _LISTS},
}
OPEN_PAGES = {
    "sign-in": "sign-in",
    "home of strangers": "",
    "error of strangers": "no-such-page",
    "sign-in of staff": "admin/login/",
}

# Forms that are filled in: path, label -> text, button, what the answer says then.
FORMS = {
    "session token": (
        "account",
        {"Name of the session token": "for a notebook"},
        "Make a session token",
        "The token",
    ),
    "token for programs": (
        "account",
        {"Name": "nightly build"},
        "Make a token for programs",
        "The token",
    ),
    "password that is wrong": (
        "account/delete",
        {"Your password": "not-this-one"},
        "Delete my account",
        "password",
    ),
    "register what is no address": ("register", {"Address": "nonsense"}, "Preview", "address"),
    "register what is there": (
        "register",
        {"Address": "https://huggingface.co/demo/early-bird"},
        "Preview",
        "registered already",
    ),
    "license check of nothing": (
        "license-check",
        {"Model": "no-such-model", "Project": "https://github.com/openai/whisper"},
        "Check licenses",
        "No model here has this name",
    ),
}
# Those that a source answers.
SOURCED_FORMS = {
    "preview": (
        "register",
        {"Address": "https://huggingface.co/distilbert/distilgpt2"},
        "Preview",
        "Preview: ",
    ),
    "license check": (
        "license-check",
        {"Model": "parrot-base", "Project": "https://github.com/openai/whisper"},
        "Check licenses",
        "What that rests on",
    ),
}


def address(driver: Any, registry: Registry, path: str) -> str:
    """Return a page's address, with the ids of the artifacts that its path names."""
    names = {name for _, name, _, _ in string.Formatter().parse(path) if name} - {"waiting"}
    ids = {name: find_id(driver, registry.url, name) for name in names}
    return f"{registry.url}/{path.format_map(ids | {'waiting': registry.waiting_id})}"
