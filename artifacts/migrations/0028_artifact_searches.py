import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("artifacts", "0027_monitors"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArtifactSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("artifact", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="searches", to="artifacts.artifact")),
                ("user", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="searches", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["artifact", "day", "user"], name="artifact_search_counted")],
                "constraints": [models.UniqueConstraint(fields=("user", "day", "artifact"), name="artifact_search_once")],
            },
        ),
    ]
