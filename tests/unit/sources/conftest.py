"""A loopback server in the place of every source."""

from collections.abc import Iterator

import pytest

from artifacts.sources import http
from artifacts.sources.inquiry import Inquiry
from tests.fakes.loopback import Loopback, serve


@pytest.fixture
def server(settings) -> Iterator[Loopback]:
    with serve() as running:
        for name in ("HF_ENDPOINT", "GITHUB_API_URL", "GITHUB_WEB_URL", "KAGGLE_URL"):
            setattr(settings, name, running.url)
        settings.REGISTRY_PRIVATE_HOSTS = (running.host,)
        yield running
        http._session().close()


@pytest.fixture
def inquiry() -> Inquiry:
    """Enough time for everything that does not hang."""
    return Inquiry(30)
