import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from artifacts.selectors.upkeep.migrations import get_migration_state

pytestmark = pytest.mark.django_db


def test_state_when_all_is_applied_then_as_django_sees_it():
    loader = MigrationLoader(connection)
    state = get_migration_state()
    assert state.pending == []
    assert state.newest == dict(loader.graph.leaf_nodes())


def test_state_when_the_database_has_had_none_then_everything_is_pending(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda _cursor: [])
    state = get_migration_state()
    assert state.newest == {}
    names = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    assert set(state.pending) == names
    assert "artifacts.0001_initial" in names


def test_state_when_the_database_is_ahead_of_the_code_then_nothing_is_pending():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('artifacts', '9999_later', CURRENT_TIMESTAMP)"
        )
    state = get_migration_state()
    assert state.pending == []
    assert state.newest["artifacts"] < "9999"
