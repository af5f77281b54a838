"""Registering, reading, replacing, deleting and listing through the door."""

import json
from typing import Any

import pytest

from artifacts.exceptions import ArtifactExists, SourceRefused, SourceUnavailable
from artifacts.models import Artifact
from artifacts.services.catalogue.registration import Registration
from tests.clients import message_of
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
URL = "https://huggingface.co/acme/robot"
REGISTER = "artifacts.services.catalogue.registration.register_artifact"
REPLACE = "artifacts.services.catalogue.replacement.replace_artifact"


@pytest.fixture
def register(monkeypatch):
    """What the door hands to the service; the answer can be changed."""
    calls: list[dict] = []

    def register_artifact(**given):
        calls.append(given)
        return Registration(make_artifact(given["name"] or "robot"), given["url"], made.deferred)

    made: Any = type("Register", (), {"calls": calls, "deferred": False})
    monkeypatch.setattr(REGISTER, register_artifact)
    return made


def fail_with(monkeypatch, operation: str, error: Exception) -> None:
    def fail(**_given):
        raise error

    monkeypatch.setattr(operation, fail)


# ------------------------------------------------------------------ create


@pytest.mark.parametrize(
    ("body", "name"), [({"url": URL}, None), ({"url": URL, "name": "tea robot"}, "tea robot")]
)
def test_create_when_asked_then_201_with_the_envelope(api, register, body, name):
    answer = api.post("/artifact/model", body)
    assert answer.status_code == 201
    artifact = Artifact.objects.get()
    assert answer.json() == {
        "metadata": {"name": name or "robot", "id": artifact.id, "type": "model"},
        "data": {
            "url": URL,
            "download_url": f"http://testserver/artifacts/model/{artifact.id}/download",
        },
    }
    assert register.calls[0] | {"user": None} == {
        "artifact_type": "model", "url": URL, "name": name, "user": None,
    }  # fmt: skip
    assert register.calls[0]["user"].username == "ursula"


def test_create_when_the_base_address_is_configured_then_links_use_it(api, register, settings):
    settings.REGISTRY_BASE_URL = "https://registry.example"
    link = api.post("/artifact/model", {"url": URL}).json()["data"]["download_url"]
    assert link.startswith("https://registry.example/artifacts/model/")


def test_create_when_the_source_is_silent_then_202_with_the_id(api, register):
    register.deferred = True
    answer = api.post("/artifact/model", {"url": URL})
    assert answer.status_code == 202
    assert answer.json()["metadata"]["id"]


@pytest.mark.parametrize(
    "body",
    [
        {}, [], "x", 5, None, {"url": 5}, {"url": None}, {"url": [URL, URL]}, {"name": "x"},
        {"url": URL, "name": None}, {"url": URL, "name": 5}, b"{", b"", b"\xff\xfe", b"[" * 100_000,
        b'{"url": NaN}', b'{"url": "\\ud800"}', b'{"url": "a\\u0000b"}',
    ],
)  # fmt: skip
def test_create_when_the_body_is_malformed_then_400(api, register, body):
    answer = api.post("/artifact/model", b"null" if body is None else body)
    assert answer.status_code == 400
    assert message_of(answer)
    assert register.calls == []


def test_create_when_the_body_is_huge_then_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    answer = api.post("/artifact/model", {"url": "x" * 2_000})
    assert answer.status_code == 413


def test_create_when_a_literal_backslash_is_sent_then_taken(api, register):
    assert api.post("/artifact/model", {"url": URL, "name": r"a\u0000"}).status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "x"])
def test_create_when_the_content_type_is_wrong_then_the_body_decides(api, register, content_type):
    headers = {"X-Authorization": api.token}
    answer = api.client.generic(
        "POST", "/artifact/model", json.dumps({"url": URL}), content_type, headers=headers
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["paper", "MODEL", "models"])
def test_create_when_the_type_is_unknown_then_400(api, kind):
    answer = api.post(f"/artifact/{kind}", {"url": URL})
    assert answer.status_code == 400
    assert "dataset" in message_of(answer)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ArtifactExists("model-1-1", URL), 409),
        (SourceRefused("There is no such repository."), 400),
        (SourceUnavailable("The Hub is away.", retry_after_s=7.2), 502),
    ],
    ids=["exists", "refused", "unavailable"],
)
def test_create_when_the_service_refuses_then_its_status(api, monkeypatch, error, status):
    fail_with(monkeypatch, REGISTER, error)
    answer = api.post("/artifact/model", {"url": URL})
    assert answer.status_code == status
    assert message_of(answer) == error.message
    assert answer.headers.get("Retry-After") == ("8" if status == 502 else None)


def test_create_when_something_unexpected_happens_then_500_without_details(api, monkeypatch):
    fail_with(monkeypatch, REGISTER, ValueError("secret detail"))
    answer = api.post("/artifact/model", {"url": URL})
    assert answer.status_code == 500
    assert "secret" not in message_of(answer)


# ------------------------------------------------------------------ retrieve, update, delete


def test_read_when_it_exists_then_200_in_two_queries(api, django_assert_num_queries):
    artifact = make_artifact()
    with django_assert_num_queries(2):
        answer = api.get(f"/artifacts/model/{artifact.id}")
    assert answer.status_code == 200
    assert answer.json()["data"]["url"] == URL


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/artifacts/model/invalidId", 404), ("/artifacts/model/a!_b", 400),
        ("/artifacts/paper/x-1", 400), ("/artifacts/model/%C3%BC", 400),
        ("/artifacts/model/" + "9" * 500, 404),
    ],
)  # fmt: skip
def test_artifact_when_there_is_none_then_says_so(api, method, path, status):
    key, kind = path.split("/")[3], path.split("/")[2]
    body = {"metadata": {"name": "x", "id": key, "type": kind}, "data": {"url": URL}}
    answer = api.send(method, path, body if method == "PUT" else None)
    assert answer.status_code == status


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_artifact_when_the_type_is_another_then_404_and_it_stays(api, method):
    artifact = make_artifact()
    assert api.send(method, f"/artifacts/dataset/{artifact.id}").status_code == 404
    assert Artifact.objects.exists()


def test_artifact_when_its_source_is_silent_then_404(api):
    artifact = make_artifact(visible=False)
    assert api.get(f"/artifacts/model/{artifact.id}").status_code == 404


def test_update_when_right_then_handed_to_the_service(api, monkeypatch):
    artifact = make_artifact()
    calls = []

    def replace_artifact(**given):
        calls.append(given)
        return Registration(artifact, given["url"], is_deferred=len(calls) > 1)

    monkeypatch.setattr(REPLACE, replace_artifact)
    metadata = {"name": "robot", "id": artifact.id, "type": "model"}
    body = {"metadata": metadata, "data": {"url": URL + "-2"}}
    path = f"/artifacts/model/{artifact.id}"
    assert [api.put(path, body).status_code for _ in range(2)] == [200, 202]
    assert (calls[0]["name"], calls[0]["url"]) == ("robot", URL + "-2")


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"name": "robot", "id": "0", "type": "model"}},
        {"metadata": {"name": "robot", "type": "model"}},
        {"metadata": None},
        {"data": {}},
        {"data": {"url": 5}},
    ],
    ids=["another-id", "no-id", "no-metadata", "no-url", "number-as-url"],
)
def test_update_when_malformed_then_400(api, change):
    artifact = make_artifact()
    metadata = {"name": "robot", "id": artifact.id, "type": "model"}
    body = {"metadata": metadata, "data": {"url": URL}} | change
    assert api.put(f"/artifacts/model/{artifact.id}", body).status_code == 400


def test_update_when_the_name_is_another_then_400(api):
    artifact = make_artifact()
    metadata = {"name": "other", "id": artifact.id, "type": "model"}
    body = {"metadata": metadata, "data": {"url": URL}}
    answer = api.put(f"/artifacts/model/{artifact.id}", body)
    assert answer.status_code == 400
    assert "match" in message_of(answer)


def test_delete_when_without_a_body_then_200_and_gone(api):
    artifact = make_artifact()
    assert api.delete(f"/artifacts/model/{artifact.id}").status_code == 200
    assert api.get(f"/artifacts/model/{artifact.id}").status_code == 404
    assert api.delete(f"/artifacts/model/{artifact.id}").status_code == 404
