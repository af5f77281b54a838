"""Signing in to the staff site: the same check as the API's."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from artifacts.client_address import client_address
from artifacts.exceptions import CredentialsRefused
from artifacts.models import User
from artifacts.services.access.authentication import check_credentials


class RegistryBackend(BaseBackend):
    """Accepts the same users as `PUT /authenticate`; the staff site requires administrators."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """Return the user, None if name or password are wrong.

        Raises:
            SignInDelayed, PasswordsBusy: see `check_credentials`; `SignInForm` shows them.
        """
        if username is None or password is None:
            return None
        address = client_address(request) if request is not None else ""
        try:
            return check_credentials(username=username, password=password, address=address)
        except CredentialsRefused:
            return None  # Django's form reports it without saying which of the two was wrong.

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session, None if the account is deleted or closed."""
        return User.objects.filter(pk=user_id, is_active=True).first()
