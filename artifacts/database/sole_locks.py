"""Exclusive locks that do not keep everybody else waiting."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model

from artifacts.exceptions import DatabaseBusy
from artifacts.limits import SOLE_LOCK_ATTEMPTS, SOLE_LOCK_PAUSE_S, SOLE_LOCK_TIMEOUT_MS
from artifacts.models.server_settings import transaction_with

# SQLSTATEs: "lock_not_available", which `lock_timeout` raises, and "deadlock_detected".
_TAKEN = ("55P03", "40P01")


def lock_tables(models: Sequence[type[Model]]) -> None:
    """Lock tables exclusively until the caller's transaction ends; readers wait as well.

    Raises:
        DatabaseBusy: see `lock_alone`.
    """
    names = ", ".join(f'"{model._meta.db_table}"' for model in models)  # noqa: SLF001  (documented)
    lock_alone(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def lock_alone(statement: str, given: Sequence[Any] = ()) -> None:
    """Take an exclusive lock until the caller's transaction ends.

    On PostgreSQL everybody who comes after a waiting exclusive lock waits too, for as long as the
    current holder takes. So each attempt is short and then releases everything. On SQLite the
    transaction already owns the whole file, and readers see the state before.

    Raises:
        DatabaseBusy: somebody else held the lock at each attempt.
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
