import time

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.limits import SOURCE_SILENCE_KEPT_S
from artifacts.sources import silence
from artifacts.sources.base import Deadline
from artifacts.sources.http import Client
from tests.fakes.loopback import Reply, json_reply


def ask(server) -> None:
    Client(server.url).get("/x", deadline=Deadline(5))


@pytest.fixture(autouse=True)
def places(server, settings):
    """Three sources at three places."""
    settings.HF_ENDPOINT = "https://hub.example"
    settings.GITHUB_API_URL = "https://github.example"
    settings.KAGGLE_URL = "https://kaggle.example"


def test_silent_sources_when_one_fails_then_named_until_it_answers(server, settings):
    settings.HF_ENDPOINT = server.url
    server.routes["/x"] = Reply(status=429, headers={"Retry-After": "900"})
    with pytest.raises(SourceUnavailable):
        ask(server)
    assert silence.silent_sources() == ("The Hub",)
    server.routes["/x"] = json_reply({})
    ask(server)
    assert silence.silent_sources() == ()


def test_silent_sources_when_it_was_long_ago_then_not_named(settings):
    silence._failed_at[settings.HF_ENDPOINT] = time.monotonic() - SOURCE_SILENCE_KEPT_S - 1
    assert silence.silent_sources() == ()


def test_silent_sources_when_a_host_of_a_direct_link_fails_then_not_kept(server):
    server.routes["/x"] = Reply(status=429, headers={"Retry-After": "900"})
    with pytest.raises(SourceUnavailable):
        ask(server)
    assert silence._failed_at == {}
