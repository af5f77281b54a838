"""`/resolve` and `/raw`: HEAD answers itself, GET gives small files or leads to a fresh link."""

import hashlib

import pytest
from django.urls import clear_script_prefix, set_script_prefix

from artifacts.enums import ContentState, GateVerdict, SourceKind
from artifacts.models import AuditEntry, File, Revision
from artifacts.rules.hub.commits import commit_of
from artifacts.storage.store import get_store
from tests.clients import refusal
from tests.factories.ratings import make_rating
from tests.factories.repositories import (
    COMMIT,
    CONFIG,
    OLD_COMMIT,
    WEIGHTS,
    add_revision,
    git_oid,
    make_repository,
    sha256_of,
)

pytestmark = pytest.mark.django_db
CONFIG_PATH = "/acme/robot/resolve/main/config.json"
WEIGHTS_PATH = "/acme/robot/resolve/main/onnx/model.safetensors"


@pytest.mark.parametrize(
    ("path", "data", "etag"),
    [
        pytest.param(CONFIG_PATH, CONFIG, git_oid(CONFIG), id="kept by git"),
        pytest.param(WEIGHTS_PATH, WEIGHTS, sha256_of(WEIGHTS), id="kept by Git LFS"),
        pytest.param(CONFIG_PATH.replace("resolve", "raw"), CONFIG, git_oid(CONFIG), id="raw"),
        pytest.param(CONFIG_PATH.replace("main", "HEAD"), CONFIG, git_oid(CONFIG), id="HEAD"),
        pytest.param(CONFIG_PATH.replace("main", "r1"), CONFIG, git_oid(CONFIG), id="r1"),
        pytest.param(CONFIG_PATH.replace("main", COMMIT), CONFIG, git_oid(CONFIG), id="commit"),
        pytest.param(f"{CONFIG_PATH}/?download=true&x=1", CONFIG, git_oid(CONFIG), id="arguments"),
    ],
)
def test_head_when_the_file_is_kept_then_all_that_clients_want_and_no_redirect(
    hub, path, data, etag
):
    make_repository()
    answer = hub.head(path)
    assert answer.status_code == 200
    assert "Location" not in answer
    assert "Content-Encoding" not in answer
    wanted = {
        "X-Repo-Commit": COMMIT,
        "ETag": f'"{etag}"',
        "X-Linked-ETag": f'"{etag}"',
        "X-Linked-Size": str(len(data)),
        "Content-Length": str(len(data)),
        "Accept-Ranges": "bytes",
    }
    assert {name: answer[name] for name in wanted} == wanted
    assert answer.content == b""
    assert not any("xet" in name.lower() for name in answer.headers)


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_get_when_the_file_is_kept_then_a_link_to_its_very_bytes(hub, client, kind, by_links):
    source = SourceKind(f"huggingface_{kind}")
    make_repository(kind=kind, source=source)
    prefix = "/datasets" if kind == "dataset" else ""
    answer = hub.get(f"{prefix}{WEIGHTS_PATH}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("http://testserver/content/")
    assert answer["X-Repo-Commit"] == COMMIT
    part = client.get(answer["Location"], headers={"Range": "bytes=10-19"})
    assert (part.status_code, b"".join(part)) == (206, WEIGHTS[10:20])


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        ({}, WEIGHTS, None),
        ({"Range": "bytes=10-19"}, WEIGHTS[10:20], "bytes 10-19/1024"),
        ({"Range": "bytes=1000-"}, WEIGHTS[1000:], "bytes 1000-1023/1024"),
        ({"Range": "bytes=1-2", "If-Range": '"another"'}, WEIGHTS, None),
        ({"Range": "bytes=x"}, WEIGHTS, None),
    ],
)
def test_get_when_the_file_is_small_and_here_then_its_bytes_at_once(hub, asked, given, said):
    make_repository()
    answer = hub.get(WEIGHTS_PATH, **asked)
    assert (answer.status_code, answer.content) == (206 if said else 200, given)
    assert answer.get("Content-Range") == said
    known = hub.head(WEIGHTS_PATH)
    same = ("ETag", "X-Repo-Commit", "X-Linked-Size", "Content-Type", "Content-Disposition",
            "Accept-Ranges", "X-Content-Type-Options", "Cache-Control")  # fmt: skip
    assert {name: answer[name] for name in same} == {name: known[name] for name in same}


def test_get_when_the_range_begins_after_the_end_then_by_a_link_that_refuses_it(hub, client):
    make_repository()
    answer = hub.get(WEIGHTS_PATH, Range="bytes=1024-")
    assert answer.status_code == 302
    assert client.get(answer["Location"], headers={"Range": "bytes=1024-"}).status_code == 416


def test_get_when_asked_again_then_another_link_and_the_bucket_is_never_opened(
    hub, monkeypatch, by_links
):
    make_repository()
    opened: list[str] = []
    for name in ("open", "read", "stat", "list"):
        monkeypatch.setattr(type(get_store()), name, lambda *_, name=name: opened.append(name))
    assert hub.get(CONFIG_PATH).status_code == 302
    assert hub.head(CONFIG_PATH).status_code == 200
    assert opened == []


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', "{}", '"x", "{}"', "*"])
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_file_when_the_client_has_it_then_304_with_the_commit(hub, method, known):
    make_repository()
    etag = git_oid(CONFIG)
    answer = hub.send(method, CONFIG_PATH, **{"If-None-Match": known.format(etag)})
    assert (answer.status_code, answer["X-Repo-Commit"]) == (304, COMMIT)
    assert answer["ETag"] == f'"{etag}"'
    other = hub.send(method, CONFIG_PATH, **{"If-None-Match": '"another"'})
    assert other.status_code == 200


@pytest.mark.parametrize("revision", [OLD_COMMIT, "r2"])
def test_file_when_asked_of_an_older_revision_then_as_it_was(hub, revision):
    artifact = make_repository()
    add_revision(artifact, {"config.json": b"{}"}, 2, commit=OLD_COMMIT)
    answer = hub.head(CONFIG_PATH.replace("main", revision))
    assert (answer["Content-Length"], answer["X-Repo-Commit"]) == ("2", OLD_COMMIT)


def test_file_when_its_source_has_no_commits_then_by_one_that_is_made(hub):
    artifact = make_repository("6f1c", source=SourceKind.UPLOAD, name="robot", commit="")
    made = commit_of(artifact_id=artifact.id, number=1, commit="", folder="")
    for name in ("main", made):
        answer = hub.head(f"/registry.ursula/robot/resolve/{name}/config.json")
        assert (answer.status_code, answer["X-Repo-Commit"]) == (200, made)
    foreign = ("0" if made[0] != "0" else "1") + made[1:]
    answer = hub.head(f"/registry.ursula/robot/resolve/{foreign}/config.json")
    assert refusal(answer) == (404, "RevisionNotFound")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/acme/robot/resolve/main/nope", "EntryNotFound"),
        ("/acme/robot/resolve/main/onnx", "EntryNotFound"),
        ("/acme/robot/resolve/main", "EntryNotFound"),
        ("/acme/robot/resolve/main/../config.json", "EntryNotFound"),
        ("/acme/robot/resolve/main/%2e%2e%2fconfig.json", "EntryNotFound"),
        ("/acme/robot/resolve/nope/config.json", "RevisionNotFound"),
        ("/acme/robot/resolve/" + "0" * 40 + "/config.json", "RevisionNotFound"),
        ("/acme/robot/resolve/refs%2Fpr%2F1/config.json", "RevisionNotFound"),
        ("/acme/nope/resolve/main/config.json", "RepoNotFound"),
        ("/a..b/robot/resolve/main/config.json", "RepoNotFound"),
        ("/acme/robot.git/resolve/main/config.json", "RepoNotFound"),
        ("/" + "a" * 5_000 + "/robot/resolve/main/config.json", "RepoNotFound"),
        ("/acme/robot/resolve/main/" + "a" * 5_000, "EntryNotFound"),
        ("/acme/robot/resolve/" + "a/" * 2_000 + "config.json", "RevisionNotFound"),
        ("/registry/model-1-1/resolve/main/config.json", "RepoNotFound"),
        ("/registry.nobody/robot/resolve/main/config.json", "RepoNotFound"),
        ("/nothing/resolve/main/config.json", "RepoNotFound"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_file_when_it_is_not_there_then_the_code_that_clients_know(hub, path, code, method):
    make_repository()
    answer = hub.send(method, path)
    assert refusal(answer) == (404, code)
    assert ("X-Repo-Commit" in answer) == (code == "EntryNotFound")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "path", ["/acme/robot/resolve/main/a%00b", "/acme/ro%00bot/resolve/main/a",
             "/acme/robot/resolve/m%00/a", "/api/models/acme/robot/tree/main/%00"],
)  # fmt: skip
def test_path_when_it_holds_nul_then_400(hub, path):
    make_repository()
    assert refusal(hub.get(path)) == (400, "invalid_request")


def test_file_when_its_path_has_odd_letters_then_found(hub):
    make_repository(files={"ñ/%41 b#?.json": CONFIG})
    answer = hub.head("/acme/robot/resolve/main/%C3%B1/%2541%20b%23%3F.json")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].isascii()


@pytest.mark.parametrize("state", [ContentState.LINK_ONLY, ContentState.FAILED])
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_file_when_its_bytes_are_not_kept_then_403_with_the_reason(hub, method, state):
    make_repository(content_state=state, content_reason="It has 3 TB, over the limit.")
    answer = hub.send(method, CONFIG_PATH)
    assert refusal(answer) == (403, "GatedRepo")
    assert "3 TB" in answer["X-Error-Message"]
    assert "https://huggingface.co/acme/robot" in answer["X-Error-Message"]
    assert hub.get("/api/models/acme/robot").status_code == 200


def test_file_when_it_alone_is_not_kept_then_403(hub):
    make_repository()
    File.objects.filter(path="config.json").update(blob=None)
    answer = hub.head(CONFIG_PATH)
    assert refusal(answer) == (403, "GatedRepo")
    assert "config.json" in answer["X-Error-Message"]


def test_file_when_being_fetched_then_waited_for(hub, monkeypatch):
    make_repository(content_state=ContentState.PENDING)

    def arrive(_seconds):
        Revision.objects.update(content_state=ContentState.STORED)

    monkeypatch.setattr("time.sleep", arrive)
    assert hub.head(CONFIG_PATH).status_code == 200


def test_file_when_still_being_fetched_after_the_wait_then_503(hub, set_limits, pauses):
    set_limits(DOWNLOAD_WAIT_S=-1.0)
    make_repository(content_state=ContentState.PENDING)
    for method in ("HEAD", "GET"):
        answer = hub.send(method, CONFIG_PATH)
        assert refusal(answer) == (503, "content_pending")
        assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("verdict", "unknown", "is_refused"),
    [
        (GateVerdict.FAILED, "accept", True),
        (GateVerdict.UNDECIDED, "refuse", True),
        (GateVerdict.UNDECIDED, "accept", False),
        (GateVerdict.PASSED, "refuse", False),
        (GateVerdict.EXEMPT, "refuse", False),
    ],
)
def test_file_when_the_gate_refuses_the_model_then_403_with_why(
    hub, settings, verdict, unknown, is_refused
):
    artifact = make_repository()
    make_rating(artifact, gate=verdict, gate_reasons=["License is unknown: nobody states one."])
    assert hub.head(CONFIG_PATH).status_code == 200
    settings.REGISTRY_GATE, settings.REGISTRY_GATE_UNKNOWN = "enforce", unknown
    answer = hub.head(CONFIG_PATH)
    assert answer.status_code == (403 if is_refused else 200)
    assert ("nobody states one" in answer.get("X-Error-Message", "")) == is_refused
    assert hub.get("/api/models/acme/robot").json()["gated"] == ("manual" if is_refused else False)


def test_head_when_counted_then_three_statements_whatever_is_asked(hub, django_assert_num_queries):
    artifact = make_repository()
    add_revision(artifact, {"config.json": b"{}"}, 2, commit=OLD_COMMIT)
    for name in ("main", COMMIT, OLD_COMMIT, "r1", "r2", "HEAD"):
        with django_assert_num_queries(3):
            answer = hub.head(CONFIG_PATH.replace("main", name))
        assert answer.status_code == 200


def test_link_when_the_site_has_a_base_url_or_a_stage_then_whole(hub, settings, by_links):
    make_repository()
    set_script_prefix("/stage/")
    staged = hub.get(CONFIG_PATH)
    clear_script_prefix()
    assert staged["Location"].startswith("http://testserver/stage/content/")
    settings.REGISTRY_BASE_URL = "https://registry.example/hub"
    assert hub.get(CONFIG_PATH)["Location"].startswith("https://registry.example/hub/content/")


def test_digests_when_the_bytes_are_fetched_then_those_of_the_bytes(hub, client, set_limits):
    make_repository()
    assert hub.get(WEIGHTS_PATH).content == WEIGHTS
    set_limits(FILE_ANSWERED_MAX_BYTES=0)
    data = b"".join(client.get(hub.get(WEIGHTS_PATH)["Location"]))
    etag = hub.head(WEIGHTS_PATH)["ETag"].strip('"')
    assert hashlib.sha256(data).hexdigest() == etag
