"""Settings of the database server for the length of one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# `true`: until the end of the transaction, however it ends. Behind a pooler the next transaction
# may be somebody else's.
_SET = "set_config(%s, %s, true)"


@contextmanager
def transaction_with(**settings: str) -> Iterator[None]:
    """Hold a transaction, or a part of one, in which PostgreSQL keeps to other settings.

    On SQLite, which has none of them, it is a transaction and no more.

    Args:
        settings: by the server's names, as in `lock_timeout="400ms"`.
    """
    is_part = connection.in_atomic_block
    with transaction.atomic():
        before = _set(settings, keep=is_part) if connection.vendor == "postgresql" else {}
        yield
        # After an error the server goes back to what was before by itself.
        if before:
            _set(before, keep=False)


def _set(settings: dict[str, str], *, keep: bool) -> dict[str, str]:
    """Set them in one statement; returns what they were, if that is to be kept."""
    before: dict[str, str] = {}
    with connection.cursor() as cursor:
        if keep:
            asked = ", ".join("current_setting(%s)" for _ in settings)
            cursor.execute(f"SELECT {asked}", list(settings))
            before = dict(zip(settings, cursor.fetchone(), strict=True))
        pairs = [each for pair in settings.items() for each in pair]
        cursor.execute("SELECT " + ", ".join(_SET for _ in settings), pairs)
    return before
