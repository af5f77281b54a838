"""Who calls: the token in `X-Authorization`."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from artifacts.api.permissions import OPEN, requirement_of
from artifacts.exceptions import AuthenticationFailed
from artifacts.models import User
from artifacts.services.authentication import count_call

HEADER = "X-Authorization"


class TokenAuthentication(BaseAuthentication):
    """Counts a call with each authenticated request; open routes look at no token."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """Return the user and the token's digest, or None on open routes.

        Raises:
            AuthenticationFailed: the token is missing, malformed, unknown, expired or spent.
        """
        if requirement_of(request) == OPEN:
            return None
        header = request.headers.get(HEADER)
        if header is None:
            raise AuthenticationFailed
        return count_call(header)
