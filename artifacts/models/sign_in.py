"""How often signing in failed, and where it worked."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models

from artifacts.limits import ADDRESS_MAX_CHARS, USERNAME_MAX_CHARS


class SignInTally(models.Model):
    """Failures of one user at one address, of one user wherever, or of one address with whomever.

    Written by `services.sign_in_delays`, whose docstring says how it counts; may be deleted at any
    time, which lifts a delay. A name is one that was tried: there need not be such a user. Times
    are microseconds since 1970, which both databases compare alike.
    """

    # In its normal form; "" where the row is about an address alone.
    name = models.CharField(max_length=USERNAME_MAX_CHARS, blank=True)
    # "" where the row is about a user alone.
    address = models.CharField(max_length=ADDRESS_MAX_CHARS, blank=True)
    # Since the row was made or signing in worked; for people who look.
    failures = models.PositiveIntegerField(default=0)
    # When all failures will be forgiven.
    forgiven_us = models.BigIntegerField(default=0)
    # Until when the user is known at the address, because signing in worked there; 0 for never.
    known_until_us = models.BigIntegerField(default=0)

    class Meta:
        """One row per name and address."""

        constraints = [
            models.UniqueConstraint(fields=("name", "address"), name="sign_in_tally_once")
        ]
        indexes = [models.Index(fields=("forgiven_us",), name="sign_in_tally_by_age")]
        verbose_name_plural = "sign-in tallies"

    def __str__(self) -> str:
        """Show whom it is about."""
        return f"{self.name or 'any name'} at {self.address or 'any address'}"

    @property
    def forgiven_at(self) -> datetime:
        """When all failures will be forgiven."""
        return datetime.fromtimestamp(self.forgiven_us / 1_000_000, UTC)
