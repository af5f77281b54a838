import artifacts.enums
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("artifacts", "0023_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="RevisionScan",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="scan",
                        serialize=False,
                        to="artifacts.revision",
                    ),
                ),
                ("rules_version", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("clean", "Clean"),
                            ("allowed", "Allowed"),
                            ("unreadable", "Unreadable"),
                            ("suspicious", "Suspicious"),
                            ("dangerous", "Dangerous"),
                        ],
                        max_length=10,
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                ("sentences", models.JSONField(default=list)),
                ("scanned_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("verdict", artifacts.enums.ScanVerdict["CLEAN"]), _negated=True
                        ),
                        fields=["verdict"],
                        name="revision_scan_found",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AllowedGlobal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=150)),
                (
                    "artifact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="allowed_globals",
                        to="artifacts.artifact",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "artifact"), name="allowed_global_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("artifact", None)),
                        fields=("name",),
                        name="allowed_global_for_all_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=32)),
                ("rules_version", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("clean", "Clean"),
                            ("allowed", "Allowed"),
                            ("unreadable", "Unreadable"),
                            ("suspicious", "Suspicious"),
                            ("dangerous", "Dangerous"),
                        ],
                        max_length=10,
                    ),
                ),
                ("findings", models.JSONField(default=list)),
                ("scanned_at", models.DateTimeField()),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="artifacts.blob",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("blob", "kind"), name="scan_once")],
            },
        ),
    ]
