"""The checks of the smoke test against the registry itself, without a package."""

import pytest

from artifacts.models import Artifact, User
from deployment.binary import check_binary
from deployment.client import Client
from deployment.smoke import Credentials, check_list, check_login, check_page

PASSWORD = "a-long-password-3"


@pytest.fixture
def client(live_server, settings) -> Client:
    settings.ALLOWED_HOSTS = ["localhost"]
    User.objects.create_user("smoke", PASSWORD, can_upload=True, can_search=True, can_download=True)
    client = Client(live_server.url)
    check_login(client, Credentials("smoke", PASSWORD))
    return client


def test_list_when_nothing_is_registered_then_an_empty_page(client):
    assert check_list(client) == "0 artifacts on the first page"


def test_page_when_served_then_its_letters_are_there(client):
    assert check_page(client).endswith("bytes")


def test_binary_when_sent_and_fetched_then_it_came_back_whole_and_nothing_is_left(client):
    assert check_binary(client) == "1,000,000 bytes sent and fetched back"
    assert not Artifact.objects.visible().exists()
