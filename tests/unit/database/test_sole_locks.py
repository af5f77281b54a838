"""Who wants tables for himself neither waits long nor keeps others waiting."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections, transaction

from artifacts.database.sole_locks import lock_tables
from artifacts.exceptions import DatabaseBusy
from artifacts.models import Artifact, User
from artifacts.services.upkeep.reset import reset_registry
from tests.factories.artifacts import make_artifact

needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite locks its file, not tables"
)
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def long_reader() -> Iterator[Callable[[], None]]:
    """Somebody who reads until he is told to leave, on a connection of his own."""
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with transaction.atomic():
            list(Artifact.objects.all())
            reading.set()
            done.wait(30)
        connections.close_all()

    def leave() -> None:
        done.set()
        thread.join()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        assert reading.wait(10)
        yield leave
    finally:
        leave()


def others_can_read() -> bool:
    """Whether somebody who comes now is served at once."""
    found = []

    def look() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
                found.append(Artifact.objects.count() >= 0 and User.objects.count() >= 0)
        except OperationalError:
            found.append(False)
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


@pytest.fixture
def pauses(monkeypatch, set_limits) -> list[bool]:
    """Whether others are served, in each pause between two attempts."""
    found: list[bool] = []
    set_limits(SOLE_LOCK_TIMEOUT_MS=20)
    monkeypatch.setattr(time, "sleep", lambda _s: found.append(others_can_read()))
    return found


@needs_postgresql
def test_reset_when_somebody_reads_for_long_then_refused_and_others_go_on(
    administrator, pauses, monkeypatch
):
    make_artifact()
    with long_reader(), pytest.raises(DatabaseBusy, match="Try again"):
        reset_registry(user=administrator, token_digest=None)
    assert pauses == [True, True, True]
    assert Artifact.objects.count() == User.objects.count() == 1


@needs_postgresql
def test_reset_when_the_reader_ends_then_done_at_a_later_attempt(
    administrator, monkeypatch, set_limits
):
    make_artifact()
    set_limits(SOLE_LOCK_TIMEOUT_MS=20)
    with long_reader() as leave:
        monkeypatch.setattr(time, "sleep", lambda _s: leave())
        reset_registry(user=administrator, token_digest=None)
    assert not Artifact.objects.exists()


@needs_postgresql
def test_lock_when_taken_then_the_limit_of_before_holds_again_and_others_wait(administrator):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '7s'")
            lock_tables([Artifact])
            cursor.execute("SELECT current_setting('lock_timeout')")
            assert cursor.fetchone() == ("7s",)
        assert not others_can_read()
    assert others_can_read()


def test_reset_when_nobody_is_in_the_way_then_done(administrator):
    make_artifact()
    reset_registry(user=administrator, token_digest=None)
    assert not Artifact.objects.exists()
