"""Answers of sources that may be used again."""

from django.db import models

from artifacts.limits import URL_MAX_CHARS


class CachedAnswer(models.Model):
    """What a source answered to a question about a repository.

    Written by `sources.cache`. A cache and nothing else: any row may be deleted at any time.
    """

    # SHA-256 of what was asked, in hex.
    key = models.CharField(max_length=64, primary_key=True)
    # For people who look at the table.
    url = models.CharField(max_length=URL_MAX_CHARS)
    etag = models.CharField(max_length=255, blank=True)
    body = models.BinaryField()
    # When the source last said that this is so.
    confirmed_at = models.DateTimeField()

    class Meta:
        """Found by age, to be cleared."""

        indexes = [models.Index(fields=("confirmed_at",), name="cachedanswer_by_age")]

    def __str__(self) -> str:
        """Show what was asked."""
        return self.url
