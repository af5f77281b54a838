import pytest

from artifacts.models import User
from tests.clients import HubClient


@pytest.fixture
def hub(uploader: User) -> HubClient:
    """A client of the Hub whose user has all three permissions."""
    return HubClient(uploader)


@pytest.fixture
def stranger(db) -> HubClient:
    return HubClient()
