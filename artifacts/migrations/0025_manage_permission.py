from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("artifacts", "0024_scans"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="can_manage",
            field=models.BooleanField(db_default=False, default=False, verbose_name="may manage"),
        ),
    ]
