"""A signed-in administrator; tasks wait for a worker."""

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def tasks_wait(settings):
    settings.REGISTRY_TASKS = "worker"


@pytest.fixture
def staff(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client
