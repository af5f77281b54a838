"""Identifying the caller by the token in `Authorization`, where the Hub's clients send it."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from artifacts.exceptions import AuthenticationFailed, TokenMissing
from artifacts.models import User
from artifacts.routes import find_operation
from artifacts.routes.operations import OPEN
from artifacts.services.access.authentication import count_call

HEADER = "Authorization"
_SCHEME = "bearer "


class BearerAuthentication(BaseAuthentication):
    """Checks the token of a request; open routes ignore tokens, and count none.

    Whoever is signed in to the Hub itself sends the token of the Hub here. It is unknown like any
    other: it is neither kept nor logged.
    """

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """Return the user and the token's digest, or None on open routes.

        Raises:
            TokenMissing: there is none.
            AuthenticationFailed: it is malformed, unknown, expired or used up.
        """
        if find_operation(request).permission == OPEN:
            return None
        return read_bearer(request)


def read_bearer(request: Request) -> tuple[User, str]:
    """Return the user of a request's token, and the token's digest.

    Raises:
        TokenMissing, AuthenticationFailed: see `BearerAuthentication.authenticate`.
    """
    header = request.headers.get(HEADER)
    if header is None:
        raise TokenMissing
    if not header[: len(_SCHEME)].lower() == _SCHEME:
        raise AuthenticationFailed
    # Whoever pastes what `PUT /authenticate` answered has the word "bearer" in the token.
    return count_call(header[len(_SCHEME) :])
