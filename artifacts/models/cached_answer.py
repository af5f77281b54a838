"""Cached answers of sources."""

from django.db import models

from artifacts.limits import URL_MAX_CHARS


class CachedAnswer(models.Model):
    """A source's answer to a query about a repository.

    Written by `sources.cache`. It is only a cache: any row may be deleted at any time.
    """

    # SHA-256 of the query, in hexadecimal digits.
    key = models.CharField(max_length=64, primary_key=True)
    # For people who read the table.
    url = models.CharField(max_length=URL_MAX_CHARS)
    etag = models.CharField(max_length=255, blank=True)
    body = models.BinaryField()
    # When the source last confirmed this answer.
    confirmed_at = models.DateTimeField()

    class Meta:
        """Indexed by age, for cleaning up."""

        indexes = [models.Index(fields=("confirmed_at",), name="cachedanswer_by_age")]

    def __str__(self) -> str:
        """Show the query's URL."""
        return self.url
