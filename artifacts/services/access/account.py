"""What people do with their own account: tokens with a name, and leaving."""

from __future__ import annotations

import logging

from artifacts.database.modes import SIGN_IN
from artifacts.database.transactions import RestsOn, writing
from artifacts.exceptions import TokenNotFound
from artifacts.models import AccessToken, User
from artifacts.rules.names import check_token_name
from artifacts.services.access.authentication import check_credentials, issue_token_to
from artifacts.services.access.users import delete_user

logger = logging.getLogger(__name__)


def make_token(*, user: User, name: str) -> str:
    """Return a new token of a user, which nobody can read again.

    Args:
        name: what the user calls it; names need not differ.

    Raises:
        InvalidName: the name is empty, too long, or holds what cannot be seen.
        CredentialsRefused: the user was deleted or given another password a moment ago.
    """
    token = issue_token_to(user, check_token_name(name))
    logger.info("token.made", extra={"user": user.username})
    return token


def revoke_token(*, user: User, digest: str) -> str:
    """End one token of a user at once, and return its name.

    Args:
        digest: the SHA-256 under which it is kept.

    Raises:
        TokenNotFound: the user has no such token, perhaps no longer.
        AuthenticationFailed: the user was deleted meanwhile.
    """
    with writing(RestsOn(user), going_on=SIGN_IN):
        token = AccessToken.objects.filter(digest=digest, user=user).first()
        if token is None:
            raise TokenNotFound
        token.delete()
    logger.info("token.revoked", extra={"user": user.username})
    return token.name


def delete_account(*, user: User, password: str, address: str = "") -> None:
    """Delete a user who confirms it with the password; artifacts and audit entries stay.

    Raises:
        CredentialsRefused, SignInDelayed, PasswordsBusy: see `check_credentials`.
        LastAdministrator: no administrator would be left.
    """
    check_credentials(username=user.username, password=password, address=address)
    delete_user(name=user.username, by=user)
