"""Zips that clients send before they register them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from artifacts.enums import UploadState

UPLOAD_SCHEME = "upload://"


def upload_id_of(url: str) -> uuid.UUID | None:
    """Return the id in `upload://<id>`; None when the url is of another form.

    The id counts in the one spelling that it was given out in: revisions and orphans are found by
    their url.
    """
    try:
        upload_id = uuid.UUID(url.removeprefix(UPLOAD_SCHEME))
    except ValueError:
        return None
    return upload_id if url == f"{UPLOAD_SCHEME}{upload_id}" else None


class Upload(models.Model):
    """A zip that was announced, and may have been sent, but is not registered yet.

    Written by `services.uploads` and `services.upload_checks`. The bytes come to rest at
    `storage.keys.upload_key(id)`: at once, or, when they are sent in parts, after those were
    joined and the whole digest was computed. Both row and bytes go by `remove_orphans`, after its
    grace and once no revision still has to be fetched from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    filename = models.CharField(max_length=255)
    # As the client announced them. The digest may be left out when parts are sent: then it is empty
    # until it was computed.
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    # Defaults of the database, too: a release without these columns may go on writing rows.
    state = models.CharField(
        max_length=10,
        choices=UploadState,
        default=UploadState.OPEN,
        db_default=UploadState.OPEN.value,
    )
    # Why it was refused, for the client.
    reason = models.TextField(blank=True, default="", db_default="")
    # The store's name for the attempt, and how long each part but the last is; empty and 0 when the
    # zip is sent at once.
    parts_id = models.TextField(blank=True, default="", db_default="")
    part_size_bytes = models.PositiveBigIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        """Show the file's name."""
        return self.filename

    @property
    def url(self) -> str:
        """Under which url it is registered."""
        return f"{UPLOAD_SCHEME}{self.id}"

    @property
    def part_count(self) -> int:
        """How many parts there are; 0 when the zip is sent at once."""
        return -(-self.size_bytes // self.part_size_bytes) if self.part_size_bytes else 0
