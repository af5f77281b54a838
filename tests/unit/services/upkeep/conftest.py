"""A known artifact, and what people say with the tasks that follow it."""

from collections.abc import Callable

import pytest

from artifacts.models import Artifact
from artifacts.services.records.artifact_records import store_record
from tests.factories.look_alikes import KNOWN, make_named


@pytest.fixture
def bert(db) -> Artifact:
    artifact = make_named(KNOWN, 1, downloads=1_000_000)
    store_record(artifact.id)
    return artifact


@pytest.fixture
def do(django_capture_on_commit_callbacks) -> Callable[..., object]:
    """Do something with the tasks that follow it."""

    def act(operation, **given):
        with django_capture_on_commit_callbacks(execute=True):
            return operation(**given)

    return act
