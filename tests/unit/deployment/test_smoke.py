"""The smoke test passes a registry that is well, and says of each fault what it is."""

import time
import zipfile
from base64 import b64encode
from io import BytesIO

import pytest

from deployment import binary, client, smoke
from deployment.client import Client, exchange
from deployment.release import Release
from deployment.smoke import Credentials, find_credentials, main, run_smoke
from deployment.steps import DeploymentFailed, Steps
from tests.unit.deployment.fake_registry import (
    ARTIFACT,
    RECORD,
    STYLE_HASH,
    answers,
    as_json,
    as_page,
    health,
    serve,
)

SOMEBODY = Credentials("ada", "a-long-password-1")


@pytest.fixture
def registry(monkeypatch):
    for module in (smoke, binary):
        for name in ("READY_TIMEOUT_S", "CONTENT_TIMEOUT_S"):
            monkeypatch.setattr(module, name, 0.2, raising=False)
        for name in ("READY_PAUSE_S", "CONTENT_PAUSE_MAX_S"):
            monkeypatch.setattr(module, name, 0.01, raising=False)
    with serve() as server:
        yield server


def run(registry, expected=None) -> Steps:
    steps = Steps()
    run_smoke(registry.url, credentials=SOMEBODY, expected=expected, steps=steps)
    return steps


def test_smoke_when_all_is_well_then_every_check_ran_and_nothing_is_left(registry, capsys):
    steps = run(registry, expected=Release.of_record(RECORD))
    assert [name for name, succeeded, _ in steps.done if succeeded] == [
        "health",
        "login",
        "list",
        "page",
        "static file",
        "binary",
    ]
    assert registry.is_deleted
    assert "release 0.2.0 (c0ffee" in capsys.readouterr().out


def test_smoke_when_signed_in_then_the_token_goes_to_the_registry_and_not_to_the_bucket(registry):
    run(registry)
    assert registry.headers_of("POST artifacts")["x-authorization"] == "bearer abc"
    assert "x-authorization" not in registry.headers_of("GET bucket")


OTHER = as_json(health(release=RECORD | {"commit": "0ld"}))


def test_health_when_the_right_release_answers_a_moment_later_then_it_is_waited_for(registry):
    registry.answers["GET health"] = answers(as_json({}, 502), OTHER, as_json(health()))
    assert len(run(registry, expected=Release(commit="c0ffee")).done) == 6


def test_health_when_the_bucket_lacks_what_is_done_another_way_then_well_enough(registry):
    lacking = [{"id": "database", "status": "ok"}, {"id": "storage", "status": "degraded"}]
    registry.answers["GET health"] = answers(as_json(health(components=lacking)))
    assert len(run(registry).done) == 6


FAULTS = {
    "another release answers": (
        "GET health",
        OTHER,
        "answers release 0.2.0 (0ld, built",
    ),
    "no release answers": ("GET health", as_json(health(release=None)), "without a record"),
    "the gateway has no function": ("GET health", as_json({}, 502), "status 502, not 200"),
    "the bucket is lost": (
        "GET health",
        as_json(
            health(
                components=[
                    {"id": "database", "status": "ok"},
                    {"id": "storage", "status": "critical"},
                ]
            )
        ),
        "storage is critical",
    ),
    "health has another form": ("GET health", as_json({"release": RECORD}), "has not the form"),
    "health is a list": ("GET health", as_json([]), "has not the form"),
    "the redirect leads nowhere": (f"GET {ARTIFACT}/download", (302, b"", {}), "has not the form"),
    "a migration waits": (
        "GET health",
        as_json(health(migrations={"pending": ["artifacts.0005_more"]})),
        "artifacts.0005_more",
    ),
    "signing in fails": ("PUT authenticate", as_json({}, 401), "status 401"),
    "signing in gives something else": ("PUT authenticate", as_json({}), "no token"),
    "listing fails": ("POST artifacts", as_json({}, 500), "status 500"),
    "the list is none": ("POST artifacts", as_json({}), "is no list"),
    "the list is no JSON": ("POST artifacts", as_page("<html>"), "is no JSON"),
    "the page is broken": ("GET docs", (500, b"", {}), "status 500"),
    "the page lost its letters": ("GET docs", as_page("<title>API ? </title>"), "lost the letter"),
    "the page is other text": (
        "GET docs",
        (200, "API ·".encode("latin-1"), {"Content-Type": "text/html; charset=utf-8"}),
        "no UTF-8",
    ),
    "the page does not say its encoding": (
        "GET docs",
        as_page("API ·", "text/html"),
        "not UTF-8 text",
    ),
    "the page has no style": ("GET ", as_page("nothing"), "no style sheet"),
    "the style has no hash": (
        "GET ",
        as_page('<link href="/static/site.css">'),
        "the manifest is not in the package",
    ),
    "the style is another file": (
        f"GET static/site.{STYLE_HASH}.css",
        (200, b"body {}", {}),
        "not the file that its name stands for",
    ),
    "the style is broken in transit": (
        f"GET static/site.{STYLE_HASH}.css",
        (200, b"H4sIbase64", {"Content-Encoding": "gzip"}),
        "gzip is none",
    ),
    "an upload is refused": ("POST uploads", as_json({}, 403), "status 403"),
    "the bucket refuses": ("PUT bucket", (403, b"<Error/>", {}), "status 403"),
    "registering fails": ("POST artifact/dataset", as_json({}, 500), "status 500"),
    "tasks are not done": (
        f"GET {ARTIFACT}/download",
        (503, b"", {"Retry-After": "0"}),
        "tasks are not being done",
    ),
    "no zip comes back": ("GET bucket", (200, b"PK", {}), "no zip with the payload"),
    "deleting fails": (f"DELETE {ARTIFACT}", as_json({}, 500), "status 500"),
    "what was deleted is there": (f"GET {ARTIFACT}", as_json({}), "status 200, not 404"),
}


@pytest.mark.parametrize(("request_", "answer", "complaint"), FAULTS.values(), ids=FAULTS)
def test_smoke_when_something_is_wrong_then_it_says_what_and_what_to_do(
    registry, request_, answer, complaint
):
    registry.answers[request_] = lambda *_: answer
    with pytest.raises(DeploymentFailed) as caught:
        run(registry, expected=Release(commit="c0ffee"))
    assert complaint in caught.value.reason
    assert caught.value.advice


def test_static_file_when_a_gateway_leaves_base64_as_it_is_then_that_is_found(registry):
    def style(body, headers):
        status, sent, fields = registry.style(body, headers)
        is_binary = "Content-Encoding" in fields
        return status, b64encode(sent) if is_binary else sent, fields

    registry.answers[f"GET static/site.{STYLE_HASH}.css"] = style
    with pytest.raises(DeploymentFailed, match="gzip is none"):
        run(registry)


@pytest.mark.parametrize("broken", ["GET bucket", f"GET {ARTIFACT}/download"])
def test_binary_when_fetching_fails_then_the_artifact_is_deleted_all_the_same(registry, broken):
    registry.answers[broken] = lambda *_: as_json({}, 500)
    with pytest.raises(DeploymentFailed):
        run(registry)
    assert registry.is_deleted


def test_binary_when_other_bytes_come_back_then_they_are_not_taken(registry):
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("payload.bin", b"other")
    registry.answers["GET bucket"] = lambda *_: (200, other.getvalue(), {})
    with pytest.raises(DeploymentFailed, match="holds other bytes than were sent"):
        run(registry)


def test_binary_when_content_comes_later_then_it_is_waited_for(registry):
    redirect = registry.answers[f"GET {ARTIFACT}/download"](b"", {})
    registry.answers[f"GET {ARTIFACT}/download"] = answers(
        (503, b"", {"Retry-After": "1"}), (503, b"", {}), redirect
    )
    assert len(run(registry).done) == 6


def test_exchange_when_nobody_answers_then_that_is_an_answer():
    answer = exchange("GET", "http://127.0.0.1:9/health")
    assert answer.status == 0
    with pytest.raises(DeploymentFailed, match="status none"):
        answer.require(200)


def test_exchange_when_an_address_is_no_web_address_then_nothing_is_opened():
    assert exchange("GET", "file:///etc/passwd").body == b"this is no web address"


def test_exchange_when_the_server_says_nothing_then_it_ends(monkeypatch, registry):
    monkeypatch.setattr(client, "CALL_TIMEOUT_S", 0.05)
    registry.answers["GET docs"] = lambda *_: time.sleep(0.3) or as_page("late")
    assert exchange("GET", f"{registry.url}/docs").status == 0


@pytest.mark.parametrize("url", ["", "registry.example.com", "ftp://registry.example.com"])
def test_client_when_the_url_is_none_then_it_says_how_to_write_it(url):
    with pytest.raises(DeploymentFailed, match="no web address"):
        Client(url)


def test_credentials_when_a_user_is_named_then_that_one_signs_in():
    given = {"REGISTRY_SMOKE_USER": "smoke", "REGISTRY_SMOKE_PASSWORD": "word"}
    assert find_credentials({**given, "REGISTRY_ADMIN_PASSWORD": "x"}) == Credentials(
        "smoke", "word"
    )
    assert find_credentials({"REGISTRY_ADMIN_PASSWORD": "x"}).password == "x"


def test_main_when_all_is_well_then_0_and_a_summary(registry, monkeypatch, capsys):
    monkeypatch.setenv("REGISTRY_SMOKE_PASSWORD", "word")
    assert main([registry.url, "--commit", "c0ffee"]) == 0
    assert "6 steps in" in capsys.readouterr().out


def test_main_when_something_is_wrong_then_1_and_what_to_do(registry, monkeypatch, capsys):
    monkeypatch.setenv("REGISTRY_SMOKE_PASSWORD", "word")
    assert main([registry.url, "--commit", "an0ther"]) == 1
    said = capsys.readouterr().out
    assert "Next:" in said
    assert "failed: health" in said


def test_main_when_there_is_no_password_then_it_asks_for_one(monkeypatch, capsys):
    for name in ("REGISTRY_SMOKE_PASSWORD", "REGISTRY_ADMIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    assert main(["http://127.0.0.1:9"]) == 1
    assert "REGISTRY_SMOKE_PASSWORD" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("mode", "left"),
    [
        ("open", ["health", "login", "list", "page", "static file", "binary"]),
        ("read_only", ["health", "login", "list", "page", "static file"]),
        ("closed", ["health"]),
    ],
)
def test_smoke_when_the_registry_is_not_open_then_what_it_refuses_is_not_tried(
    registry, capsys, mode, left
):
    registry.answers["GET health"] = lambda *_: as_json(health(mode=mode))
    assert [name for name, _, _ in run(registry).done] == left
    assert ("not tried" in capsys.readouterr().out) == (mode != "open")
