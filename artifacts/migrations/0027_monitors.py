"""The programs of sensitive models, and what they decided. Two new tables; the rest is words."""

import django.db.models.deletion
from django.db import migrations, models

ACTIONS = [
    ("CREATE", "Create"),
    ("UPDATE", "Update"),
    ("DOWNLOAD", "Download"),
    ("RATE", "Rate"),
    ("AUDIT", "Audit"),
    ("DELETE", "Delete"),
    ("DECIDE", "Decide"),
    ("MONITOR", "Monitor"),
    ("REFUSE", "Refuse"),
]
PARTS = [
    ("weights", "Weights"),
    ("dataset", "Dataset"),
    ("code", "Code"),
    ("card", "Card"),
    ("config", "Config"),
    ("other", "Other"),
    ("full", "Full"),
]
VERDICTS = [("allowed", "Allowed"), ("refused", "Refused"), ("not_run", "Not Run")]


def key() -> models.BigAutoField:
    """The usual primary key."""
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0026_look_alikes")]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="action",
            field=models.CharField(choices=ACTIONS, max_length=10),
        ),
        migrations.CreateModel(
            name="MonitorChange",
            fields=[
                ("id", key()),
                ("program", models.TextField(blank=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("user_name", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                (
                    "artifact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="monitor_changes",
                        to="artifacts.artifact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["artifact", "-created_at", "-id"], name="monitor_by_artifact"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonitorRun",
            fields=[
                ("id", key()),
                ("artifact_id", models.CharField(max_length=64)),
                ("revision", models.PositiveIntegerField()),
                ("part", models.CharField(choices=PARTS, max_length=10)),
                ("user_name", models.CharField(max_length=150)),
                ("program_sha256", models.CharField(max_length=64)),
                ("verdict", models.CharField(choices=VERDICTS, max_length=10)),
                ("exit_status", models.IntegerField(null=True)),
                ("output", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="monitor_runs",
                        to="artifacts.auditentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["artifact_id", "revision", "user_name", "-created_at"],
                        name="monitor_run_lately",
                    )
                ],
            },
        ),
    ]
