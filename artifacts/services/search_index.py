"""The trigram index as a whole; triggers keep it up to date row by row."""

from django.db import connection


def clear_search_index() -> None:
    """Empty documents and index together, in the caller's transaction.

    On SQLite the triggers would take every document out of the index singly, which takes minutes
    for a hundred thousand: the trigger is set aside and the index emptied in one step.
    """
    if connection.vendor != "sqlite":
        return  # The index goes with the table's rows.
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'artifacts_searchindex_delete'")
        (trigger,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER artifacts_searchindex_delete")
        cursor.execute("DELETE FROM artifacts_searchdocument")
        cursor.execute(
            "INSERT INTO artifacts_searchindex (artifacts_searchindex) VALUES ('delete-all')"
        )
        cursor.execute(trigger)
