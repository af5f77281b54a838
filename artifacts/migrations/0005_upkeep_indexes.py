"""Indexes for counting what failed lately, and for removing what nobody needs any more."""

from django.db import migrations, models

from registry_site.postgresql.schema_operations import AddIndexConcurrently


class Migration(migrations.Migration):

    # Indexes of tables in use are built outside of a transaction.
    atomic = False

    dependencies = [
        ('artifacts', '0004_uploads_in_parts'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='lineageedge',
            index=models.Index(condition=models.Q(('parent__isnull', True)), fields=['id'], name='lineage_waiting'),
        ),
        AddIndexConcurrently(
            model_name='upload',
            index=models.Index(fields=['sha256'], name='upload_by_digest'),
        ),
        AddIndexConcurrently(
            model_name='revision',
            index=models.Index(condition=models.Q(('content_state__in', ('pending', 'failed')), ('source_kind', 'upload')), fields=['repository'], name='revision_of_upload'),
        ),
        AddIndexConcurrently(
            model_name='task',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['created_at'], name='task_failed'),
        ),
        AddIndexConcurrently(
            model_name='task',
            index=models.Index(fields=['finished_at'], name='task_by_end'),
        ),
    ]
