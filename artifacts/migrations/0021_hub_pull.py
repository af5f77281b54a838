from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("artifacts", "0020_listing_rows"),
    ]

    operations = [
        migrations.CreateModel(
            name="HubPull",
            fields=[
                ("key", models.CharField(max_length=203, primary_key=True, serialize=False)),
                ("holder", models.UUIDField()),
                ("user_name", models.CharField(max_length=150)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("artifact_id", models.CharField(blank=True, max_length=64)),
                ("refusal", models.CharField(blank=True, max_length=4000)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user_name", "begun_at"], name="hubpull_by_reader"),
                    models.Index(fields=["begun_at"], name="hubpull_by_age"),
                ],
            },
        ),
    ]
