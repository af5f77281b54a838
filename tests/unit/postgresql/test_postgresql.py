import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from registry_site.postgresql.base import DatabaseWrapper, PatientSchemaEditor
from registry_site.postgresql.connections import ImpatientConnection
from registry_site.settings import databases
from tests.fakes.silent_postgres import silent_postgres

pytestmark = pytest.mark.django_db
needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="asks a PostgreSQL server"
)
PATIENCE_S = 0.2


@contextmanager
def connected(url: str) -> Iterator[DatabaseWrapper]:
    """A connection of Django's to another server than the tests' own."""
    found = {
        "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TIME_ZONE": None, "TEST": {},
        **databases.from_url(url),
    }  # fmt: skip
    wrapper = DatabaseWrapper(found, alias="silent")
    try:
        yield wrapper
    finally:
        wrapper.close()


@pytest.fixture(autouse=True)
def little_patience(monkeypatch, set_limits):
    set_limits(DATABASE_CHECK_MAX_S=PATIENCE_S)
    if connection.vendor != "postgresql":
        monkeypatch.setattr(ImpatientConnection, "silence_max_s", PATIENCE_S)


def test_connecting_when_the_server_says_nothing_then_given_up():
    with (
        silent_postgres(is_welcoming=False) as server,
        connected(f"{server.url}&connect_timeout=2") as database,  # libpq's shortest
        pytest.raises(OperationalError, match="timeout"),
    ):
        database.ensure_connection()


def test_query_when_the_server_says_nothing_then_given_up_and_the_connection_closed(monkeypatch):
    monkeypatch.setattr(ImpatientConnection, "silence_max_s", PATIENCE_S)
    with silent_postgres() as server, connected(server.url) as database:
        started = time.monotonic()
        with database.cursor() as cursor, pytest.raises(OperationalError, match=r"for 0\.2 s"):
            cursor.execute("SELECT 1")
        assert PATIENCE_S <= time.monotonic() - started < 10 * PATIENCE_S
        assert database.connection.closed


def test_check_when_the_server_says_nothing_then_gives_up_sooner_than_a_query(monkeypatch):
    monkeypatch.setattr(ImpatientConnection, "silence_max_s", 60.0)
    with silent_postgres() as server, connected(server.url) as database:
        database.ensure_connection()
        started = time.monotonic()
        assert not database.is_usable()
        assert time.monotonic() - started < 10 * PATIENCE_S


def test_check_when_the_server_answers_then_usable_and_as_patient_as_before():
    with silent_postgres(answers=1) as server, connected(server.url) as database:
        assert not database.is_usable()  # not connected yet
        database.ensure_connection()
        before = database.connection.silence_max_s
        assert database.is_usable()
        assert database.connection.silence_max_s == before


@needs_postgresql
def test_statement_when_it_takes_too_long_then_the_server_ends_it():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        with pytest.raises(OperationalError, match="statement timeout"), transaction.atomic():
            cursor.execute("SELECT pg_sleep(5)")
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("atomic", [True, False])
def test_migration_when_it_runs_then_has_time_but_waits_for_no_lock_for_ever(atomic):
    def limits() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            (statement,) = cursor.fetchone()
            cursor.execute("SELECT current_setting('lock_timeout')")
            return [statement, *cursor.fetchone()]

    before = limits()
    assert before == ["8s", "0"]
    with PatientSchemaEditor(connection, atomic=atomic):
        assert limits() == ["0", "8s"]
        assert connection.connection.silence_max_s is None
    assert limits() == before
    assert connection.connection.silence_max_s is not None


@needs_postgresql
def test_server_when_connected_to_then_knows_the_limits_and_our_name():
    names = "application_name", "idle_session_timeout", "idle_in_transaction_session_timeout"
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
        assert cursor.fetchone() == ("model-registry", "15min", "90s")


@needs_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_pooled", "limit"), [(False, "0"), (True, "8s")])
def test_migration_outside_of_a_transaction_when_sessions_are_shared_then_nothing_is_set_for_them(
    monkeypatch, is_pooled, limit
):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", is_pooled)
    with connection.schema_editor(atomic=False), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == (limit,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("8s",)
