"""Decisions on revisions; the database leaves quarantined ones out of the listing.

Two more triggers beside those of `0020_listing_rows`, so that an older release that runs beside this
one neither shows what is in quarantine nor lists it again.
"""

import django.db.models.deletion
from django.db import migrations, models, transaction

import artifacts.enums
from registry_site.postgresql.schema_operations import AddIndexConcurrently

_IS_HIDDEN = (
    "EXISTS (SELECT 1 FROM artifacts_revision"
    " WHERE id = NEW.revision_id AND decision = 'quarantined')"
)
_COLUMNS = (
    "id, type, name, created_us, uploader_name, license, size_bytes, content_state, source_kind,"
    " net_score, task, badge, revision_id, rating_id"
)
# As in 0020, for the row that a lifted quarantine brings back on SQLite.
_LIST = f"""
    INSERT INTO artifacts_listing ({_COLUMNS})
    SELECT a.id, a.type, a.name, a.created_us, a.uploader_name, r.license, r.size_bytes,
        r.content_state, r.source_kind, g.net_score, g.category,
        CASE WHEN a.type <> 'model' THEN 'unrated' WHEN g.id IS NULL THEN 'waiting'
        WHEN g.rules_version < 3 AND g.gate = 'failed' AND g.is_incomplete THEN 'undecided'
        ELSE g.gate END,
        r.id, g.id
    FROM artifacts_artifact a JOIN artifacts_revision r ON r.id = a.current_revision_id
    LEFT JOIN artifacts_rating g ON g.id = r.current_rating_id
    WHERE a.id = NEW.artifact_id AND r.id = NEW.id ON CONFLICT (id) DO NOTHING;
"""
_SQLITE = (
    "DROP TRIGGER IF EXISTS listing_hides",
    # What was listed of an earlier revision goes as well.
    "CREATE TRIGGER listing_hides BEFORE INSERT ON artifacts_listing"
    f" WHEN {_IS_HIDDEN} BEGIN DELETE FROM artifacts_listing WHERE id = NEW.id;"
    " SELECT RAISE(IGNORE); END",
    "DROP TRIGGER IF EXISTS listing_of_decision",
    "CREATE TRIGGER listing_of_decision AFTER UPDATE OF decision ON artifacts_revision"
    " WHEN (OLD.decision = 'quarantined') <> (NEW.decision = 'quarantined') BEGIN"
    " DELETE FROM artifacts_listing WHERE revision_id = NEW.id AND NEW.decision = 'quarantined';"
    f" {_LIST} END",
)
_POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION hide_from_listing() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$ BEGIN
        IF {_IS_HIDDEN} THEN
            DELETE FROM artifacts_listing WHERE id = NEW.id; RETURN NULL;
        END IF;
        RETURN NEW;
    END $$""",
    "CREATE OR REPLACE TRIGGER listing_hides BEFORE INSERT ON artifacts_listing"
    " FOR EACH ROW EXECUTE FUNCTION hide_from_listing()",
    """
    CREATE OR REPLACE FUNCTION keep_listing_of_decision() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$ BEGIN
        IF NEW.decision = 'quarantined' THEN
            DELETE FROM artifacts_listing WHERE revision_id = NEW.id;
        ELSE
            PERFORM keep_listing(NEW.artifact_id);
        END IF;
        RETURN NULL;
    END $$""",
    "CREATE OR REPLACE TRIGGER listing_of_decision AFTER UPDATE OF decision ON artifacts_revision"
    " FOR EACH ROW"
    " WHEN ((OLD.decision = 'quarantined') IS DISTINCT FROM (NEW.decision = 'quarantined'))"
    " EXECUTE FUNCTION keep_listing_of_decision()",
)


def add_triggers(apps, editor):
    """Have the database hide what is in quarantine from now on; see 0020 about transactions."""
    if editor.connection.vendor == "postgresql":
        for statement in _POSTGRESQL:
            editor.execute(statement)
        return
    with transaction.atomic():
        for statement in _SQLITE:
            editor.execute(statement)


def remove_triggers(apps, editor):
    """Leave listings as they are."""
    is_sqlite = editor.connection.vendor == "sqlite"
    with transaction.atomic():
        for name, table in (("listing_hides", "listing"), ("listing_of_decision", "revision")):
            editor.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON artifacts_{table}"))
        if not is_sqlite:
            editor.execute("DROP FUNCTION hide_from_listing()")
            editor.execute("DROP FUNCTION keep_listing_of_decision()")


class Migration(migrations.Migration):
    # Indexes of tables in use are built outside of a transaction, and each trigger is one of its own.
    atomic = False
    OLD_CODE_COPES = "New columns have defaults in the database, which also keeps the listing."

    dependencies = [("artifacts", "0021_hub_pull")]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="decision",
            field=models.CharField(
                choices=[
                    ("undecided", "Undecided"),
                    ("approved", "Approved"),
                    ("rejected", "Rejected"),
                    ("quarantined", "Quarantined"),
                ],
                db_default="undecided",
                default=artifacts.enums.DecisionState["UNDECIDED"],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="revision", name="approved_until", field=models.DateTimeField(null=True)
        ),
        AddIndexConcurrently(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("decision", "quarantined")),
                fields=["artifact", "id"],
                name="revision_quarantined",
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("CREATE", "Create"),
                    ("UPDATE", "Update"),
                    ("DOWNLOAD", "Download"),
                    ("RATE", "Rate"),
                    ("AUDIT", "Audit"),
                    ("DELETE", "Delete"),
                    ("DECIDE", "Decide"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="can_decide",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="may decide"
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("undecided", "Undecided"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("quarantined", "Quarantined"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=2000)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("found_by", models.CharField(blank=True, max_length=50)),
                ("decided_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("waived", models.JSONField(default=list)),
                ("is_effective", models.BooleanField(default=True)),
                ("seconds", models.CharField(blank=True, max_length=150)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="artifacts.revision",
                    ),
                ),
            ],
            options={
                "ordering": ("decided_at", "id"),
                "indexes": [
                    models.Index(
                        fields=["revision", "-decided_at", "-id"], name="decision_by_revision"
                    )
                ],
            },
        ),
        migrations.RunPython(add_triggers, remove_triggers),
    ]
