"""What people do with their own account: tokens with a name, and leaving."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from artifacts.database.modes import SIGN_IN
from artifacts.database.transactions import ADMINISTRATOR, RestsOn, writing
from artifacts.enums import TokenScope
from artifacts.exceptions import InvalidRequest, TokenNotFound, TooManyTokens
from artifacts.limits import PROGRAM_TOKEN_LIFETIME_MAX_DAYS, PROGRAM_TOKENS_MAX
from artifacts.models import AccessToken, User
from artifacts.rules.names import check_token_name
from artifacts.rules.program_tokens import make_program_token
from artifacts.services.access.authentication import (
    check_credentials,
    digest_of,
    issue_token_to,
    lock_owner,
)
from artifacts.services.access.users import delete_user

logger = logging.getLogger(__name__)


def make_token(*, user: User, name: str) -> str:
    """Return a new token of a user, which nobody can read again and whose calls are counted.

    Args:
        name: what the user calls it; names need not differ.

    Raises:
        InvalidName: the name is empty, too long, or holds what cannot be seen.
        CredentialsRefused: the user was deleted or given another password a moment ago.
    """
    token = issue_token_to(user, check_token_name(name))
    logger.info("token.made", extra={"user": user.username, "scope": ""})
    return token


def make_token_for_programs(
    *, user: User, name: str, scope: TokenScope, lifetime_days: int, by_token: str = ""
) -> tuple[str, AccessToken]:
    """Make a token for programs of a user.

    Args:
        name: what the user calls it; names need not differ.
        lifetime_days: 1 to `PROGRAM_TOKEN_LIFETIME_MAX_DAYS`.
        by_token: the digest of the token by which the user asks; "" for a session.

    Returns:
        The token, which nobody can read again, and its row.

    Raises:
        InvalidName: the name is empty, too long, or holds what cannot be seen.
        InvalidRequest: the lifetime is too short or too long.
        TooManyTokens: the user has `PROGRAM_TOKENS_MAX` that work.
        AuthenticationFailed, CredentialsRefused: the user was deleted or given another password a
            moment ago.
    """
    name = check_token_name(name)
    if not 1 <= lifetime_days <= PROGRAM_TOKEN_LIFETIME_MAX_DAYS:
        raise InvalidRequest(
            f"A token for programs lasts from 1 to {PROGRAM_TOKEN_LIFETIME_MAX_DAYS} days."
        )
    token = make_program_token()
    with writing(going_on=SIGN_IN):
        owner, now = lock_owner(user, by_token), timezone.now()
        working = AccessToken.objects.filter(user=owner, expires_at__gt=now).exclude(scope="")
        if working.count() >= PROGRAM_TOKENS_MAX:
            raise TooManyTokens(PROGRAM_TOKENS_MAX)
        row = AccessToken.objects.create(
            digest=digest_of(token),
            user=owner,
            name=name,
            scope=scope,
            expires_at=now + timedelta(days=lifetime_days),
            calls_left=0,
        )
    logger.info("token.made", extra={"user": user.username, "scope": str(scope)})
    return token, row


def revoke_token(*, user: User, digest: str, by: User | None = None) -> str:
    """End one token of a user at once, and return its name.

    Args:
        digest: the SHA-256 under which it is kept.
        by: who revokes it, if it may be an administrator instead of its owner.

    Raises:
        TokenNotFound: the user has no such token, perhaps no longer.
        AuthenticationFailed, PermissionMissing: who revokes it was deleted or demoted meanwhile.
    """
    is_own = by is None or by.pk == user.pk
    with writing(RestsOn(user) if is_own else RestsOn(by, ADMINISTRATOR), going_on=SIGN_IN):
        token = AccessToken.objects.filter(digest=digest, user=user).first()
        if token is None:
            raise TokenNotFound
        token.delete()
    logger.info(
        "token.revoked",
        extra={"user": user.username, "scope": token.scope, "by": (by or user).username},
    )
    return token.name


def delete_account(*, user: User, password: str, address: str = "") -> None:
    """Delete a user who confirms it with the password; artifacts and audit entries stay.

    Raises:
        CredentialsRefused, SignInDelayed, PasswordsBusy: see `check_credentials`.
        LastAdministrator: no administrator would be left.
    """
    check_credentials(username=user.username, password=password, address=address)
    delete_user(name=user.username, by=user)
