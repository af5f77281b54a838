"""The forms of a person's own account; what they mean is checked by the services."""

from __future__ import annotations

from typing import Any

from django import forms

from artifacts.limits import PASSWORD_MAX_CHARS, TOKEN_NAME_MAX_CHARS


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    """Return a field for a password, which is never sent back to the browser."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, strip=False, max_length=PASSWORD_MAX_CHARS, widget=widget, help_text=help_text
    )


class TokenForm(forms.Form):
    """The name of a new token."""

    name = forms.CharField(
        label="Name",
        max_length=TOKEN_NAME_MAX_CHARS,
        help_text="What will use it, as in: nightly build. Only you see it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


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
