"""Settings of the database server for the duration of one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# `true`: until the end of the transaction, however it ends. Behind a pooler the next transaction
# may belong to another client.
_SET = "set_config(%s, %s, true)"


@contextmanager
def transaction_with(**settings: str) -> Iterator[None]:
    """Open a transaction, or a part of one, in which PostgreSQL uses other settings.

    On SQLite, which has none of these settings, it is just a transaction.

    Args:
        settings: by the server's names, such as `lock_timeout="400ms"`.
    """
    is_part = connection.in_atomic_block
    with transaction.atomic():
        before = _set(settings, keep=is_part) if connection.vendor == "postgresql" else {}
        yield
        # After an error the server restores the previous values by itself.
        if before:
            _set(before, keep=False)


def _set(settings: dict[str, str], *, keep: bool) -> dict[str, str]:
    """Apply settings in one statement; return the previous values if `keep`."""
    before: dict[str, str] = {}
    with connection.cursor() as cursor:
        if keep:
            asked = ", ".join("current_setting(%s)" for _ in settings)
            cursor.execute(f"SELECT {asked}", list(settings))
            before = dict(zip(settings, cursor.fetchone(), strict=True))
        pairs = [each for pair in settings.items() for each in pair]
        cursor.execute("SELECT " + ", ".join(_SET for _ in settings), pairs)
    return before
