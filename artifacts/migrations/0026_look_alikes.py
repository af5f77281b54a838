import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("artifacts", "0025_manage_permission"),
    ]

    operations = [
        migrations.CreateModel(
            name="LookAlike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mechanism", models.CharField(max_length=20)),
                ("detail", models.CharField(max_length=255)),
                ("score", models.FloatField()),
                ("found_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                ("cleared_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.CharField(blank=True, max_length=255)),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="imitations", to="artifacts.artifact")),
                ("suspect", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="look_alikes", to="artifacts.artifact")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("cleared_at__isnull", True)), fields=["-score", "id"], name="look_alike_open")],
                "constraints": [models.UniqueConstraint(fields=("suspect", "other"), name="look_alike_once")],
            },
        ),
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.BigIntegerField()),
                ("artifact", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="name_keys", to="artifacts.artifact")),
            ],
            options={
                "indexes": [models.Index(fields=["value", "artifact"], name="name_key_by_value")],
                "constraints": [models.UniqueConstraint(fields=("artifact", "value"), name="name_key_once")],
            },
        ),
    ]
