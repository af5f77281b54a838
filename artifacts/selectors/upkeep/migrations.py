"""Which migrations the database has had, and which the code still needs."""

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
    """The database's migrations compared with those of the code.

    Attributes:
        newest: the newest migration that was applied, by application.
        pending: migrations in the code that were not applied, as `application.name`.
    """

    newest: dict[str, str]
    pending: list[str]


def get_migration_state() -> MigrationState:
    """Compare the names in the database with those in the code.

    Django's own check imports every migration, which is too slow for a heartbeat.

    Raises:
        Error: the database does not answer.
    """
    applied: set[tuple[str, str]] = set()
    with connection.cursor() as cursor:
        # Before the first migration there is not even the table.
        if _TABLE in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT app, name FROM {_TABLE}")  # noqa: S608  (our own constant)
            applied.update(cursor.fetchall())
    # Names begin with their number, so the newest comes last.
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
