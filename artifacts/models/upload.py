"""Zips that clients send before they register them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from artifacts.enums import UploadState

UPLOAD_SCHEME = "upload://"


def write_upload_url(upload_id: object) -> str:
    """Return the URL under which clients register an upload."""
    return f"{UPLOAD_SCHEME}{upload_id}"


def parse_upload_id(url: str) -> uuid.UUID | None:
    """Return the id in `upload://<id>`; None if the URL has another form.

    Only the spelling that was given out is valid: revisions and orphans are found by their URL.
    """
    try:
        upload_id = uuid.UUID(url.removeprefix(UPLOAD_SCHEME))
    except ValueError:
        return None
    return upload_id if url == write_upload_url(upload_id) else None


class Upload(models.Model):
    """A zip that was announced and perhaps sent, but not yet registered.

    Written by `services.content.uploads` and `services.content.upload_checks`. The bytes are stored
    at `storage.keys.upload_key(id)`: at once, or, if sent in parts, after joining the parts and
    computing the digest of the whole. `remove_orphans` removes row and bytes after a grace period
    and once no revision needs to be fetched from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    filename = models.CharField(max_length=255)
    # As the client announced them. Clients that send parts may omit the digest: then it is empty
    # until it is computed.
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    # Defaults in the database too: an older release without these columns may still write rows.
    state: models.CharField[UploadState, str] = models.CharField(
        max_length=10,
        choices=UploadState.choices(),
        default=UploadState.OPEN,
        db_default=UploadState.OPEN,
    )
    # Why it was refused, for the client.
    reason = models.TextField(blank=True, default="", db_default="")
    # The store's id of the upload in parts, and the size of each part except the last; empty and 0
    # if the zip is sent in one piece.
    parts_id = models.TextField(blank=True, default="", db_default="")
    part_size_bytes = models.PositiveBigIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        """Indexed by digest, for cleaning up the bucket."""

        indexes = [models.Index(fields=("sha256",), name="upload_by_digest")]

    def __str__(self) -> str:
        """Show the file's name."""
        return self.filename

    @property
    def url(self) -> str:
        """The URL under which clients register it."""
        return write_upload_url(self.id)

    @property
    def part_count(self) -> int:
        """The number of parts; 0 if the zip is sent in one piece."""
        return -(-self.size_bytes // self.part_size_bytes) if self.part_size_bytes else 0
