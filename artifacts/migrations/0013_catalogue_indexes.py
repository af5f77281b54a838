"""Indexes of what the catalogue sorts and narrows by."""

from django.db import migrations, models

from registry_site.postgresql.schema_operations import AddIndexConcurrently


class Migration(migrations.Migration):

    # Indexes of tables in use are built outside of a transaction.
    atomic = False

    dependencies = [
        ('artifacts', '0012_file_fault'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='artifact',
            index=models.Index(condition=models.Q(('current_revision__isnull', False)), fields=['uploader_name', 'created_us', 'id'], name='artifact_by_uploader'),
        ),
        AddIndexConcurrently(
            model_name='rating',
            index=models.Index(fields=['net_score', 'id', 'gate', 'category', 'rules_version', 'is_incomplete'], name='rating_facets'),
        ),
        AddIndexConcurrently(
            model_name='revision',
            index=models.Index(fields=['license', 'content_state', 'source_kind', 'size_bytes', 'current_rating', 'id'], name='revision_facets'),
        ),
        AddIndexConcurrently(
            model_name='revision',
            index=models.Index(fields=['size_bytes', 'id', 'license', 'content_state', 'source_kind', 'current_rating'], name='revision_by_size'),
        ),
    ]
