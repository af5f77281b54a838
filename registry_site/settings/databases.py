"""The database of an environment, from `DATABASE_URL` or an SQLite file."""

from pathlib import Path
from typing import Any

import dj_database_url

# How long one writer waits for another before SQLite gives up, in seconds. Registrations write in
# milliseconds, so this is only reached when something holds the file far too long.
SQLITE_TIMEOUT_S = 30
# Seconds until a database server that does not answer is reported as lost.
CONNECT_TIMEOUT_S = 4
CONNECTION_MAX_AGE_S = 60


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
    """Return the settings of the database server at a URL."""
    settings: dict[str, Any] = dict(
        dj_database_url.parse(url, conn_max_age=CONNECTION_MAX_AGE_S, conn_health_checks=True)
    )
    if settings["ENGINE"] == "django.db.backends.postgresql":
        settings.setdefault("OPTIONS", {})["connect_timeout"] = CONNECT_TIMEOUT_S
    return settings
