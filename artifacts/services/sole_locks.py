"""Having something for oneself, without keeping everybody else waiting for it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model

from artifacts.exceptions import DatabaseBusy
from artifacts.limits import SOLE_LOCK_ATTEMPTS, SOLE_LOCK_PAUSE_S, SOLE_LOCK_TIMEOUT_MS
from artifacts.models.server_settings import transaction_with

# SQLSTATE of "lock_not_available", which `lock_timeout` ends with, and of "deadlock_detected".
_TAKEN = ("55P03", "40P01")


def lock_tables(models: Sequence[type[Model]]) -> None:
    """Take tables until the caller's transaction ends; readers wait as well.

    Raises:
        DatabaseBusy: see `lock_alone`.
    """
    names = ", ".join(f'"{model._meta.db_table}"' for model in models)  # noqa: SLF001  (documented)
    lock_alone(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def lock_alone(statement: str, given: Sequence[Any] = ()) -> None:
    """Take a lock that nobody shares, until the caller's transaction ends.

    On PostgreSQL who waits for such a lock stops everybody who comes after him, for as long as one
    who was there before him takes. So each attempt is short, and lets go of what it has. On SQLite
    the transaction has the whole file already, and readers see what was before.

    Raises:
        DatabaseBusy: somebody held it at each attempt.
    """
    if connection.vendor != "postgresql":
        return
    for attempt in range(SOLE_LOCK_ATTEMPTS):
        if attempt:
            time.sleep(SOLE_LOCK_PAUSE_S)
        try:
            with transaction_with(lock_timeout=f"{SOLE_LOCK_TIMEOUT_MS}ms"):
                with connection.cursor() as cursor:
                    cursor.execute(statement, given)
                return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _TAKEN:
                raise
    raise DatabaseBusy(
        "Somebody else has been reading or writing for longer than others can be kept waiting. "
        "Nothing was changed. Try again in a minute."
    )
