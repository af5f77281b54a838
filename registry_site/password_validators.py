"""What is asked of a new password, in every way in which one is set, besides Django's own."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from artifacts.limits import PASSWORD_MAX_CHARS


class TakenByFormsValidator:
    """Refuses passwords with which nobody could sign in: too long for a form, or no text."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002  (Django's form)
        """Check a new password.

        Raises:
            ValidationError: it is too long, or holds half of a character.
        """
        if len(password) > PASSWORD_MAX_CHARS:
            raise ValidationError(f"A password has at most {PASSWORD_MAX_CHARS:,} characters.")
        try:
            password.encode()
        except UnicodeEncodeError as error:
            raise ValidationError("The password holds half a character. Type it anew.") from error

    def get_help_text(self) -> str:
        """Say it before it is typed."""
        return f"Your password can have at most {PASSWORD_MAX_CHARS:,} characters."
