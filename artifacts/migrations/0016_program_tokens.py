from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('artifacts', '0015_health_dashboard'),
    ]

    operations = [
        migrations.AddField(
            model_name='accesstoken',
            name='scope',
            field=models.CharField(blank=True, choices=[('read', 'Read'), ('write', 'Write')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='accesstoken',
            name='used_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last used'),
        ),
        migrations.AddField(
            model_name='accesstoken',
            name='used_calls',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
