"""Whether bucket and database belong together, according to the last check."""

from __future__ import annotations

from django.db import Error

from artifacts.models import Generation
from artifacts.selectors.upkeep.components import Issue


def issues_of_joining() -> tuple[Issue, ...]:
    """Report that bucket and database are apart, as `services.records.generation` last found."""
    try:
        row = Generation.objects.first()
    except Error:
        return ()  # The database is a component of its own.
    if row is None:
        return ()
    if row.apart:
        issue = Issue(
            row.apart,
            "error",
            row.reason,
            "Nothing is registered, replaced or cleared away; reading and downloading go on. Run "
            "`manage.py rebuild_index --dry-run` and do what docs/operations.md says under Backup "
            "and restore.",
        )
        return (issue,)
    if row.unjoined:
        issue = Issue(
            "records_without_rows",
            "warning",
            f"{row.unjoined} artifacts have a record in the bucket and no rows.",
            "Registrations broke off, or rows were lost in a restore. They are kept. "
            "`manage.py rebuild_index --dry-run` says which; without that option it restores them.",
        )
        return (issue,)
    return ()
