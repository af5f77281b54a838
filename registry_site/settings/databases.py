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

_VARIABLE = "DATABASE_URL"
_SQLITE = "registry_site.sqlite"
# What the server itself keeps to, in milliseconds; it knows when we no longer do.
_SERVER_LIMITS_MS = {
    "statement_timeout": DATABASE_STATEMENT_TIMEOUT_S * 1000,
    "idle_in_transaction_session_timeout": DATABASE_IDLE_IN_TRANSACTION_MAX_S * 1000,
    "idle_session_timeout": DATABASE_IDLE_MAX_S * 1000,
}
_SCHEMES = ("postgres", "postgresql", "pgsql")
# libpq documentation, "SSL Support"; it would only be refused with the first connection.
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_NUMBERS = ("connect_timeout", "keepalives", "keepalives_idle", "tcp_user_timeout")
# One or several names or addresses, or the folder of a socket.
_HOST = re.compile(r"[A-Za-z0-9._,:-]+|/[^\x00]*")
_OPTION = re.compile(r"[a-z_]{1,40}")


def sqlite(path: Path) -> dict[str, Any]:
    """Return the settings of an SQLite database that many threads and processes share.

    Write-ahead logging lets readers go on while one writes. `synchronous=NORMAL` never loses a
    committed row when a process is killed. Transactions begin IMMEDIATE, because a transaction
    that starts as a reader and then writes cannot wait for its turn: it fails at once.
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
                # Some builds overwrite every deleted page with zeros, which makes a reset write
                # the whole file; FAST does so only where it costs no page more.
                " PRAGMA secure_delete=FAST;"
            ),
        },
    }


def is_sqlite(settings: dict[str, Any]) -> bool:
    """Whether these settings name a file."""
    return bool(settings["ENGINE"] == _SQLITE)


def from_url(url: str) -> dict[str, Any]:
    """Return the settings of the database at a URL.

    What the URL itself says in its query (`sslmode`, `sslrootcert`, `connect_timeout`, `options`,
    ...) goes before what stands here. There is no pool: an instance of a function answers one
    request at a time, over one connection.

    Raises:
        ImproperlyConfigured: it is none, or one that this registry cannot work with. The URL holds
            a password, so no part of it is shown.
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
    settings["ENGINE"] = "registry_site.postgresql"
    options = settings.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", DATABASE_CONNECT_TIMEOUT_S)
    options.setdefault("application_name", "model-registry")
    if env.choice("DATABASE_POOLER", ("none", "transaction"), "none") == "transaction":
        # Each transaction may have another connection: nothing can be kept on one between two.
        # Poolers refuse limits at the start of a connection; the database role has them then.
        settings["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        limits = (f"-c {name}={ms}" for name, ms in _SERVER_LIMITS_MS.items())
        options.setdefault("options", " ".join(limits))
    return settings


def _check_server(url: str, settings: dict[str, Any]) -> None:
    """See that a URL can be meant as it was read.

    A sign of a password that ends the part of the URL it stands in makes another URL of it, of
    which the rest is silently taken for a path, a query or a fragment.
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
    """Return the settings of an SQLite file, the same as where nothing is named."""
    name = str(parsed["NAME"])
    if not name or ":memory:" in name or urlsplit(url).netloc:
        env.complain(
            _VARIABLE,
            "must name a file where it names SQLite, as in sqlite:////absolute/path/registry.db "
            "(four slashes): the processes of a registry share it.",
        )
    return sqlite(Path(name))


def _complain() -> NoReturn:
    """Say what an address of a database looks like."""
    env.complain(
        _VARIABLE,
        "must have the form postgres://user:password@host:5432/registry, with each of "
        "the signs # / ? % in a user or password written in hexadecimal, as in %23 for #.",
    )
