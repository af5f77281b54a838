"""The whole registry as processes: what `make run` starts."""

import io
import json
import os
import signal
import time

import pytest
from django.core.management.base import CommandError

from artifacts.exceptions import StorageUnavailable
from artifacts.management.commands import serve
from artifacts.storage.abilities import Gravity, Shortfall
from tests import readme
from tests.fakes import hub_server
from tests.functional.api.uploading import make_zip
from tests.performance.registry import Registry

WAIT_S = 60


@pytest.fixture(scope="module")
def hub():
    server, url = hub_server.start()
    yield url
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def registry(hub, tmp_path_factory):
    found = Registry(tmp_path_factory.mktemp("serve") / "data", hub)
    found.start()
    found.sign_in()
    yield found
    found.stop()


def eventually(condition) -> bool:
    """Whether something becomes true, looked at as often as it takes."""
    ends_at = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > ends_at:
            return False
    return True


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


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
