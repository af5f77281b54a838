"""The database of an environment, from `DATABASE_URL` or an SQLite file."""

import re
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import dj_database_url

from artifacts.limits import (
    DATABASE_CONNECT_TIMEOUT_S,
    DATABASE_CONNECTION_MAX_AGE_S,
    DATABASE_IDLE_IN_TRANSACTION_MAX_S,
    DATABASE_IDLE_MAX_S,
    DATABASE_STATEMENT_TIMEOUT_S,
    SQLITE_HELD_AFTER_S,
)

from . import environment as env
from .secret_store import parse_object

_VARIABLE = "DATABASE_URL"
_SQLITE = "registry_site.sqlite"
# Limits that the server enforces, in milliseconds; they hold even if our process is gone.
_SERVER_LIMITS_MS = {
    "statement_timeout": DATABASE_STATEMENT_TIMEOUT_S * 1000,
    "idle_in_transaction_session_timeout": DATABASE_IDLE_IN_TRANSACTION_MAX_S * 1000,
    "idle_session_timeout": DATABASE_IDLE_MAX_S * 1000,
}
_SCHEMES = ("postgres", "postgresql", "pgsql")
# A wrong one would only be refused at the first connection. Source: libpq, "SSL Support".
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_NUMBERS = ("connect_timeout", "keepalives", "keepalives_idle", "tcp_user_timeout")
# One or several names or addresses, or the folder of a Unix socket.
_HOST = re.compile(r"[A-Za-z0-9._,:-]+|/[^\x00]*")
_OPTION = re.compile(r"[a-z_]{1,40}")


def sqlite(path: Path) -> dict[str, Any]:
    """Return the settings of an SQLite database that many threads and processes share.

    Write-ahead logging lets readers continue while one process writes. `synchronous=NORMAL` loses
    no committed row when a process is killed. Transactions begin IMMEDIATE, because a transaction
    that begins as a reader and then writes cannot wait for its turn: it fails at once.
    """
    return {
        "ENGINE": _SQLITE,
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": SQLITE_HELD_AFTER_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000;"
                # Some builds overwrite every deleted page with zeros, so that a reset writes the
                # whole file; FAST does so only where it costs no additional write.
                " PRAGMA secure_delete=FAST;"
            ),
        },
    }


def is_sqlite(settings: dict[str, Any]) -> bool:
    """Say whether these settings name an SQLite file."""
    return bool(settings["ENGINE"] == _SQLITE)


def from_url(url: str) -> dict[str, Any]:
    """Return the settings of the database at a URL.

    Options in the URL's query (`sslmode`, `sslrootcert`, `connect_timeout`, `options`, ...) take
    precedence over those set here. There is no pool: an instance of a function answers one request
    at a time, over one connection.

    Raises:
        ImproperlyConfigured: it is not the URL of a database that this registry supports. No part
            of the URL is shown, since it holds a password.
    """
    try:
        scheme = urlsplit(url).scheme
        parsed = dj_database_url.parse(
            url, conn_max_age=DATABASE_CONNECTION_MAX_AGE_S, conn_health_checks=True
        )
    except (ValueError, LookupError):
        _complain()
    if scheme == "sqlite":
        return _file(url, parsed)
    if scheme not in _SCHEMES:
        _complain()
    return _server(url, dict(parsed))


def _server(url: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a PostgreSQL server."""
    _check_server(url, settings)
    _take_credentials(settings)
    settings["ENGINE"] = "registry_site.postgresql"
    options = settings.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", DATABASE_CONNECT_TIMEOUT_S)
    options.setdefault("application_name", "model-registry")
    if env.choice("DATABASE_POOLER", ("none", "transaction"), "none") == "transaction":
        # Each transaction may use another connection, so none keeps anything for the next one.
        # Poolers refuse limits when a connection starts; the database role must have them instead.
        settings["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        limits = (f"-c {name}={ms}" for name, ms in _SERVER_LIMITS_MS.items())
        options.setdefault("options", " ".join(limits))
    return settings


def _take_credentials(settings: dict[str, Any]) -> None:
    """Add the user and password that are kept apart from the URL, as RDS keeps them."""
    given = env.text("DATABASE_CREDENTIALS", "")
    if not given:
        return
    found = parse_object(given) or {}
    user, password = found.get("username"), found.get("password")
    if not (isinstance(user, str) and user and isinstance(password, str) and password):
        env.complain(
            "DATABASE_CREDENTIALS",
            'must be a JSON object with both, as in {"username": "registry", "password": "..."}.',
        )
    if settings["USER"] or settings["PASSWORD"]:
        env.complain(
            _VARIABLE,
            "must name no user and no password where DATABASE_CREDENTIALS gives both, as in "
            "postgres://host:5432/registry.",
        )
    settings |= {"USER": user, "PASSWORD": password}


def _check_server(url: str, settings: dict[str, Any]) -> None:
    """Check that a URL was parsed as it was meant.

    A password with an unescaped `/`, `?` or `#` ends the host part early, and the rest would
    silently count as a path, a query or a fragment.
    """
    if urlsplit(url).fragment or re.search(r"[/@#]", settings["NAME"]) or not settings["NAME"]:
        _complain()
    if settings["HOST"] and _HOST.fullmatch(settings["HOST"]) is None:
        _complain()
    for name, value in settings.get("OPTIONS", {}).items():
        if _OPTION.fullmatch(name) is None:
            _complain()
        if name in _NUMBERS and not isinstance(value, int):
            env.complain(_VARIABLE, f"must give {name} a whole number.")
    if settings.get("OPTIONS", {}).get("sslmode", "prefer") not in _SSL_MODES:
        env.complain(_VARIABLE, f"must give sslmode one of: {', '.join(_SSL_MODES)}.")


def _file(url: str, parsed: Any) -> dict[str, Any]:
    """Return the settings of an SQLite file, the same as for the default file."""
    name = str(parsed["NAME"])
    if not name or ":memory:" in name or urlsplit(url).netloc:
        env.complain(
            _VARIABLE,
            "must name a file where it names SQLite, as in sqlite:////absolute/path/registry.db "
            "(four slashes): the processes of a registry share it.",
        )
    return sqlite(Path(name))


def _complain() -> NoReturn:
    """Say what the URL of a database looks like."""
    env.complain(
        _VARIABLE,
        "must have the form postgres://user:password@host:5432/registry, with each of "
        "the signs # / ? % in a user or password written in hexadecimal, as in %23 for #.",
    )
