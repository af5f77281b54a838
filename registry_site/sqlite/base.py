"""The classes that Django expects in a database backend."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.db.backends.sqlite3 import base

from registry_site.sqlite.schema import DatabaseSchemaEditor
from registry_site.sqlite.turns import Turns

T = TypeVar("T")
# The first words of our statements that write.
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# Django looks for `%s` in each statement anew, which for a long one takes as long as running it.
# Requests repeat few statements; those that list many values are longer, and are not kept.
_CONVERTED_KEPT = 256
_CONVERTED_MAX_CHARS = 8_000

_turns = Turns()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, whose writers take turns and do not wait forever."""

    SchemaEditorClass = DatabaseSchemaEditor
    _has_turn = False

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002  (the interface's)
        """Return a cursor whose statements wait for their turn."""
        cursor: TurnsCursor = self.connection.cursor(factory=TurnsCursor)
        cursor.wrapper = self
        return cursor

    def in_turn(self, write: Callable[[], T]) -> T:
        """Wait for a turn, then run a write that is not part of a transaction."""
        done: list[T] = []
        _turns.take(lambda: done.append(write()))
        _turns.give_back()
        return done[0]

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction as a writer, since `transaction_mode` is IMMEDIATE."""
        _turns.take(super()._start_transaction_under_autocommit)  # type: ignore[misc]  # no stub
        self._has_turn = True

    def _commit(self) -> None:
        """Commit; if that fails, the turn lasts until the transaction is rolled back."""
        super()._commit()  # type: ignore[misc]  # no stub
        self._end_turn()

    def _rollback(self) -> None:
        """Roll back and end the turn."""
        try:
            super()._rollback()  # type: ignore[misc]  # no stub
        finally:
            self._end_turn()

    def _close(self) -> None:
        """Close the connection, even within a transaction, and end the turn."""
        try:
            super()._close()  # type: ignore[misc]  # no stub
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        """Let the next writer begin."""
        if self._has_turn:
            self._has_turn = False
            _turns.give_back()


@lru_cache(_CONVERTED_KEPT)
def _convert(query: str) -> str:
    """Return a statement with the placeholders that SQLite knows."""
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class TurnsCursor(base.SQLiteCursorWrapper):
    """Django's cursor; a write outside a transaction waits for its turn.

    Within a transaction nothing waits, because the transaction has begun as the writer.
    """

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        """Execute a statement."""
        parent = super().execute
        if self.wrapper.in_atomic_block or not query.lstrip()[:7].upper().startswith(_WRITES):
            return parent(query, params)
        return self.wrapper.in_turn(lambda: parent(query, params))

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Return a statement with the placeholders that SQLite knows."""
        if param_names is None and len(query) <= _CONVERTED_MAX_CHARS:
            return _convert(query)
        return str(super().convert_query(query, param_names=param_names))
