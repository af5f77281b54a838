"""Delays of signing in, which staff can lift."""

from __future__ import annotations

from django.contrib import admin

from artifacts.admin.base import ReadOnlyAdmin
from artifacts.models import SignInTally
from artifacts.rules.identity import now_us


@admin.register(SignInTally)
class SignInTallyAdmin(ReadOnlyAdmin):
    """Failures to sign in, with names and addresses; deleting a row lifts its delay."""

    words = ("delay of signing in", "delays of signing in")
    administrators_delete = True
    list_display = ("who", "failures", "forgiven_at", "is_known")
    search_fields = ("name__exact", "address__exact")
    ordering = ("-forgiven_us",)

    @admin.display(description="name and address")
    def who(self, tally: SignInTally) -> str:
        """Show name and address."""
        return str(tally)

    @admin.display(description="known there", boolean=True)
    def is_known(self, tally: SignInTally) -> bool:
        """Show whether the user is known there, having signed in."""
        return tally.known_until_us > now_us()
