import pytest
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor

from artifacts.models import Listing, SearchDocument
from tests.factories.artifacts import make_artifact

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite copies tables"),
]


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize(
    ("model", "name"),
    [("artifact", "name"), ("revision", "license"), ("rating", "category"), ("listing", "name"),
     ("searchdocument", "name")],
)  # fmt: skip
def test_alter_field_when_triggers_name_the_table_then_all_stay(model, name):
    before = triggers()
    assert {"listing_artifact_update", "artifacts_searchindex_insert"} < before
    old = MigrationExecutor(connection).loader.project_state()
    new = old.clone()
    change = migrations.AlterField(model, name, models.CharField(max_length=250, null=True))
    change.state_forwards("artifacts", new)
    for states in ((old, new), (new, old)):
        with connection.schema_editor() as editor:
            change.database_forwards("artifacts", editor, *states)
        assert triggers() == before
    make_artifact("robot", readme="A card.")
    assert Listing.objects.get().name == SearchDocument.objects.get().name == "robot"
