"""What migrations do that Django has no word for on both databases."""

from __future__ import annotations

from django.db import NotSupportedError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexConcurrently(AddIndex):
    """Adds an index to a table that is in use; its migration says `atomic = False`.

    PostgreSQL goes on reading and writing meanwhile. What broke off leaves an index that is of no
    use, so a second try removes that first. SQLite, whose one file has one writer, just adds it.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Build it."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        _refuse_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            schema_editor.add_index(model, self.index, concurrently=True)  # type: ignore[call-arg]  # stub

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove it."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        _refuse_transaction(schema_editor)
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index, concurrently=True)  # type: ignore[call-arg]  # stub

    def describe(self) -> str:
        """Name what is added where."""
        return f"Concurrently add index {self.index.name} on {self.model_name}"


def _refuse_transaction(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say what is wrong before the server does."""
    if schema_editor.connection.in_atomic_block:
        raise NotSupportedError("The migration has to say `atomic = False`.")
