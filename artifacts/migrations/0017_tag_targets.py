"""Commits of tags, and indexes of what the Hub's clients list by."""

from django.db import migrations, models

import artifacts.models.artifact
from registry_site.postgresql.schema_operations import AddIndexConcurrently


class Migration(migrations.Migration):

    # Indexes of tables in use are built outside of a transaction. The column comes last, so that an
    # interrupted migration can be run again.
    atomic = False

    dependencies = [
        ('artifacts', '0016_program_tokens'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='artifact',
            index=models.Index(models.F('type'), artifacts.models.artifact.OwnerKey('source_key'), models.F('created_us'), models.F('id'), condition=models.Q(('current_revision__isnull', False)), name='artifact_by_owner'),
        ),
        AddIndexConcurrently(
            model_name='revision',
            index=models.Index(fields=['created_at', 'id'], name='revision_by_date'),
        ),
        AddIndexConcurrently(
            model_name='auditentry',
            index=models.Index(condition=models.Q(('action', 'DOWNLOAD')), fields=['artifact_id', 'created_at'], name='audit_of_downloads'),
        ),
        AddIndexConcurrently(
            model_name='revision',
            index=models.Index(condition=models.Q(('commit', ''), _negated=True), fields=['commit', 'artifact'], name='revision_by_commit'),
        ),
        migrations.AddField(
            model_name='revision',
            name='tag_targets',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
