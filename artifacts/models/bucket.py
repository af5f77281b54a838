"""What the registry found out about its bucket, and its replacement for what the bucket lacks."""

import uuid

from django.db import models
from django.db.models.functions import Now


class BucketProof(models.Model):
    """The promises that a bucket broke in its last test.

    Written by `storage.proof`; any row may be deleted, after which the bucket is tested again.
    """

    # Address and name; another bucket is another row.
    place = models.CharField(max_length=400, primary_key=True)
    # `Shortfall`s as objects, in the order of `storage.promises.PROMISES`.
    shortfalls = models.JSONField(default=list)
    proved_at = models.DateTimeField()

    def __str__(self) -> str:
        """Show the place."""
        return self.place


class KeyClaim(models.Model):
    """The current writer of a key, for buckets that would overwrite an object.

    Written by `storage.once`. The date comes from the database: clocks of processes may differ.
    """

    key = models.CharField(max_length=400, primary_key=True)
    holder = models.UUIDField(default=uuid.uuid4)
    begun_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        """Show the key."""
        return self.key
