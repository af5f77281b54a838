"""Identifying the caller by the token in `X-Authorization`."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from artifacts.exceptions import AuthenticationFailed
from artifacts.models import User
from artifacts.routes import find_operation
from artifacts.routes.operations import OPEN
from artifacts.services.access.authentication import count_call

HEADER = "X-Authorization"


class TokenAuthentication(BaseAuthentication):
    """Counts each authenticated request as a call of its token; open routes ignore tokens."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """Return the user and the token's digest, or None on open routes.

        Raises:
            AuthenticationFailed: the token is missing, malformed, unknown, expired or used up.
        """
        if find_operation(request).permission == OPEN:
            return None
        header = request.headers.get(HEADER)
        if header is None:
            raise AuthenticationFailed
        return count_call(header)
