"""Ids that no two artifacts ever share.

`{type}-{number}-{microseconds}` (requirement A6). The number alone is unique per type until the
next reset; after a reset the numbers start again and the microseconds keep the id new.
"""

import time

from django.db import connection

from artifacts.models import IdSequence

# One statement reads and advances, so two callers can never get one number, on one machine or
# many. It works the same on SQLite and PostgreSQL, and a reset can empty the table in its own
# transaction, which a native sequence would not take part in.
_ADVANCE = f"""
    INSERT INTO {IdSequence._meta.db_table} (artifact_type, last_number) VALUES (%s, 1)
    ON CONFLICT (artifact_type)
    DO UPDATE SET last_number = {IdSequence._meta.db_table}.last_number + 1
    RETURNING last_number
"""  # noqa: S608, SLF001  (the table's name comes from the model)
_RAISE = f"""
    INSERT INTO {IdSequence._meta.db_table} (artifact_type, last_number) VALUES (%s, %s)
    ON CONFLICT (artifact_type) DO UPDATE SET last_number = excluded.last_number
    WHERE {IdSequence._meta.db_table}.last_number < excluded.last_number
"""  # noqa: S608, SLF001  (likewise)


def now_us() -> int:
    """Return the time as microseconds since 1970."""
    return time.time_ns() // 1_000


def next_id(artifact_type: str) -> tuple[str, int]:
    """Return a new id and its creation time in microseconds since 1970.

    Call it outside of a transaction: inside one, every other registration of the type would wait
    for that transaction's end. Gaps are fine.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [artifact_type])
        (number,) = cursor.fetchone()
    created_us = now_us()
    return f"{artifact_type}-{number}-{created_us}", created_us


def raise_sequence(artifact_type: str, number: int) -> None:
    """Let the next number of a type be larger than this one (after a rebuild)."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [artifact_type, number])
