"""What the catalogue lists: one short row for each artifact that everybody may see."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from artifacts.limits import NAME_MAX_CHARS, USERNAME_MAX_CHARS


class Listing(models.Model):
    """An artifact as the catalogue narrows, sorts and lists it.

    Nobody writes it but the database itself: triggers on artifacts, revisions and ratings
    (migration `0020_listing_rows`) keep it in the transaction that changes one of them, whoever
    changes it, an older release too. So thousands of rows are read without the cards and the
    evidence between them, and an index has what a choice leaves in the order of the list.
    """

    id = models.CharField(max_length=64, primary_key=True)
    type = models.CharField(max_length=10)
    name = models.CharField(max_length=NAME_MAX_CHARS)
    created_us = models.BigIntegerField()
    uploader_name = models.CharField(max_length=USERNAME_MAX_CHARS)
    # Of the current revision.
    license = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField(null=True)
    content_state = models.CharField(max_length=10)
    source_kind = models.CharField(max_length=20)
    # Of its current rating; None for what has none.
    net_score = models.FloatField(null=True)
    task = models.CharField(max_length=100, null=True)
    # A word of `selectors.trust.verdict.Badge`.
    badge = models.CharField(max_length=10)
    revision_id = models.BigIntegerField()
    rating_id = models.BigIntegerField(null=True)

    class Meta:
        """An index for each choice, in the order of the newest, and for each order."""

        indexes = [
            models.Index(fields=("created_us", "id"), name="listing_newest"),
            *(
                models.Index(fields=(column, "created_us", "id"), name=f"listing_{name}")
                for column, name in (
                    ("type", "type"), ("uploader_name", "uploader"), ("content_state", "content"),
                    ("source_kind", "source"), ("task", "task"), ("badge", "badge"),
                    ("name", "name"),
                )
            ),
            models.Index(
                fields=("net_score", "rating_id"),
                name="listing_score",
                condition=Q(net_score__isnull=False),
            ),
            models.Index(
                fields=("size_bytes", "revision_id"),
                name="listing_size",
                condition=Q(size_bytes__isnull=False),
            ),
            # By which a version's artifact is found.
            models.Index(fields=("revision_id",), name="listing_revision"),
        ]  # fmt: skip

    def __str__(self) -> str:
        """Show name and id."""
        return f"{self.name} ({self.id})"
