"""Counts of requests by quarters of an hour, with the sums of the minutes that are there."""

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

    dependencies = [("artifacts", "0015_health_dashboard")]

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
    ]
