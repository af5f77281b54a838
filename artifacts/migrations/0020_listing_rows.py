"""Triggers that keep `Listing`, and its rows for the artifacts that are there.

A trigger is one more place that knows the columns of these tables; in return no writer can forget
the listing, and an older release that runs beside this one keeps it too.
"""

from django.db import migrations, transaction

_BATCH = 5_000
_COLUMNS = (
    "id, type, name, created_us, uploader_name, license, size_bytes, content_state, source_kind,"
    " net_score, task, badge, revision_id, rating_id"
)
_SET = ", ".join(f"{each} = excluded.{each}" for each in _COLUMNS.split(", ")[1:])
# Before rules 3 a model with an unknown metric was called a failure.
_SELECT = """
    SELECT a.id, a.type, a.name, a.created_us, a.uploader_name, r.license, r.size_bytes,
        r.content_state, r.source_kind, g.net_score, g.category,
        CASE WHEN a.type <> 'model' THEN 'unrated' WHEN g.id IS NULL THEN 'waiting'
        WHEN g.rules_version < 3 AND g.gate = 'failed' AND g.is_incomplete THEN 'undecided'
        ELSE g.gate END,
        r.id, g.id
    FROM artifacts_artifact a JOIN artifacts_revision r ON r.id = a.current_revision_id
    LEFT JOIN artifacts_rating g ON g.id = r.current_rating_id
"""
_WRITE = f"INSERT INTO artifacts_listing ({_COLUMNS}) {_SELECT}"
_KEEP = f"{_WRITE} WHERE a.id = {{key}} ON CONFLICT (id) DO UPDATE SET {_SET};"
_IS_CURRENT = (
    "EXISTS (SELECT 1 FROM artifacts_artifact WHERE id = NEW.artifact_id"
    " AND current_revision_id = NEW.id)"
)
_REMOVE = "DELETE FROM artifacts_listing WHERE id = {key};"
_OF_RATING = "(SELECT artifact_id FROM artifacts_revision WHERE id = NEW.revision_id)"
# By table: the columns that a listing shows, and the artifact that a row is about.
_SOURCES = {
    "artifact": (
        ("type", "name", "created_us", "uploader_name", "current_revision_id"), "NEW.id"
    ),
    "revision": (
        ("license", "size_bytes", "content_state", "source_kind", "current_rating_id"),
        "NEW.artifact_id",
    ),
    "rating": (
        ("net_score", "category", "gate", "rules_version", "is_incomplete"), _OF_RATING
    ),
}  # fmt: skip
# SQLite finds what fits an expensive choice in the index alone, in the order of the newest. Rows of
# PostgreSQL's indexes are limited to less than names and licenses may have.
_WHOLE_INDEX = (
    "CREATE INDEX IF NOT EXISTS listing_whole ON artifacts_listing (created_us, id, badge, license,"
    " size_bytes, net_score, type, content_state, source_kind, task, uploader_name, name,"
    " revision_id, rating_id)"
)


def _list_sqlite():
    yield _WHOLE_INDEX
    for table, (columns, key) in _SOURCES.items():
        changed = " OR ".join(f"OLD.{each} IS NOT NEW.{each}" for each in columns)
        gone = ""
        if table == "artifact":
            gone = f"{_REMOVE.format(key='NEW.id AND NEW.current_revision_id IS NULL')}"
        yield f"DROP TRIGGER IF EXISTS listing_{table}_update"
        yield (
            f"CREATE TRIGGER listing_{table}_update AFTER UPDATE OF {', '.join(columns)}"
            f" ON artifacts_{table} WHEN {changed}"
            f" BEGIN {gone} {_KEEP.format(key=key)} END"
        )
    # Normally a revision is there before its artifact names it; with deferred references, after.
    yield "DROP TRIGGER IF EXISTS listing_revision_insert"
    yield (
        "CREATE TRIGGER listing_revision_insert AFTER INSERT ON artifacts_revision"
        f" WHEN {_IS_CURRENT} BEGIN {_KEEP.format(key='NEW.artifact_id')} END"
    )
    yield "DROP TRIGGER IF EXISTS listing_artifact_insert"
    yield (
        "CREATE TRIGGER listing_artifact_insert AFTER INSERT ON artifacts_artifact"
        f" WHEN NEW.current_revision_id IS NOT NULL BEGIN {_KEEP.format(key='NEW.id')} END"
    )
    yield "DROP TRIGGER IF EXISTS listing_artifact_delete"
    yield (
        "CREATE TRIGGER listing_artifact_delete AFTER DELETE ON artifacts_artifact"
        f" BEGIN {_REMOVE.format(key='OLD.id')} END"
    )


def _list_postgresql():
    # The row is locked first: the statement after that sees whatever was committed until then, so
    # of two who change one artifact the last writes what both have done. All rows are found by their
    # keys: a plan from when the tables were small would read them whole, again for each row that a
    # statement changes.
    yield f"""
        CREATE OR REPLACE FUNCTION keep_listing(shown varchar) RETURNS void LANGUAGE plpgsql
        SET search_path FROM CURRENT
        SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$ BEGIN
            PERFORM 1 FROM artifacts_listing WHERE id = shown FOR UPDATE;
            {_KEEP.format(key="shown")}
        END $$"""
    for table, (columns, key) in _SOURCES.items():
        gone = ""
        if table == "artifact":
            gone = f"""
                IF TG_OP = 'DELETE' THEN {_REMOVE.format(key="OLD.id")} RETURN NULL; END IF;
                IF NEW.current_revision_id IS NULL THEN
                    {_REMOVE.format(key="NEW.id")} RETURN NULL;
                END IF;"""
        if table == "revision":
            gone = f"IF TG_OP = 'INSERT' AND NOT {_IS_CURRENT} THEN RETURN NULL; END IF;"
        yield f"""
            CREATE OR REPLACE FUNCTION keep_listing_of_{table}() RETURNS trigger LANGUAGE plpgsql
            SET search_path FROM CURRENT AS $$ BEGIN
                {gone} PERFORM keep_listing({key}); RETURN NULL;
            END $$"""
        old, new = (", ".join(f"{row}.{each}" for each in columns) for row in ("OLD", "NEW"))
        yield (
            f"CREATE OR REPLACE TRIGGER listing_{table}_update AFTER UPDATE OF {', '.join(columns)}"
            f" ON artifacts_{table} FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new}))"
            f" EXECUTE FUNCTION keep_listing_of_{table}()"
        )
    for table, event, condition in (
        ("artifact", "insert", "WHEN (NEW.current_revision_id IS NOT NULL)"),
        ("artifact", "delete", ""),
        ("revision", "insert", ""),
    ):
        yield (
            f"CREATE OR REPLACE TRIGGER listing_{table}_{event} AFTER {event.upper()}"
            f" ON artifacts_{table} FOR EACH ROW {condition} EXECUTE FUNCTION keep_listing_of_{table}()"
        )


def add_triggers(apps, editor):
    """Have the database keep listings from now on.

    On PostgreSQL each statement is a transaction of its own: making a trigger waits for those who
    write its table, and must not wait for them while it holds another table. Readers go on.
    """
    if editor.connection.vendor == "postgresql":
        for statement in _list_postgresql():
            editor.execute(statement)
        return
    with transaction.atomic():
        for statement in _list_sqlite():
            editor.execute(statement)


def remove_triggers(apps, editor):
    """Leave listings as they are."""
    is_sqlite = editor.connection.vendor == "sqlite"
    with transaction.atomic():
        for table, events in (
            ("artifact", ("insert", "update", "delete")), ("revision", ("insert", "update")),
            ("rating", ("update",)),
        ):  # fmt: skip
            where = "" if is_sqlite else f" ON artifacts_{table}"
            for event in events:
                editor.execute(f"DROP TRIGGER listing_{table}_{event}{where}")
        if is_sqlite:
            editor.execute("DROP INDEX listing_whole")
            return
        for table in _SOURCES:
            editor.execute(f"DROP FUNCTION keep_listing_of_{table}()")
        editor.execute("DROP FUNCTION keep_listing(varchar)")


def fill(apps, editor):
    """Write the listings of what is there, some thousands at a time.

    What a trigger has written meanwhile is newer, and stays.
    """
    artifacts = apps.get_model("artifacts", "Artifact").objects
    last = ""
    while True:
        batch = artifacts.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:_BATCH]
        ids = list(batch)
        if not ids:
            return
        with editor.connection.cursor() as cursor:
            cursor.execute(
                f"{_WRITE} WHERE a.id > %s AND a.id <= %s ON CONFLICT (id) DO NOTHING",
                [last, ids[-1]],
            )
        last = ids[-1]


class Migration(migrations.Migration):
    # Everybody writes on while the listings are filled, batch by batch.
    atomic = False
    OLD_CODE_COPES = "It fills a new table, which the database keeps by itself under older code."

    dependencies = [("artifacts", "0020_activity_quarters")]

    operations = [
        migrations.RunPython(add_triggers, remove_triggers),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
