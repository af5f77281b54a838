"""The database of an environment, from `DATABASE_URL` or an SQLite file."""

from pathlib import Path
from typing import Any

import dj_database_url

from artifacts.limits import (
    DATABASE_CONNECT_TIMEOUT_S,
    DATABASE_CONNECTION_MAX_AGE_S,
    DATABASE_IDLE_IN_TRANSACTION_MAX_S,
    DATABASE_IDLE_MAX_S,
    DATABASE_STATEMENT_TIMEOUT_S,
)

from . import environment as env

# How long one writer waits for another before SQLite gives up, in seconds. Registrations write in
# milliseconds, so this is only reached when something holds the file far too long.
SQLITE_TIMEOUT_S = 30
# What the server itself keeps to, in milliseconds; it knows when we no longer do.
_SERVER_LIMITS_MS = {
    "statement_timeout": DATABASE_STATEMENT_TIMEOUT_S * 1000,
    "idle_in_transaction_session_timeout": DATABASE_IDLE_IN_TRANSACTION_MAX_S * 1000,
    "idle_session_timeout": DATABASE_IDLE_MAX_S * 1000,
}


def sqlite(path: Path) -> dict[str, Any]:
    """Return the settings of an SQLite database that many threads and processes share.

    Write-ahead logging lets readers go on while one writes. `synchronous=NORMAL` never loses a
    committed row when a process is killed. Transactions begin IMMEDIATE, because a transaction
    that starts as a reader and then writes cannot wait for its turn: it fails at once.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": SQLITE_TIMEOUT_S,
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


def from_url(url: str) -> dict[str, Any]:
    """Return the settings of the database server at a URL.

    What the URL itself says in its query (`sslmode`, `sslrootcert`, `connect_timeout`, `options`,
    ...) goes before what stands here. There is no pool: an instance of a function answers one
    request at a time, over one connection.
    """
    settings: dict[str, Any] = dict(
        dj_database_url.parse(
            url, conn_max_age=DATABASE_CONNECTION_MAX_AGE_S, conn_health_checks=True
        )
    )
    if settings["ENGINE"] != "django.db.backends.postgresql":
        return settings
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
