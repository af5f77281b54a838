"""The forms of a person's own account; what they mean is checked by the services."""

from __future__ import annotations

from typing import Any

from django import forms

from artifacts.enums import TokenScope
from artifacts.limits import (
    PASSWORD_MAX_CHARS,
    PROGRAM_TOKEN_LIFETIME_MAX_DAYS,
    TOKEN_NAME_MAX_CHARS,
)

# What a person chooses from; the API takes any number of days.
_LIFETIMES = (
    (7, "a week"),
    (30, "30 days"),
    (90, "90 days"),
    (PROGRAM_TOKEN_LIFETIME_MAX_DAYS, "a year"),
)
_SCOPES = (
    (TokenScope.READ, "Read: look for artifacts and download them"),
    (TokenScope.WRITE, "Read and write: also register, replace and delete them"),
)


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    """Return a field for a password, which is never sent back to the browser."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, strip=False, max_length=PASSWORD_MAX_CHARS, widget=widget, help_text=help_text
    )


def _token_name(label: str, example: str) -> forms.CharField:
    """Return a field for what a person calls a token."""
    return forms.CharField(
        label=label,
        max_length=TOKEN_NAME_MAX_CHARS,
        help_text=f"What will use it, as in: {example}. You and administrators see it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ProgramTokenForm(forms.Form):
    """A new token for programs."""

    name = _token_name("Name", "nightly build")
    scope = forms.TypedChoiceField(
        label="It may",
        choices=_SCOPES,
        coerce=TokenScope,
        initial=TokenScope.READ,
        help_text="Never more than you may yourself at that moment.",
    )
    lifetime_days = forms.TypedChoiceField(
        label="It ends after", choices=_LIFETIMES, coerce=int, initial=90
    )


class TokenForm(forms.Form):
    """The name of a new session token."""

    name = _token_name("Name of the session token", "trying the API")


class PasswordForm(forms.Form):
    """The old password, and the new one twice."""

    old = _password("Present password", "current-password")
    new = _password("New password", "new-password", "At least 10 characters, and not a common one.")
    again = _password("New password again", "new-password")

    def clean(self) -> dict[str, Any]:
        """Compare the two new ones: what was mistyped could not be repeated."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "new" in cleaned and "again" in cleaned and cleaned["new"] != cleaned["again"]:
            self.add_error("again", "This differs from the new password above. Type both again.")
        return cleaned


class DeletionForm(forms.Form):
    """The password, as a confirmation."""

    password = _password("Your password, to confirm", "current-password")
