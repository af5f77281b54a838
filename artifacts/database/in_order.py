"""Having SQLite walk an index in the order of a list, where it would rather sort."""

from __future__ import annotations

from typing import Any

from django.db.models import Func


class InOrder(Func):
    """A column by which SQLite enters no index.

    It takes each range and each list for a rare one. Then it would look each row up, and sort them,
    where the index of the order ends after one page.
    Source: sqlite.org/optoverview.html, "Disqualifying WHERE Clause Terms Using Unary +".
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Write the column with a sign."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)
