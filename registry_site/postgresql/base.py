"""The classes that Django expects in a database backend."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Self, cast

from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg import IsolationLevel

from artifacts.limits import DATABASE_CHECK_MAX_S, DATABASE_STATEMENT_TIMEOUT_S
from registry_site.postgresql.connections import ImpatientConnection


class PatientSchemaEditor(DatabaseSchemaEditor):
    """Lets a migration run as long as it needs, but limits how long it waits for a lock.

    While it waits for a lock on a table, all later users of the table wait too.
    """

    def __enter__(self) -> Self:
        """Lift the limits."""
        super().__enter__()
        self._patience = ExitStack()
        if not self.collect_sql:
            self.connection.ensure_connection()
            connection = cast("ImpatientConnection", self.connection.connection)
            self._patience.enter_context(connection.silent_for(None))
            # LOCAL: the end of the transaction, commit or rollback, restores the limits.
            scope = "LOCAL" if self.connection.in_atomic_block else "SESSION"
            if scope == "LOCAL" or not self._is_pooled():
                self.execute(f"SET {scope} statement_timeout = 0")
                self.execute(f"SET {scope} lock_timeout = '{DATABASE_STATEMENT_TIMEOUT_S:g}s'")
        return self

    def _is_pooled(self) -> bool:
        """Say whether a pooler may run the next statement in another session.

        A setting of this session would then affect whoever uses it next.
        """
        return bool(self.connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))

    def __exit__(self, *error: object) -> None:
        """Restore the limits."""
        with self._patience:
            super().__exit__(*cast("tuple[Any, Any, Any]", error))
            is_session = not self.connection.in_atomic_block and not self._is_pooled()
            if not self.collect_sql and is_session:
                self.execute("RESET statement_timeout")
                self.execute("RESET lock_timeout")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, whose connections do not wait forever."""

    SchemaEditorClass = PatientSchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> ImpatientConnection:
        """Connect; Django's options `pool` and `isolation_level` are not supported."""
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return ImpatientConnection.connect(**conn_params)

    def is_usable(self) -> bool:
        """Say whether the connection still works; a thawed instance may find its server gone."""
        connection = cast("ImpatientConnection | None", self.connection)
        if connection is None:
            return False
        with connection.silent_for(DATABASE_CHECK_MAX_S):
            return bool(super().is_usable())
