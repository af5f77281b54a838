"""The whole registry as processes: what `make run` starts."""

import io
import json
import os
import signal
import socket

import pytest
from django.core.management.base import CommandError

from artifacts.exceptions import StorageUnavailable
from artifacts.management.commands import serve
from artifacts.storage.abilities import Gravity, Shortfall
from tests import readme, secret_watch
from tests.fakes import hub_server
from tests.functional.api.uploading import make_zip
from tests.performance.registry import Registry
from tests.processes import WAIT_S, eventually, is_alive


@pytest.fixture(scope="module")
def hub():
    server, url = hub_server.start()
    yield url
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def registry(hub, tmp_path_factory):
    found = Registry(tmp_path_factory.mktemp("serve") / "data", hub, LOG_LEVEL="debug")
    found.start()
    found.sign_in()
    yield found
    found.stop()


def test_serve_when_an_artifact_is_registered_then_the_worker_fetches_its_bytes(registry):
    url = "https://huggingface.co/acme/robot"
    status, body = registry.ask("POST", "/artifact/model", {"url": url})
    assert status == 201
    path = f"/artifacts/model/{body['metadata']['id']}/download?part=weights"
    assert eventually(lambda: registry.ask("GET", path)[0] == 200)
    raw = registry.ask("GET", path)[1]
    assert b"".join(hub_server.weights_bytes("acme/robot")) in raw


def test_serve_when_a_zip_is_uploaded_as_the_readme_says_then_registered(registry, tmp_path):
    told = readme.upload(make_zip(), tmp_path, registry=registry.url, token=registry.token)
    assert json.loads(told)["metadata"]["name"] == "my-model"


def test_serve_when_a_signed_link_is_used_wrongly_then_no_line_holds_it(registry):
    status, _ = registry.ask("POST", "/artifact/model", {"url": "https://huggingface.co/acme/log"})
    assert status == 201
    status, body = registry.ask(
        "POST", "/uploads", {"filename": "a.zip", "size_bytes": 10, "sha256": "0" * 64}
    )
    assert status == 201
    link = body["upload_url"].removeprefix(registry.url)
    secret_watch.remember(link.rpartition("/")[2])
    for method in ("PUT", "POST", "GET", "PATCH"):
        assert registry.ask(method, link, {})[0] in (400, 405)
    assert registry.ask("GET", f"/content/{link.rpartition('/')[2]}")[0] == 404
    text = registry.log.read_text()
    assert '"level' in text
    assert "request.answered" in text
    assert secret_watch.look_through(text) == []


@pytest.mark.parametrize("path", ["/", "/tracks", "/no/such/path", "/static/registry/site.css"])
def test_serve_when_asked_for_headers_then_no_body_is_sent(registry, path):
    # Raw: clients do not look for a body that must not be there, and take it for the next answer.
    with socket.create_connection(("127.0.0.1", registry.port), timeout=WAIT_S) as connection:
        ending = "Connection: close\r\n\r\n"
        connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{ending}".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == b""
    assert b"content-length: " in head.lower()


def test_serve_when_its_worker_is_killed_then_another_one_works(registry):
    (before,) = registry.children()
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: registry.children() not in ([], [before]))


def test_serve_when_killed_then_its_worker_ends_too(hub, tmp_path):
    registry = Registry(tmp_path / "data", hub)
    registry.start()
    assert eventually(registry.children)
    (worker,) = registry.children()
    registry.kill()
    assert eventually(lambda: not is_alive(worker))


def test_serve_when_nothing_could_be_written_into_the_bucket_then_does_not_start(monkeypatch):
    lack = Shortfall("reads_ranges", Gravity.REFUSED, "It gives no parts.", "Nothing.", "200")
    monkeypatch.setattr(serve, "prove_bucket", lambda: (lack,))
    with pytest.raises(CommandError, match="It gives no parts"):
        serve.Command(stderr=io.StringIO())._try_bucket()


def test_serve_when_the_bucket_is_away_then_starts_and_says_so(monkeypatch):
    def away():
        raise StorageUnavailable("The bucket does not answer.")

    monkeypatch.setattr(serve, "prove_bucket", away)
    told = io.StringIO()
    serve.Command(stderr=told)._try_bucket()
    assert told.getvalue() == "The bucket was not tried. The bucket does not answer.\n"
