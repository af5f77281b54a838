"""What the registry found out about its bucket, and what it does where the bucket cannot."""

import uuid

from django.db import models
from django.db.models.functions import Now


class BucketProof(models.Model):
    """Which promises a bucket was found to break when it was last tried.

    Written by `storage.proof`; any row may be deleted, the bucket is tried again then.
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
    """Who may write a key at this moment, where the bucket itself would overwrite an object.

    Written by `storage.once`. The date is the database's: the processes' clocks may differ.
    """

    key = models.CharField(max_length=400, primary_key=True)
    holder = models.UUIDField(default=uuid.uuid4)
    begun_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        """Show the key."""
        return self.key
