"""Delays of signing in, which staff can lift."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from artifacts.admin.base import ReadOnlyAdmin
from artifacts.models import SignInTally, User
from artifacts.rules.identity import now_us


@admin.register(SignInTally)
class SignInTallyAdmin(ReadOnlyAdmin):
    """Failures to sign in, with names and addresses; deleting a row lifts its delay."""

    words = ("delay of signing in", "delays of signing in")
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

    def has_delete_permission(
        self,
        request: HttpRequest,
        obj: Model | None = None,  # noqa: ARG002  (Django's form)
    ) -> bool:
        """Let administrators lift delays."""
        return bool(cast("User", request.user).is_admin)
