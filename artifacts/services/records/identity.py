"""Giving ids that no two artifacts ever share: `{type}-{number}-{microseconds}` (requirement A6).

The number alone is unique per type for ever. A reset does not restart it, and the bucket knows each
number that was given, so that a database which was restored to an earlier moment cannot give one
again (docs/decisions/0031).
"""

from django.db import connection

from artifacts.enums import Apart, ArtifactType
from artifacts.models import IdSequence
from artifacts.rules.identity import make_id, now_us
from artifacts.services.records.generation import note_apart, require_joined
from artifacts.storage import content_types
from artifacts.storage.keys import number_key
from artifacts.storage.store import get_store

# One statement reads and advances, so two callers never get the same number, on one machine or
# many. It works alike on SQLite and PostgreSQL, and is restored with the rows that it numbers.
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


def next_id(artifact_type: ArtifactType) -> tuple[str, int]:
    """Return a new id and its creation time in microseconds since 1970.

    Call it outside of a transaction: inside one, all other registrations of the type would wait for
    the transaction's end. Gaps are fine.

    Raises:
        NotJoined: database and bucket are of different times.
        StorageUnavailable: the bucket does not answer.
    """
    require_joined()
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [artifact_type])
        (number,) = cursor.fetchone()
    created_us = now_us()
    artifact_id = make_id(artifact_type, number, created_us)
    if not claim_number(artifact_id, artifact_type, number):
        note_apart(
            Apart.DATABASE_BEHIND,
            f"The number {number} of type {artifact_type} was given before, and this database does "
            "not know of it: it was restored to an earlier moment.",
        )
    return artifact_id, created_us


def claim_number(artifact_id: str, artifact_type: ArtifactType, number: int) -> bool:
    """Mark a number as given in the bucket; False when it was given before.

    Raises:
        StorageUnavailable: the bucket does not answer.
    """
    key = number_key(artifact_type, number)
    return get_store().create(key, artifact_id.encode(), content_types.TEXT)


def raise_sequence(artifact_type: ArtifactType, number: int) -> None:
    """Make sure that the next number of a type is larger than this one (after a rebuild)."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [artifact_type, number])
