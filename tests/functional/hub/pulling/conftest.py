"""Reading registers here, before a source that says what it is told to say."""

import pytest

from artifacts.services.content import bundle_waiting
from artifacts.services.hub import pulling
from tests.functional.hub.pulling.reader import Reader
from tests.unit.services.conftest import outside, source

__all__ = ["outside", "source"]


@pytest.fixture(autouse=True)
def pulls(settings, monkeypatch):
    settings.REGISTRY_HUB_PULL = "on"
    settings.REGISTRY_TASKS = "worker"
    monkeypatch.setattr(pulling, "PULL_WAIT_S", 0.3)
    monkeypatch.setattr(pulling, "PULL_POLL_S", 0.02)
    monkeypatch.setattr(bundle_waiting, "DOWNLOAD_WAIT_S", 0.01)


@pytest.fixture
def reader(uploader) -> Reader:
    return Reader(uploader)
