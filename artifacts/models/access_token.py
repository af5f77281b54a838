"""Tokens that identify a user in the API."""

from django.conf import settings
from django.db import models

from artifacts.enums import TokenScope
from artifacts.limits import TOKEN_NAME_MAX_CHARS


class AccessToken(models.Model):
    """A token. Only its owner knows the token itself; the row holds its SHA-256.

    One of `PUT /authenticate` stands for its owner, and each call decrements `calls_left` in the
    same statement that checks it, which holds across machines (`services.access.authentication`).
    One for programs has a scope; how often it may be used a minute `services.access.token_use`
    counts. It has no calls left, so that no statement that counts calls takes one for the other,
    an older release's included. Deleting the user deletes the row.
    """

    digest = models.CharField("SHA-256 of the token", max_length=64, primary_key=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    # What its owner calls it; "" for those of `PUT /authenticate`.
    name = models.CharField(max_length=TOKEN_NAME_MAX_CHARS, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    calls_left = models.IntegerField()
    # What a program may do with it; "" for those of `PUT /authenticate`.
    scope = models.CharField(
        max_length=10, choices=TokenScope.choices(), blank=True, default="", db_default=""
    )
    # Of tokens for programs: the minute of the last use, and about how many calls it had.
    used_at = models.DateTimeField("last used", null=True, blank=True)
    used_calls = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        """Newest first on the staff site."""

        ordering = ("-created_at",)

    def __str__(self) -> str:
        """Show enough to tell two tokens apart."""
        return f"token {self.digest[:8]}… of {self.user_id}"
