"""What a migration may do to a table that is in use: nothing that takes as long as it has rows.

PostgreSQL locks a table for what changes it, and while an index is built, a column rewritten or
rows are checked under such a lock, every request waits. A release that is deployed has to be
harmless with a million rows. What is harmless for another reason says so in the migration:

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
_REWRITE = "every row is written anew while everybody waits"
_VARCHAR = "varchar("


def judge(operation: Operation, state: ProjectState, migration: Migration) -> str:
    """Return why an operation holds up who uses a table, "" when it does not.

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
    """Whether the table is made by the same migration, so that it is empty and nobody's yet."""
    name = getattr(operation, "model_name", getattr(operation, "name", "")).lower()
    made = (each for each in migration.operations if isinstance(each, ops.CreateModel))
    return any(each.name_lower == name for each in made)


def _judge_new(field: Field[object, object]) -> str:
    """A column is added in an instant if the database can tell its value without looking."""
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
    """A column may be changed in words, and text may become longer."""
    before, after = _type_of(old), _type_of(new)
    if before != after:
        if not (before.startswith(_VARCHAR) and after.startswith(_VARCHAR)):
            return _REWRITE
        if _chars_of(before) > _chars_of(after):
            return _REWRITE
    if getattr(old, "db_collation", None) != getattr(new, "db_collation", None):
        return _REWRITE
    if _has_index(new) and not _has_index(old):
        return _INDEX
    if old.null and not new.null:
        return _CHECK
    return _CHECK if _has_reference(new) and not _has_reference(old) else ""


def _type_of(field: Field[object, object]) -> str:
    """Return what PostgreSQL calls a column's type, as Django words it."""
    # A reference's own type is its target's, which a field on its own does not know.
    kind = DatabaseWrapper.data_types.get(field.get_internal_type(), field.get_internal_type())
    words = kind(vars(field)) if callable(kind) else kind % vars(field)
    return str(words)


def _has_index(field: Field[object, object]) -> bool:
    """Whether the column has an index of its own."""
    return bool(getattr(field, "db_index", False) or field.unique)


def _has_reference(field: Field[object, object]) -> bool:
    """Whether the database looks for what the column refers to."""
    return isinstance(field, ForeignKey) and bool(getattr(field, "db_constraint", True))


def _chars_of(column: str) -> int:
    """Return how many characters a column of text takes, as in `varchar(255)`."""
    return int(column.removeprefix(_VARCHAR).removesuffix(")"))
