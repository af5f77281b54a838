"""Where signing in failed, how often, and where it succeeded."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models

from artifacts.limits import ADDRESS_MAX_CHARS, USERNAME_MAX_CHARS


class SignInTally(models.Model):
    """Failures of one user at one address, of one user anywhere, or of any user at one address.

    Written by `services.access.sign_in_delays`, whose docstring explains the counting. Deleting a
    row is always allowed and lifts its delay. A name was tried, but need not belong to a user.
    Times are microseconds since 1970, which both databases compare in the same way.
    """

    # In its normal form; "" if the row is about an address alone.
    name = models.CharField(max_length=USERNAME_MAX_CHARS, blank=True)
    # "" if the row is about a user alone.
    address = models.CharField(max_length=ADDRESS_MAX_CHARS, blank=True)
    # Since the row was created or signing in last succeeded; for people who read the table.
    failures = models.PositiveIntegerField(default=0)
    # When all failures will be forgiven.
    forgiven_us = models.BigIntegerField(default=0)
    # How long the user counts as known at the address after signing in there; 0 for not at all.
    known_until_us = models.BigIntegerField(default=0)

    class Meta:
        """One row per name and address."""

        constraints = [
            models.UniqueConstraint(fields=("name", "address"), name="sign_in_tally_once")
        ]
        indexes = [models.Index(fields=("forgiven_us",), name="sign_in_tally_by_age")]
        verbose_name_plural = "sign-in tallies"

    def __str__(self) -> str:
        """Show name and address."""
        return f"{self.name or 'any name'} at {self.address or 'any address'}"

    @property
    def forgiven_at(self) -> datetime:
        """When all failures will be forgiven."""
        return datetime.fromtimestamp(self.forgiven_us / 1_000_000, UTC)
