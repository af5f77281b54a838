import pytest
from django.core.exceptions import ImproperlyConfigured

from artifacts.limits import DATABASE_CONNECT_TIMEOUT_S
from registry_site.settings import databases

URL = "postgres://user:word@db.example:5433/registry"


def test_postgresql_when_named_then_waits_no_longer_than_it_may():
    found = databases.from_url(URL)
    assert (found["ENGINE"], found["CONN_HEALTH_CHECKS"]) == ("registry_site.postgresql", True)
    assert found["OPTIONS"]["connect_timeout"] == DATABASE_CONNECT_TIMEOUT_S
    assert "-c statement_timeout=8000" in found["OPTIONS"]["options"]
    assert "pool" not in found["OPTIONS"]
    assert not found.get("DISABLE_SERVER_SIDE_CURSORS")


def test_postgresql_when_the_url_says_how_then_that_goes_before():
    query = "sslmode=verify-full&connect_timeout=9&application_name=mine&options=-c%20jit%3Doff"
    assert databases.from_url(f"{URL}?{query}")["OPTIONS"] == {
        "sslmode": "verify-full",
        "connect_timeout": 9,
        "application_name": "mine",
        "options": "-c jit=off",
    }


def test_postgresql_when_behind_a_pooler_then_nothing_is_kept_on_the_connection(monkeypatch):
    monkeypatch.setenv("DATABASE_POOLER", "transaction")
    found = databases.from_url(URL)
    assert found["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert "options" not in found["OPTIONS"]


def test_pooler_when_another_word_then_named(monkeypatch):
    monkeypatch.setenv("DATABASE_POOLER", "session")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_POOLER"):
        databases.from_url(URL)


def test_sqlite_when_named_by_a_url_then_left_as_it_is():
    assert databases.from_url("sqlite:///x.db")["ENGINE"] == "django.db.backends.sqlite3"
