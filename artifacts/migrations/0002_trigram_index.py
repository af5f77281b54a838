"""An index on the trigrams of names and READMEs, which narrows a search by expression.

SQLite: an FTS5 table that keeps no text of its own, with triggers that follow the documents.
PostgreSQL: GIN indexes of pg_trgm.
"""

from django.db import migrations

_DOCUMENTS, _INDEX = "artifacts_searchdocument", "artifacts_searchindex"
_ADD = f"INSERT INTO {_INDEX} (rowid, name, readme) VALUES (new.id, new.name, new.readme);"
_REMOVE = (
    f"INSERT INTO {_INDEX} ({_INDEX}, rowid, name, readme)"
    " VALUES ('delete', old.id, old.name, old.readme);"
)
CREATE = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE {_INDEX} USING fts5(name, readme, content='{_DOCUMENTS}',"
        " content_rowid='id', tokenize='trigram')",
        f"CREATE TRIGGER {_INDEX}_insert AFTER INSERT ON {_DOCUMENTS} BEGIN {_ADD} END",
        f"CREATE TRIGGER {_INDEX}_delete AFTER DELETE ON {_DOCUMENTS} BEGIN {_REMOVE} END",
        f"CREATE TRIGGER {_INDEX}_update AFTER UPDATE ON {_DOCUMENTS}"
        f" BEGIN {_REMOVE} {_ADD} END",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        f"CREATE INDEX {_INDEX}_name ON {_DOCUMENTS} USING gin (name gin_trgm_ops)",
        f"CREATE INDEX {_INDEX}_readme ON {_DOCUMENTS} USING gin (readme gin_trgm_ops)",
    ),
}
REMOVE = {
    "sqlite": (
        f"DROP TRIGGER {_INDEX}_update",
        f"DROP TRIGGER {_INDEX}_delete",
        f"DROP TRIGGER {_INDEX}_insert",
        f"DROP TABLE {_INDEX}",
    ),
    "postgresql": (f"DROP INDEX {_INDEX}_readme", f"DROP INDEX {_INDEX}_name"),
}


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0001_initial")]
    operations = [migrations.RunPython(_run(CREATE), _run(REMOVE))]
