"""Zips that clients send before they register them."""

import uuid

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A zip that was announced, and may have been sent, but is not registered yet.

    Written by `services.uploads`. The bytes are at `storage.keys.upload_key(sha256)`; both go by
    `remove_orphans`, after its grace and once no revision still has to be fetched from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    filename = models.CharField(max_length=255)
    # As the client announced them; checked when the upload is registered.
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        """Show the file's name."""
        return self.filename
