import pytest

from artifacts.models import User
from tests.clients import HubClient
from tests.functional.hub.pushing import CARD, Pusher, regular


@pytest.fixture
def hub(uploader: User) -> HubClient:
    """A client of the Hub whose user has all three permissions."""
    return HubClient(uploader)


@pytest.fixture
def stranger(db) -> HubClient:
    return HubClient()


@pytest.fixture
def pusher(uploader: User) -> Pusher:
    return Pusher(uploader)


@pytest.fixture
def pushed(pusher: Pusher) -> Pusher:
    """One with a repository that has a commit."""
    assert pusher.create().status_code == 200
    assert pusher.commit(regular("README.md", CARD)).status_code == 200
    return pusher


@pytest.fixture
def by_links(set_limits) -> None:
    """Even small files are given by links, as those of a bucket are."""
    set_limits(FILE_ANSWERED_MAX_BYTES=0)
