"""Old code must work on the new schema: a migration may add, but may not take away.

The previous release runs on this release's database from the migration until its last instance
ends, and after every rollback. So a release only expands the schema. A later release removes what
became unused; its migration says in `OLD_CODE_COPES` why no code needs it:

    class Migration(migrations.Migration):
        OLD_CODE_COPES = "Since 0.3.0 nothing reads `Upload.state`."

The same sentence admits a migration in Python or SQL, which no program can judge. A migration also
must not block the users of a table: see `large_tables`.
`python -m deployment.expand_only` lists what breaks either rule.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field
from django.db.models.fields import NOT_PROVIDED

from deployment import large_tables
from deployment.steps import say

APP = "artifacts"
MARK = "OLD_CODE_COPES"
# Nothing was deployed before these, so no old code runs on their schema.
BEFORE_FIRST_RELEASE = ("0001_initial", "0002_trigram_index", "0003_rating_and_lineage")

# What each operation takes away from code that does not know of it.
_TAKING = {
    ops.RemoveField: "old code still selects the column",
    ops.RenameField: "old code asks for the column by its old name",
    ops.DeleteModel: "old code still selects from the table",
    ops.RenameModel: "old code asks for the table by its old name",
    ops.AlterModelTable: "old code asks for the table by its old name",
    ops.AddConstraint: "old code may write rows that it refuses",
    ops.AlterUniqueTogether: "old code may write rows that it refuses",
    ops.AlterOrderWithRespectTo: "old code does not fill its column",
    ops.RunSQL: "no program can judge what it does",
    ops.RunPython: "no program can judge what it does",
}


def list_breaches(migrations: list[Migration], state: ProjectState) -> list[str]:
    """Return what in these migrations would break old code, in their order.

    Args:
        migrations: in the order in which they are applied.
        state: the models before the first of them; it is changed to those after the last.
    """
    breaches = []
    for migration in migrations:
        for operation in migration.operations:
            for change in _database_changes(operation):
                breaches += [
                    f"{migration.name}: {change.describe()}: {reason}."
                    for reason in _reasons(change, state, migration)
                ]
            operation.state_forwards(migration.app_label, state)
    return breaches


def _reasons(operation: Operation, state: ProjectState, migration: Migration) -> list[str]:
    """Return what is wrong with an operation, unless its migration excuses it."""
    if migration.name in BEFORE_FIRST_RELEASE:
        return []
    reasons = []
    if not hasattr(migration, MARK):
        reasons.append(judge(operation, state, migration))
    if not hasattr(migration, large_tables.MARK):
        reasons.append(large_tables.judge(operation, state, migration))
    return [each for each in reasons if each]


def judge(operation: Operation, state: ProjectState, migration: Migration) -> str:
    """Return why an operation would break old code; "" when it would not."""
    if large_tables.is_new(operation, migration):
        return ""  # Old code does not know the table.
    if isinstance(operation, ops.AddField):
        return _judge_new(operation.field)
    if isinstance(operation, ops.AlterField):
        old = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        return _judge_change(old, operation.field)
    return next((why for kind, why in _TAKING.items() if isinstance(operation, kind)), "")


def _judge_new(field: Field[object, object]) -> str:
    """Judge a new column: old code leaves it out of INSERTs, so the database must fill it."""
    if field.many_to_many or field.null or field.db_default is not NOT_PROVIDED:
        return ""
    return "old code leaves the column out, which the database refuses; give it a db_default"


def _judge_change(old: Field[object, object], new: Field[object, object]) -> str:
    """Judge a changed column: it may only accept more values than before."""
    if type(old) is not type(new):
        return "old code writes and reads values of the old type"
    if old.null and not new.null:
        return "old code still writes nothing there"
    if new.unique and not old.unique:
        return "old code may write rows that it refuses"
    old_chars, new_chars = getattr(old, "max_length", None), getattr(new, "max_length", None)
    if new_chars is not None and (old_chars is None or new_chars < old_chars):
        return "old code may write longer values"
    return ""


def _database_changes(operation: Operation) -> Iterator[Operation]:
    """Yield what an operation does to the database; nothing else affects old code."""
    if isinstance(operation, ops.SeparateDatabaseAndState):
        for part in operation.database_operations:
            yield from _database_changes(part)
    else:
        yield operation


def main() -> int:
    """Check all migrations of the registry; return 0 when none breaks a rule."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings.testing")
    import django
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    loader = MigrationLoader(None)
    plan = loader.graph.forwards_plan(loader.graph.leaf_nodes(APP)[0])
    ours = [loader.disk_migrations[key] for key in plan if key[0] == APP]
    state = loader.project_state([key for key in plan if key[0] != APP])
    breaches = list_breaches(ours, state)
    for breach in breaches:
        say(breach)
    say(f"{len(ours)} migrations, {len(breaches)} changes that would not pass unnoticed.")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
