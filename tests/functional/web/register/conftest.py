"""Somebody who may upload, signed in, before a source that says what it is told to say."""

import pytest
from django.test import Client

from tests.unit.services.conftest import outside, source

__all__ = ["outside", "source"]


@pytest.fixture(autouse=True)
def tasks_wait(settings):
    settings.REGISTRY_TASKS = "worker"


@pytest.fixture
def person(uploader) -> Client:
    client = Client()
    client.force_login(uploader)
    return client
