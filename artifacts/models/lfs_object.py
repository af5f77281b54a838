"""Large files that the Hub's clients send before they name them in a commit."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from artifacts.enums import UploadState
from artifacts.rules.digest import SHA256_CHARS, Sha256


class LfsObject(models.Model):
    """An object of Git LFS that a user announced, and perhaps sent.

    Written by `services.content.lfs_objects` and `services.content.lfs_checks`. It is sent to
    `storage.keys.incoming_lfs_key(id)`, whole or in parts; once its digest was computed it is a
    blob. A checked row proves that its user has had the bytes: a digest alone gives nobody any.
    `remove_orphans` removes row and leftovers after a grace period.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lfs_objects"
    )
    # As the client announced them; the bytes are compared with both.
    sha256: models.CharField[Sha256, Sha256] = models.CharField(max_length=SHA256_CHARS)
    size_bytes = models.BigIntegerField()
    state: models.CharField[UploadState, str] = models.CharField(
        max_length=10, choices=UploadState.choices(), default=UploadState.OPEN
    )
    # Why it was refused, for the client.
    reason = models.TextField(blank=True, default="")
    # As those of `Upload`: empty and 0 if it is sent in one piece.
    parts_id = models.TextField(blank=True, default="")
    part_size_bytes = models.PositiveBigIntegerField(default=0)
    # Whether the blob was made from these bytes, so that it is as young as they are: nothing clears
    # away a young blob that no file uses yet.
    made_blob = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        """One attempt of a user at the same bytes."""

        constraints = [
            models.UniqueConstraint(fields=("user", "sha256"), name="lfs_object_once_per_user")
        ]

    def __str__(self) -> str:
        """Show the start of the digest."""
        return self.sha256[:12]

    @property
    def part_count(self) -> int:
        """The number of parts; 0 if it is sent in one piece."""
        return -(-self.size_bytes // self.part_size_bytes) if self.part_size_bytes else 0
