import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("artifacts", "0028_artifact_searches"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForbiddenGlobal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=150)),
                ("artifact", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="forbidden_globals", to="artifacts.artifact")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "artifact"), name="forbidden_global_once"),
                    models.UniqueConstraint(condition=models.Q(("artifact", None)), fields=("name",), name="forbidden_global_for_all_once"),
                ],
            },
        ),
    ]
