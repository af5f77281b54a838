"""What old code would not survive is told from what it would."""

import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from deployment.expand_only import BEFORE_FIRST_RELEASE, list_breaches, main


def a_state() -> ProjectState:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("note", models.TextField(null=True)),
    ]
    state.add_model(ModelState("artifacts", "Thing", fields))
    return state


def a_migration(*operations, mark="", name="0009_change"):
    migration = migrations.Migration(name, "artifacts")
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
    "an index": migrations.AddIndex("Thing", models.Index(fields=["name"], name="thing_name")),
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


@pytest.mark.parametrize("operation", CONTRACTING.values(), ids=CONTRACTING)
def test_change_when_old_code_would_miss_something_then_it_is_named(operation):
    [breach] = breaches_of(operation)
    assert breach.startswith("0009_change: ")


@pytest.mark.parametrize("operation", CONTRACTING.values(), ids=CONTRACTING)
def test_change_when_the_migration_says_why_old_code_copes_then_it_passes(operation):
    assert breaches_of(operation, mark="Nothing reads it since 0.2.0.") == []


def test_change_when_it_is_older_than_the_first_release_then_it_passes():
    removal = CONTRACTING["a table removed"]
    assert breaches_of(removal, name=BEFORE_FIRST_RELEASE[0]) == []


def test_later_migration_when_it_builds_on_an_earlier_one_then_both_are_judged():
    adding = a_migration(EXPANDING["a column that may be empty"])
    tightening = a_migration(
        migrations.AlterField("Thing", "more", models.TextField()), name="0010_tighten"
    )
    [breach] = list_breaches([adding, tightening], a_state())
    assert breach.startswith("0010_tighten: ")


def test_own_migrations_when_judged_then_the_release_before_survives_them(capsys):
    assert main() == 0, capsys.readouterr().out
    assert ", 0 changes" in capsys.readouterr().out
