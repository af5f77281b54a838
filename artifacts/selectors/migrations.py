"""Which changes of the tables the database has had, and which the code waits for."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import connection

# Where Django keeps what it has applied.
_TABLE = "django_migrations"


@dataclass(frozen=True)
class MigrationState:
    """How the database stands to the code.

    Attributes:
        newest: name of the newest migration that the database has had, by application.
        pending: what the code has and the database has not, as `application.name`.
    """

    newest: dict[str, str]
    pending: list[str]


def get_migration_state() -> MigrationState:
    """Compare the names in the database with those in the code.

    Django's own way to ask imports every migration; a heartbeat has no time for that.

    Raises:
        Error: the database does not answer.
    """
    applied: set[tuple[str, str]] = set()
    with connection.cursor() as cursor:
        # A database that has had none has not even the table.
        if _TABLE in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT app, name FROM {_TABLE}")  # noqa: S608  (our own constant)
            applied.update(cursor.fetchall())
    # Names begin with their number, so the last one wins.
    newest = dict(sorted(applied & _known()))
    return MigrationState(newest, [f"{app}.{name}" for app, name in sorted(_known() - applied)])


@cache
def _known() -> set[tuple[str, str]]:
    """Return application and name of each migration in the code."""
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in pkgutil.iter_modules([str(Path(app.path, "migrations"))])
    }
