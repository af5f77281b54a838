"""Having tables for oneself, without keeping everybody else waiting for it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db import OperationalError, connection
from django.db.models import Model

from artifacts.exceptions import RegistryBusy
from artifacts.limits import TABLE_LOCK_ATTEMPTS, TABLE_LOCK_PAUSE_S, TABLE_LOCK_TIMEOUT_MS
from artifacts.models.server_settings import transaction_with

# SQLSTATE of "lock_not_available", which `lock_timeout` ends with, and of "deadlock_detected".
_TAKEN = ("55P03", "40P01")


def lock_tables(models: Sequence[type[Model]]) -> None:
    """Take tables until the caller's transaction ends; readers wait as well.

    On PostgreSQL who waits for such a lock stops everybody who comes after him, for as long as one
    reader before him takes. So each attempt is short, and lets go of what it has. On SQLite the
    transaction has the whole file already, and readers see what was before.

    Raises:
        RegistryBusy: somebody held one of them at each attempt.
    """
    if connection.vendor != "postgresql":
        return
    names = ", ".join(f'"{model._meta.db_table}"' for model in models)  # noqa: SLF001
    for attempt in range(TABLE_LOCK_ATTEMPTS):
        if attempt:
            time.sleep(TABLE_LOCK_PAUSE_S)
        try:
            with transaction_with(lock_timeout=f"{TABLE_LOCK_TIMEOUT_MS}ms"):
                with connection.cursor() as cursor:
                    cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
                return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _TAKEN:
                raise
    raise RegistryBusy
