import pytest
from django.db import NotSupportedError, connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from registry_site.postgresql.schema_operations import AddIndexConcurrently

pytestmark = pytest.mark.django_db(transaction=True)
ADDING = AddIndexConcurrently("task", models.Index(fields=["attempts"], name="task_by_attempts"))


def state() -> ProjectState:
    executor = MigrationExecutor(connection)
    return executor.loader.project_state()


def has_index() -> bool:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "artifacts_task")
    return "task_by_attempts" in found


def run(*, is_back: bool = False, atomic: bool = False) -> None:
    before = state()
    after = before.clone()
    ADDING.state_forwards("artifacts", after)
    with connection.schema_editor(atomic=atomic) as editor:
        if is_back:
            ADDING.database_backwards("artifacts", editor, after, before)
        else:
            ADDING.database_forwards("artifacts", editor, before, after)


def test_add_index_when_run_and_taken_back_then_there_and_gone():
    run()
    assert has_index()
    run(is_back=True)
    assert not has_index()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite adds it at once")
def test_add_index_when_an_earlier_try_left_half_of_it_then_built_anew():
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX task_by_attempts ON artifacts_task (created_at)")
    run()
    assert has_index()
    run(is_back=True)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite adds it at once")
@pytest.mark.parametrize("is_back", [False, True])
def test_add_index_when_in_a_transaction_then_refused(is_back):
    with pytest.raises(NotSupportedError, match="atomic = False"):
        run(is_back=is_back, atomic=True)


def test_add_index_when_described_then_named():
    assert "task_by_attempts" in ADDING.describe()
    assert isinstance(ADDING, migrations.AddIndex)
