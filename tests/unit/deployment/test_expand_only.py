"""What old code would not survive is told from what it would."""

from typing import Any

import pytest
from django.contrib.postgres import operations
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import functions

from deployment.expand_only import BEFORE_FIRST_RELEASE, list_breaches, main
from registry_site.postgresql.schema_operations import AddIndexConcurrently


def a_state() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, models.Field]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("note", models.TextField(null=True)),
        ("share", models.DecimalField(max_digits=9, decimal_places=2)),
    ]
    state.add_model(ModelState("artifacts", "Thing", fields))
    return state


def a_migration(*operations, mark="", name="0009_change"):
    migration: Any = migrations.Migration(name, "artifacts")
    migration.operations = list(operations)
    if mark:
        migration.OLD_CODE_COPES = mark
    return migration


def breaches_of(*operations, **options) -> list[str]:
    return list_breaches([a_migration(*operations, **options)], a_state())


EXPANDING = {
    "a new table": migrations.CreateModel("Other", [("id", models.AutoField(primary_key=True))]),
    "a column that may be empty": migrations.AddField("Thing", "more", models.TextField(null=True)),
    "a column with a value of the database's": migrations.AddField(
        "Thing", "more", models.IntegerField(db_default=0)
    ),
    "a relation in a table of its own": migrations.AddField(
        "Thing", "friends", models.ManyToManyField("artifacts.Thing")
    ),
    "a longer column": migrations.AlterField("Thing", "name", models.CharField(max_length=60)),
    "a looser column": migrations.AlterField(
        "Thing", "name", models.CharField(max_length=50, null=True)
    ),
    "a model that leaves the state but not the database": migrations.SeparateDatabaseAndState(
        state_operations=[migrations.DeleteModel("Thing")]
    ),
}
CONTRACTING = {
    "a column removed": migrations.RemoveField("Thing", "note"),
    "a column renamed": migrations.RenameField("Thing", "note", "notes"),
    "a table removed": migrations.DeleteModel("Thing"),
    "a table renamed": migrations.RenameModel("Thing", "Matter"),
    "a column that must have a value": migrations.AddField(
        "Thing", "more", models.IntegerField(default=0)
    ),
    "a column that may not be empty any more": migrations.AlterField(
        "Thing", "note", models.TextField()
    ),
    "a shorter column": migrations.AlterField("Thing", "name", models.CharField(max_length=40)),
    "a column of another type": migrations.AlterField("Thing", "name", models.IntegerField()),
    "a column with unique values": migrations.AlterField(
        "Thing", "name", models.CharField(max_length=50, unique=True)
    ),
    "a constraint": migrations.AddConstraint(
        "Thing", models.CheckConstraint(condition=~models.Q(name=""), name="thing_named")
    ),
    "a statement that nobody can judge": migrations.RunSQL("SELECT 1"),
    "a program that nobody can judge": migrations.RunPython(migrations.RunPython.noop),
    "a column removed from the database alone": migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RemoveField("Thing", "note")]
    ),
}


@pytest.mark.parametrize("operation", EXPANDING.values(), ids=EXPANDING)
def test_change_when_it_only_adds_then_it_passes(operation):
    assert breaches_of(operation) == []


INDEX = models.Index(fields=["name"], name="thing_name")
HOLDING_UP = {
    "an index": migrations.AddIndex("Thing", INDEX),
    "an index in the database alone": migrations.SeparateDatabaseAndState(
        database_operations=[migrations.AddIndex("Thing", INDEX)]
    ),
    "a concurrent index in a transaction": AddIndexConcurrently("Thing", INDEX),
    "Django's concurrent index in a transaction": operations.AddIndexConcurrently("Thing", INDEX),
    "a constraint": CONTRACTING["a constraint"],
    "a constraint of several columns": migrations.AlterUniqueTogether("Thing", {("name", "note")}),
    "a column with the time of now": migrations.AddField(
        "Thing", "more", models.DateTimeField(db_default=functions.Now())
    ),
    "a column with a random value": migrations.AddField(
        "Thing", "more", models.FloatField(db_default=functions.Random())
    ),
    "a column with a random value that may be empty": migrations.AddField(
        "Thing",
        "more",
        models.UUIDField(null=True, db_default=models.Func(function="gen_random_uuid")),
    ),
    "a column that is computed": migrations.AddField(
        "Thing",
        "more",
        models.GeneratedField(
            expression=functions.Lower("name"), output_field=models.TextField(), db_persist=True
        ),
    ),
    "a column with an index": migrations.AddField(
        "Thing", "more", models.TextField(null=True, db_index=True)
    ),
    "a column with unique values": migrations.AddField(
        "Thing", "more", models.TextField(null=True, unique=True)
    ),
    "a reference": migrations.AddField(
        "Thing", "more", models.ForeignKey("artifacts.Thing", models.CASCADE, null=True)
    ),
    "a reference without an index": migrations.AddField(
        "Thing",
        "more",
        models.ForeignKey("artifacts.Thing", models.CASCADE, null=True, db_index=False),
    ),
    "an index on a column": migrations.AlterField(
        "Thing", "name", models.CharField(max_length=50, db_index=True)
    ),
    "a column of another type": CONTRACTING["a column of another type"],
    "text without a limit": migrations.AlterField("Thing", "name", models.TextField()),
    "a larger number": migrations.AlterField(
        "Thing", "share", models.DecimalField(max_digits=12, decimal_places=3)
    ),
    "text in another order": migrations.AlterField(
        "Thing", "note", models.TextField(null=True, db_collation="C")
    ),
    "a column that may not be empty any more": CONTRACTING[
        "a column that may not be empty any more"
    ],
}
LETTING_GO_ON = {
    "a concurrent index": AddIndexConcurrently("Thing", INDEX),
    "Django's concurrent index": operations.AddIndexConcurrently("Thing", INDEX),
    "a reference that nobody looks up": migrations.AddField(
        "Thing",
        "more",
        models.ForeignKey(
            "artifacts.Thing", models.CASCADE, null=True, db_index=False, db_constraint=False
        ),
    ),
    "a constant as an expression": migrations.AddField(
        "Thing", "more", models.IntegerField(db_default=models.Value(3))
    ),
    "another value for rows to come": migrations.AlterField(
        "Thing", "name", models.CharField(max_length=50, db_default=functions.Now())
    ),
    "another name for people": migrations.AlterField(
        "Thing", "name", models.CharField("the name", max_length=50)
    ),
}


@pytest.mark.parametrize("operation", HOLDING_UP.values(), ids=HOLDING_UP)
def test_change_when_it_takes_as_long_as_the_table_has_rows_then_it_is_named(operation):
    [breach] = breaches_of(operation, mark="Old code copes with everything.")
    assert breach.startswith("0009_change: ")
    assert any(word in breach for word in ("everybody waits", "nobody can write", "atomic"))


@pytest.mark.parametrize("operation", HOLDING_UP.values(), ids=HOLDING_UP)
def test_change_when_the_migration_says_that_its_locks_are_short_then_it_passes(operation):
    changed = a_migration(operation, mark="Old code copes with everything.")
    changed.LOCKS_ARE_SHORT = "The table has three rows."
    assert list_breaches([changed], a_state()) == []


@pytest.mark.parametrize("operation", LETTING_GO_ON.values(), ids=LETTING_GO_ON)
def test_change_when_the_table_stays_in_use_then_it_passes(operation):
    changed = a_migration(operation)
    changed.atomic = False
    assert list_breaches([changed], a_state()) == []


def test_change_when_the_table_is_new_then_nobody_waits():
    table = migrations.CreateModel(
        "Other", [("id", models.AutoField(primary_key=True)), ("name", models.TextField())]
    )
    index = models.Index(fields=["name"], name="other_name")
    rule = models.UniqueConstraint(fields=["name"], name="other_once")
    reference = models.ForeignKey("artifacts.Thing", models.CASCADE)
    assert (
        breaches_of(
            table,
            migrations.AddField("Other", "thing", reference),
            migrations.AddIndex("Other", index),
            migrations.AddConstraint("Other", rule),
        )
        == []
    )


@pytest.mark.parametrize("operation", CONTRACTING.values(), ids=CONTRACTING)
def test_change_when_old_code_would_miss_something_then_it_is_named(operation):
    breaches = breaches_of(operation)
    assert "".join(breaches).count("old code") + "".join(breaches).count("no program") == 1


@pytest.mark.parametrize("operation", CONTRACTING.values(), ids=CONTRACTING)
def test_change_when_the_migration_says_why_old_code_copes_then_it_passes(operation):
    breaches = breaches_of(operation, mark="Nothing reads it since 0.2.0.")
    assert all("waits" in each or "is built" in each for each in breaches)


def test_change_when_it_is_older_than_the_first_release_then_it_passes():
    removal = CONTRACTING["a table removed"]
    assert breaches_of(removal, name=BEFORE_FIRST_RELEASE[0]) == []


def test_later_migration_when_it_builds_on_an_earlier_one_then_both_are_judged():
    adding = a_migration(EXPANDING["a column that may be empty"])
    tightening = a_migration(
        migrations.AlterField("Thing", "more", models.TextField()), name="0010_tighten"
    )
    breaches = list_breaches([adding, tightening], a_state())
    assert breaches
    assert all(breach.startswith("0010_tighten: ") for breach in breaches)


def test_own_migrations_when_judged_then_the_release_before_survives_them(capsys):
    assert main() == 0, capsys.readouterr().out
    assert ", 0 changes" in capsys.readouterr().out
