"""Two tables that spare pages much reading: requests by quarters of an hour, and listings.

The former gets the sums of the minutes that are there; `0020_listing_rows` fills the latter.
"""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import Sum

_QUARTER = timedelta(minutes=15)
_KIND = ("route", "status", "artifact_type")
_COUNTED = (
    "requests", "within_5_ms", "within_10_ms", "within_25_ms", "within_50_ms", "within_100_ms",
    "within_250_ms", "within_500_ms", "within_1000_ms", "within_2500_ms", "within_5000_ms",
    "within_10000_ms", "longer",
)  # fmt: skip
_CHOICES = (
    ("type", "type"), ("uploader_name", "uploader"), ("content_state", "content"),
    ("source_kind", "source"), ("task", "task"), ("badge", "badge"), ("name", "name"),
)  # fmt: skip


def sum_up(apps, _editor):
    """Write the sums; a day has 96 quarters, whose minutes an index finds."""
    minutes = apps.get_model("artifacts", "ActivityBucket").objects
    quarters = apps.get_model("artifacts", "ActivityQuarter").objects
    counted = minutes.order_by("minute").values_list("minute", flat=True).distinct()
    begins = {each.replace(minute=each.minute // 15 * 15) for each in counted}
    for begins_at in sorted(begins):
        found = minutes.filter(minute__gte=begins_at, minute__lt=begins_at + _QUARTER)
        rows = found.values(*_KIND).annotate(**{f"sum_{name}": Sum(name) for name in _COUNTED})
        quarters.bulk_create(
            quarters.model(
                minute=begins_at,
                **{name: row[name] for name in _KIND},
                **{name: row[f"sum_{name}"] for name in _COUNTED},
            )
            for row in rows
        )


def _count():
    return models.PositiveIntegerField(db_default=0, default=0)


class Migration(migrations.Migration):
    OLD_CODE_COPES = "It fills a new table, which older code does not know."

    dependencies = [("artifacts", "0019_commits")]

    operations = [
        migrations.CreateModel(
            name="ActivityQuarter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.DateTimeField()),
                ("route", models.CharField(max_length=120)),
                ("status", models.PositiveSmallIntegerField()),
                ("artifact_type", models.CharField(blank=True, max_length=10)),
                ("requests", models.PositiveIntegerField(default=0)),
                *((name, _count()) for name in _COUNTED[1:]),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("minute", "route", "status", "artifact_type"),
                        name="activity_quarter_once",
                    )
                ],
            },
        ),
        migrations.RunPython(sum_up, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=255)),
                ("created_us", models.BigIntegerField()),
                ("uploader_name", models.CharField(max_length=150)),
                ("license", models.CharField(max_length=255)),
                ("size_bytes", models.BigIntegerField(null=True)),
                ("content_state", models.CharField(max_length=10)),
                ("source_kind", models.CharField(max_length=20)),
                ("net_score", models.FloatField(null=True)),
                ("task", models.CharField(max_length=100, null=True)),
                ("badge", models.CharField(max_length=10)),
                ("revision_id", models.BigIntegerField()),
                ("rating_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["created_us", "id"], name="listing_newest"),
                    *(
                        models.Index(fields=[column, "created_us", "id"], name=f"listing_{name}")
                        for column, name in _CHOICES
                    ),
                    models.Index(
                        condition=models.Q(("net_score__isnull", False)),
                        fields=["net_score", "rating_id"],
                        name="listing_score",
                    ),
                    models.Index(
                        condition=models.Q(("size_bytes__isnull", False)),
                        fields=["size_bytes", "revision_id"],
                        name="listing_size",
                    ),
                    models.Index(fields=["revision_id"], name="listing_revision"),
                ],
            },
        ),
    ]
