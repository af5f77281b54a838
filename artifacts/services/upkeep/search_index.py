"""Clearing the trigram index; triggers keep it up to date row by row."""

from django.db import connection


def clear_search_index() -> None:
    """Empty documents and index together, in the caller's transaction.

    On SQLite a trigger would remove each document from the index separately, which takes minutes
    for a hundred thousand. So the trigger is dropped, the index emptied in one step, and the
    trigger created again.
    """
    if connection.vendor != "sqlite":
        return  # PostgreSQL empties the index with the table.
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'artifacts_searchindex_delete'")
        (trigger,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER artifacts_searchindex_delete")
        cursor.execute("DELETE FROM artifacts_searchdocument")
        cursor.execute(
            "INSERT INTO artifacts_searchindex (artifacts_searchindex) VALUES ('delete-all')"
        )
        cursor.execute(trigger)
