from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("artifacts", "0013_catalogue_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name='accesstoken',
            name='name',
            field=models.CharField(blank=True, db_default='', default='', max_length=100),
        ),
    ]
