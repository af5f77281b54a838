"""What holds of every route and method: 405 whoever asks, HEAD like GET, and the headers."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import URLResolver, get_resolver

from artifacts import routes
from artifacts.api.methods import allowed, list_methods
from tests.clients import ApiClient
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
METHODS = (
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PROPFIND", "BREW"
)  # fmt: skip
SAMPLES = {
    "artifact_type": "model", "artifact_id": "none-1", "name": "nobody", "token": "none",
    "owner": "somebody", "rest": "main/none", "revision": "main",
    "upload_id": "6f1c6f0e-0000-4000-8000-000000000000", "object_id": "1", "file_id": "1",
    "key": "1",
    "token_id": "0" * 64, "part": "full", "content_type_id": "1", "url": "no/such/page",
    "app_label": "artifacts",
}  # fmt: skip


def all_paths(resolver=None, prefix: str = "/") -> list[str]:
    """A path for each route there is, those of the staff site included."""
    found = []
    for each in (resolver or get_resolver()).url_patterns:
        text = str(each.pattern)
        text = re.sub(r"\^?\(\?P<(\w+)>[^)]*\)/?\$", lambda name: SAMPLES[str(name[1])] + "/", text)
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: SAMPLES[str(name[1])], text)
        found += all_paths(each, path) if isinstance(each, URLResolver) else [path]
    return found


# The pages of most models are Django's alone; these have something of their own.
OWN_MODELS = ("artifact", "file", "upload", "user")
ALL_PATHS = all_paths()
PATHS = [
    path
    for path in ALL_PATHS
    if not path.startswith("/admin/artifacts/") or path.split("/")[3] in ("", *OWN_MODELS)
]


# Counters, clocks, and what a staff page was told by the page before.
_CHANGES = ("/health", "/admin")


def is_page(path: str) -> bool:
    is_for_staff = path == "/admin" or path.startswith("/admin/")
    return is_for_staff or routes.is_page(get_resolver().resolve(path))


def route_of(path: str):
    return allowed(list_methods(get_resolver().resolve(path)))


@pytest.fixture
def callers(administrator, uploader):
    """Nobody, somebody of the staff, somebody with a token."""
    nobody = Client(raise_request_exception=False)
    staff = Client(raise_request_exception=False, enforce_csrf_checks=True)
    staff.force_login(administrator)
    token = ApiClient(uploader)

    class WithToken:
        def generic(self, method, path):
            return token.send(method, path)

    return {"nobody": nobody, "staff": staff, "token": WithToken()}


def test_routes_when_walked_then_there_are_many():
    assert len(ALL_PATHS) > 100
    assert len(PATHS) > 60
    assert len(set(ALL_PATHS)) == len(ALL_PATHS)


@pytest.mark.parametrize("caller", ["nobody", "staff", "token"])
def test_method_when_not_there_then_405_whoever_asks(callers, caller):
    asked = 0
    for path in PATHS:
        there = route_of(path)
        assert "OPTIONS" in there
        for method in set(METHODS) - set(there):
            answer = callers[caller].generic(method, path)
            where = f"{method} {path}"
            assert answer.status_code == 405, where
            assert answer["Allow"] == ", ".join(there), where
            assert "Location" not in answer, where
            assert answer["Cache-Control"] == "private, no-store", where
            is_json = answer["Content-Type"] == "application/json"
            assert is_json != is_page(path), where
            asked += 1
    assert asked > 400


@pytest.mark.parametrize("caller", ["nobody", "staff", "token"])
def test_head_when_asked_then_as_get_without_a_body(callers, caller):
    make_artifact()
    # Paths under which something is found, and static files, beside those of the walk.
    for path in [
        *PATHS,
        f"/artifacts/model/{make_artifact(number=2).id}",
        "/static/registry/site.css",
    ]:
        if not path.startswith("/static") and "GET" not in route_of(path):
            continue
        got = callers[caller].generic("GET", path)
        body = b"".join(got) if got.streaming else got.content
        head = callers[caller].generic("HEAD", path)
        assert head.status_code == got.status_code, path
        assert (b"".join(head) if head.streaming else head.content) == b"", path
        lengths = {int(each["Content-Length"]) for each in (got, head) if "Content-Length" in each}
        assert lengths <= {len(body)} or path.startswith(_CHANGES), path
        names = set(dict(got.items())) - {"Content-Length", "X-Request-Id"}
        assert names == set(dict(head.items())) - {"Content-Length", "X-Request-Id"}, path
        assert {name: got[name] for name in names} == {name: head[name] for name in names}, path


@pytest.mark.parametrize("caller", ["nobody", "staff", "token"])
def test_options_when_asked_then_the_methods_and_nothing_else(callers, caller):
    for path in PATHS:
        answer = callers[caller].generic("OPTIONS", path)
        assert (answer.status_code, answer["Allow"]) == (200, ", ".join(route_of(path))), path


@pytest.mark.parametrize("caller", ["nobody", "staff", "token"])
def test_answer_when_it_is_not_static_then_nobody_may_keep_it(callers, caller):
    paths = [*PATHS, "/no/such/path", "/artifact/byName/%00", "/artifacts/model/" + "a" * 5_000]
    for path in paths:
        for method in ("GET", "POST", "PUT", "DELETE"):
            if method == "DELETE" and path == "/reset":
                continue
            answer = callers[caller].generic(method, path)
            where = f"{method} {path} {answer.status_code}"
            assert answer["Cache-Control"] == "private, no-store", where
            assert {"X-Authorization", "Cookie"} <= set(answer["Vary"].split(", ")), where
            assert answer["X-Content-Type-Options"] == "nosniff", where
            assert answer["Referrer-Policy"] in ("no-referrer", "same-origin"), where
            assert answer["X-Frame-Options"] == "DENY", where
            assert answer["X-Request-Id"], where


def test_static_file_when_asked_for_then_everybody_may_keep_it(client):
    assert finders.find("registry/site.css")
    answer = client.get("/static/registry/site.css")
    assert b"".join(answer)
    assert "public" in answer["Cache-Control"]
    again = client.get(
        "/static/registry/site.css", headers={"If-Modified-Since": answer["Last-Modified"]}
    )
    assert again.status_code == 304
    assert client.post("/static/registry/site.css").status_code == 405


def test_host_when_forged_then_no_answer_leads_there(client, settings):
    settings.ALLOWED_HOSTS = ["registry.example.com"]
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for path in PATHS:
        answer = client.get(path, headers=forged | {"Host": "registry.example.com"})
        assert "evil" not in json.dumps(dict(answer.items())), path
        assert b"evil" not in (b"" if answer.streaming else answer.content), path
        refused = client.get(path, headers={"Host": "evil.example"})
        assert "evil" not in json.dumps(dict(refused.items())), path
