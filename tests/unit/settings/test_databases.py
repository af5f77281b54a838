import traceback
from pathlib import Path

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


def test_credentials_when_they_stand_by_themselves_then_as_they_are(monkeypatch):
    kept = '{"username": "registry_a", "password": "p#/?%", "engine": "postgres", "port": 5432}'
    monkeypatch.setenv("DATABASE_CREDENTIALS", kept)
    found = databases.from_url("postgres://db.example:5433/registry?sslmode=require")
    assert (found["USER"], found["PASSWORD"]) == ("registry_a", "p#/?%")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "registry")


@pytest.mark.parametrize("url", [URL, "postgres://user@db.example/registry"])
def test_credentials_when_the_url_has_some_too_then_refused(monkeypatch, url):
    monkeypatch.setenv("DATABASE_CREDENTIALS", '{"username": "u", "password": "hidden"}')
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL.*DATABASE_CREDENTIALS") as caught:
        databases.from_url(url)
    assert "hidden" not in str(caught.value)


def test_pooler_when_another_word_then_named(monkeypatch):
    monkeypatch.setenv("DATABASE_POOLER", "session")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_POOLER"):
        databases.from_url(URL)


@pytest.mark.parametrize(
    ("url", "name"), [("sqlite:///x.db", "x.db"), ("sqlite:////data/x.db", "/data/x.db")]
)
def test_sqlite_when_named_by_a_url_then_as_where_nothing_is_named(url, name):
    assert databases.from_url(url) == databases.sqlite(Path(name))


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite://:memory:", "sqlite:///:memory:", "sqlite://h/x"]
)
def test_sqlite_when_it_is_no_file_then_refused(url):
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL.*sqlite:////"):
        databases.from_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:pa#hidden@127.0.0.1:5432/db",
        "postgres://u:pa/hidden@127.0.0.1:5432/db",
        "postgres://u:12/hidden@127.0.0.1:5432/db",
        "postgres://u:pa?hidden@127.0.0.1:5432/db",
        "postgres://u:12?hidden@127.0.0.1:5432/db",
        "postgres://u:hidden@127.0.0.1:port/db",
        "postgres://u:hidden@127.0.0.1:99999/db",
        "postgres://u:hidden@127.0.0.1:5432",
        "postgres://u:hidden@127.0.0.1:5432/",
        "postgres://u:hidden@[::1/db",
        "postgres://u:hidden@ho st/db",
        "postgres://u:hidden@h/db?sslmode=hidden",
        "postgres://u:hidden@h/db?connect_timeout=hidden",
        "host=127.0.0.1 dbname=hidden",
        "127.0.0.1:5432/hidden",
        "mysql://u:hidden@127.0.0.1/db",
        "oracle://u:hidden@127.0.0.1/db",
        "https://u:hidden@127.0.0.1/db",
        "hidden",
    ],
)
def test_url_when_it_cannot_be_meant_so_then_named_and_not_shown(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as caught:
        databases.from_url(url)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host", "password"),
    [
        ("postgres://u:p%23%2F%3F%25@h/db", "h", "p#/?%"),
        ("postgresql://u:p@ss:w@h/db", "h", "p@ss:w"),
        ("postgres:///db", "", ""),
        ("postgres://u@%2Fvar%2Frun/db", "/var/run", ""),
        ("postgres://u@[::1]:5433/db", "::1", ""),
        (
            "pgsql://u@a.example,b.example/db?target_session_attrs=read-write",
            "a.example,b.example",
            "",
        ),
    ],
)
def test_url_when_written_as_it_should_be_then_read_so(url, host, password):
    found = databases.from_url(url)
    assert (found["HOST"], found["PASSWORD"], found["NAME"]) == (host, password, "db")


def test_url_when_it_is_none_then_no_traceback_shows_what_a_library_said_of_it(monkeypatch):
    # The sign stands for a/c, and the library names the whole of what it may not stand in.
    wrong = "postgres://user:hidden\u2100word@db.example/registry"
    monkeypatch.setenv("DATABASE_URL", wrong)
    with pytest.raises(ImproperlyConfigured) as caught:
        databases.from_url(wrong)
    assert "hidden" not in "".join(traceback.format_exception(caught.value))
