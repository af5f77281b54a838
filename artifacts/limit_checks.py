"""Checks that numbers fit together: instances, tasks, connections to the database.

The first uses only settings and runs at each start; the second asks the database at a deployment.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as DatabaseFault
from django.db import connection

from artifacts.limits import DATABASE_SPARE_CONNECTIONS

_TABLE = "docs/operations.md, Limits, has a table."


@register(Tags.security)
def check_tasks_max(**_: Any) -> list[CheckMessage]:
    """Check that tasks leave instances for requests, since both run in the same function."""
    instances, tasks = settings.REGISTRY_CONCURRENCY, settings.REGISTRY_TASKS_MAX
    if settings.REGISTRY_TASKS != "lambda" or not instances or 0 < tasks < instances:
        return []
    return [
        Error(
            f"REGISTRY_TASKS_MAX lets {tasks or 'any number of'} tasks run at once, and "
            f"REGISTRY_CONCURRENCY allows {instances} instances: mirrors could take them all, and "
            "requests would be refused with 429.",
            hint="Leave REGISTRY_TASKS_MAX out, which gives tasks one half, and allow two "
            "instances at least.",
            id="registry.E020",
        )
    ]


@register("limits", deploy=True)
def check_connections(**_: Any) -> list[CheckMessage]:
    """Check that the database has a connection for each instance, unless a pooler shares them."""
    if settings.REGISTRY_TASKS != "lambda" or connection.vendor != "postgresql":
        return []
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW max_connections")
            (found,) = cursor.fetchone()
    except DatabaseFault:
        return []  # Other checks report a missing database better.
    room = int(found) - DATABASE_SPARE_CONNECTIONS
    instances = settings.REGISTRY_CONCURRENCY
    if not instances:
        return [
            checks.Warning(
                f"The database takes {found} connections, and nothing keeps AWS from starting more "
                "instances of the function than that: each holds one, and the next gets 503.",
                hint=f"Set REGISTRY_CONCURRENCY to {max(room, 2)} at most. {_TABLE}",
                id="registry.W021",
            )
        ]
    if instances <= room:
        return []
    return [
        Error(
            f"REGISTRY_CONCURRENCY allows {instances} instances, each with a connection, but the "
            f"database takes {found}, of which {DATABASE_SPARE_CONNECTIONS} are for migrations, "
            "its own keeper and you.",
            hint=f"Set REGISTRY_CONCURRENCY to {max(room, 2)} at most, take a larger database, or "
            f"put a pooler in front. {_TABLE}",
            id="registry.E021",
        )
    ]
