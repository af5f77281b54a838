"""The spellings of licenses that the registry holds."""

from __future__ import annotations

from typing import Final

from django.db import connection

from artifacts.models import Revision

_TABLE: Final = Revision._meta.db_table  # noqa: SLF001  (Django's documented name for this)
# Each step enters the index behind the last spelling, so it costs what there are spellings, not
# rows. `DISTINCT` would read every row.
_STEPS: Final = f"""
    WITH RECURSIVE spellings (license) AS (
        SELECT MIN(license) FROM {_TABLE}
        UNION ALL
        SELECT (SELECT MIN(license) FROM {_TABLE} WHERE license > spellings.license)
        FROM spellings WHERE spellings.license IS NOT NULL
    )
    SELECT license FROM spellings WHERE license IS NOT NULL LIMIT %s
"""  # noqa: S608  (constants)


def list_spellings(most: int) -> list[str]:
    """Return the licenses as they are stated, each once, "" for none; at most so many."""
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [most])
        return [row[0] for row in cursor.fetchall()]
