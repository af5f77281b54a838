"""Changing tables of SQLite that have triggers."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3.schema import DatabaseSchemaEditor as TheirSchemaEditor


class DatabaseSchemaEditor(TheirSchemaEditor):
    """Django's editor, which keeps triggers.

    To alter a column, Django copies the table and drops the old one: the table's triggers are gone
    with it, and SQLite refuses to rename the copy while triggers of other tables name the old one.
    """

    def _remake_table(self, *given: Any, **named: Any) -> None:
        """Make a table anew, with all triggers out of the way."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = list(cursor.fetchall())
        for name, _ in triggers:
            self.execute(f"DROP TRIGGER {self.quote_name(name)}")
        super()._remake_table(*given, **named)  # type: ignore[misc]  # no stub
        for _, statement in triggers:
            self.execute(statement, params=None)
