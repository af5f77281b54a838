"""A migration must not do anything to a table in use that takes longer the more rows it has.

PostgreSQL locks a table while it is altered. If it builds an index, rewrites a column or checks
rows under that lock, every request waits. A deployment has to be harmless with a million rows. A
migration that is harmless for another reason says so:

    class Migration(migrations.Migration):
        LOCKS_ARE_SHORT = "`Upload` holds what was announced within a day, some hundreds of rows."

Source: PostgreSQL's manual, ALTER TABLE ("Notes") and CREATE INDEX ("Building Indexes
Concurrently").
"""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently as TheirAddIndexConcurrently
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field, ForeignKey, GeneratedField, Value
from django.db.models.fields import NOT_PROVIDED

from registry_site.postgresql.schema_operations import AddIndexConcurrently

MARK = "LOCKS_ARE_SHORT"
_CONCURRENT = (AddIndexConcurrently, TheirAddIndexConcurrently)
_INDEX = (
    "nobody can write to the table while the index is built; use AddIndexConcurrently of "
    "registry_site.postgresql.schema_operations, in a migration with atomic = False"
)
_IN_TRANSACTION = "an index is not built concurrently in a transaction; set atomic = False"
_CHECK = "every row is checked while everybody waits"
_REWRITE = "every row is rewritten while everybody waits"
_VARCHAR = "varchar("


def judge(operation: Operation, state: ProjectState, migration: Migration) -> str:
    """Return why an operation blocks the users of a table; "" when it does not.

    Args:
        state: the models before the operation.
    """
    if isinstance(operation, ops.AddIndex):
        if isinstance(operation, _CONCURRENT):
            return _IN_TRANSACTION if migration.atomic else ""
        return "" if is_new(operation, migration) else _INDEX
    if is_new(operation, migration):
        return ""
    if isinstance(operation, ops.AddField):
        return _judge_new(operation.field)
    if isinstance(operation, ops.AlterField):
        old = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        return _judge_change(old, operation.field)
    if isinstance(operation, (ops.AddConstraint, ops.AlterUniqueTogether)):
        return _CHECK
    return _INDEX if isinstance(operation, ops.AlterIndexTogether) else ""


def is_new(operation: Operation, migration: Migration) -> bool:
    """Say whether the same migration creates the table, so that it is empty and unused."""
    name = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
    made = (each for each in migration.operations if isinstance(each, ops.CreateModel))
    return any(each.name_lower == name for each in made)


def _judge_new(field: Field[object, object]) -> str:
    """Judge a new column: adding it is instant if the database need not compute its values."""
    if field.many_to_many:
        return ""
    if isinstance(field, GeneratedField):
        return _REWRITE
    default = field.db_default
    is_expression = hasattr(default, "resolve_expression") and not isinstance(default, Value)
    if default is not NOT_PROVIDED and is_expression:
        return f"{_REWRITE}, since only a constant is kept once for all; give it a constant"
    return _INDEX if _has_index(field) else _CHECK if _has_reference(field) else ""


def _judge_change(old: Field[object, object], new: Field[object, object]) -> str:
    """Judge a changed column: its type may not change, except to a longer `varchar`."""
    before, after = _get_column_type(old), _get_column_type(new)
    if before != after:
        if not (before.startswith(_VARCHAR) and after.startswith(_VARCHAR)):
            return _REWRITE
        if _count_chars(before) > _count_chars(after):
            return _REWRITE
    if getattr(old, "db_collation", None) != getattr(new, "db_collation", None):
        return _REWRITE
    if _has_index(new) and not _has_index(old):
        return _INDEX
    if old.null and not new.null:
        return _CHECK
    return _CHECK if _has_reference(new) and not _has_reference(old) else ""


def _get_column_type(field: Field[object, object]) -> str:
    """Return PostgreSQL's name for a column's type, as Django writes it."""
    # A foreign key has its target's type, which a detached field does not know.
    kind = DatabaseWrapper.data_types.get(field.get_internal_type(), field.get_internal_type())
    words = kind(vars(field)) if callable(kind) else kind % vars(field)
    return str(words)


def _has_index(field: Field[object, object]) -> bool:
    """Say whether the column has its own index."""
    return bool(getattr(field, "db_index", False) or field.unique)


def _has_reference(field: Field[object, object]) -> bool:
    """Say whether the column has a foreign key constraint."""
    return isinstance(field, ForeignKey) and bool(getattr(field, "db_constraint", True))


def _count_chars(column: str) -> int:
    """Return how many characters a text column holds, as in `varchar(255)`."""
    return int(column.removeprefix(_VARCHAR).removesuffix(")"))
