"""Fixtures that everyone needs."""

import gc
import math
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest
from django.db import DataError, connection
from django.db.models import CharField
from django.test import override_settings
from django.urls import clear_script_prefix

from artifacts import limits
from artifacts.database import outages
from artifacts.models import User
from artifacts.rules import budget, card_html
from artifacts.services.trust import searches
from artifacts.services.upkeep import activity
from artifacts.sources import silence
from registry_site.postgresql.connections import ImpatientConnection
from tests import secret_watch
from tests.clients import ApiClient
from tests.fakes.outages import MemoryOutages
from tests.modules import PRODUCT

_bucket_numbers = count()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(secret_watch)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark what asks for rows by a fixture, too: `-m "not django_db"` means whoever needs rows."""
    for item in items:
        # One of its own says more, such as that transactions are real: it must stay the closest.
        if item.get_closest_marker("django_db"):
            continue
        if {"db", "transactional_db"} & set(item.fixturenames):
            item.add_marker(pytest.mark.django_db)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over the tests and modules, which stay to the end.

    There are so many that to look through them at each of its rounds took a quarter of all time.
    """
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let it look through all again: what breaks as it is thrown away is a fault, too."""
    gc.unfreeze()


# A busy machine takes its time; what is measured is measured in CPU time, where it is meant.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Let the server take its time to drop the tests' database: it writes everything down first."""
    yield
    if connection.vendor == "postgresql":
        connection.settings_dict["OPTIONS"].pop("options", None)
        ImpatientConnection.silence_max_s = None


@pytest.fixture
def set_limits(monkeypatch):
    """Set limits by their names, as in `set_limits(FILES_MAX=2)`, wherever the product reads them.

    Not where they stand: a module that is imported during the test would keep what it finds there.
    """

    def put(**values):
        for name, value in values.items():
            assert hasattr(limits, name), name
            readers = [
                module
                for path, module in tuple(sys.modules.items())
                if path.startswith(PRODUCT) and not path.startswith(limits.__name__)
                if name in vars(module)
            ]
            assert readers, f"Nothing that is imported reads {name}."
            for module in readers:
                monkeypatch.setattr(module, name, value)

    return put


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """How long was waited; nobody really waits."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


@pytest.fixture(autouse=True)
def patient_judging(monkeypatch):
    """Judging may take as long as a busy machine that measures coverage needs."""
    monkeypatch.setattr(budget, "JUDGED_AT_ONCE_CPU_S", 60.0)
    monkeypatch.setattr(budget, "JUDGED_IN_TASK_CPU_S", 600.0)
    monkeypatch.setattr(card_html, "CARD_DRAWN_CPU_S", 60.0)


@pytest.fixture(autouse=True)
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty bucket of the test's own, as files; most tests write none, so no folder is made."""
    location = tmp_path_factory.getbasetemp() / f"bucket-{next(_bucket_numbers)}"
    options = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(location)},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=options, REGISTRY_STORAGE="local"):
        yield location


@pytest.fixture(autouse=True)
def root_of_the_site():
    """Answer at the root again: a request leaves its stage or base path with its thread."""
    yield
    clear_script_prefix()


@pytest.fixture(autouse=True)
def answering_sources(request, monkeypatch):
    """Forget which sources failed in other tests, and tell no other process of it.

    Threads of a test do not see its transaction; `shared_outages` is for tests that do without one.
    """
    silence._known.clear()
    if "shared_outages" not in request.fixturenames:
        monkeypatch.setattr(silence, "outages", MemoryOutages())


@pytest.fixture
def shared_outages():
    """Let the test write outages into the database."""


@pytest.fixture(autouse=True)
def statistics_not_due(monkeypatch):
    """Let no request write what the tests before it left to write: some tests count statements."""
    activity.begin()
    searches.begin()
    outages._met.clear()
    monkeypatch.setattr(activity, "_flushed_at", math.inf)
    monkeypatch.setattr(activity, "_held_until", 0.0)


@pytest.fixture(autouse=True)
def bounded_columns(monkeypatch):
    """Refuse on SQLite, too, what is longer than a column: only PostgreSQL keeps to its length."""
    real = CharField.get_db_prep_save

    def checked(field, value, connection):
        if isinstance(value, str) and field.max_length and len(value) > field.max_length:
            raise DataError(f"{field} takes {field.max_length} characters, not {len(value)}")
        return real(field, value, connection)

    monkeypatch.setattr(CharField, "get_db_prep_save", checked)


@pytest.fixture
def administrator(db) -> User:
    return User.objects.create_user("ada", "a-long-password-1", is_admin=True)


@pytest.fixture
def uploader(db) -> User:
    return User.objects.create_user(
        "ursula", "a-long-password-2", can_upload=True, can_search=True, can_download=True
    )


@pytest.fixture
def admin_api(administrator) -> ApiClient:
    return ApiClient(administrator)


@pytest.fixture
def api(uploader) -> ApiClient:
    """A user with all three permissions."""
    return ApiClient(uploader)


@pytest.fixture
def anonymous(db) -> ApiClient:
    return ApiClient()
