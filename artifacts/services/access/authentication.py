"""Signing in, and counting the calls made with a token."""

from __future__ import annotations

import hashlib
import string
from contextlib import suppress
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from artifacts.database.modes import SIGN_IN
from artifacts.database.transactions import writing
from artifacts.exceptions import AuthenticationFailed, ChangedMeanwhile, CredentialsRefused
from artifacts.limits import (
    AUTHORIZATION_MAX_CHARS,
    TOKEN_CALLS,
    TOKEN_LIFETIME_S,
    TOKEN_MAX_CHARS,
    TOKEN_MIN_CHARS,
)
from artifacts.models import AccessToken, User
from artifacts.password_slots import Asker, slot
from artifacts.rules.program_tokens import (
    has_program_form,
    has_right_checksum,
    make_session_token,
)
from artifacts.services.access.passwords import accept_password
from artifacts.services.access.sign_in_delays import (
    look_up,
    note_success,
    refuse,
    require_no_delay,
)
from artifacts.services.access.token_use import admit_call

_TOKEN_LETTERS = frozenset(string.ascii_letters + string.digits + "_-")
_SIGN_IN_TRIES = 3
# In the order of the columns, as `from_db` takes them.
_USER_FIELDS = (
    "id", "username", "is_admin", "is_active", "can_upload", "can_search", "can_download",
    "can_decide",
)  # fmt: skip
_TOKENS, _USERS = AccessToken._meta.db_table, User._meta.db_table  # noqa: SLF001  (documented)
# One statement checks, counts and reads: no other call, on any machine, can come between.
_COUNT = f"""
    UPDATE {_TOKENS} SET calls_left = calls_left - 1
    WHERE digest = %s AND scope = '' AND calls_left > 0 AND expires_at > %s
    AND EXISTS (SELECT 1 FROM {_USERS} u WHERE u.id = {_TOKENS}.user_id AND u.is_active)
    RETURNING {
    ", ".join(
        f"(SELECT u.{field} FROM {_USERS} u WHERE u.id = {_TOKENS}.user_id)"
        for field in _USER_FIELDS
    )
}
"""  # noqa: S608  (names come from the models)


def issue_token(*, username: str, password: str, address: str = "") -> str:
    """Return a new token of a user, good for `TOKEN_CALLS` calls or `TOKEN_LIFETIME_S`.

    Args:
        address: where the user is (`client_address`); "" for this machine itself.

    Raises:
        CredentialsRefused: there is no such user, the password is wrong, or the user may not
            sign in.
        ChangedMeanwhile: somebody kept changing the account during the sign-in.
        SignInDelayed: too many sign-ins of this user, or from this address, failed.
        PasswordsBusy: too many people sign in at this moment.
    """
    for _ in range(_SIGN_IN_TRIES):
        user = check_credentials(username=username, password=password, address=address)
        # A reset may have replaced this account by a new one with the same name and password.
        with suppress(CredentialsRefused):
            return issue_token_to(user)
    raise ChangedMeanwhile("The account was changed while you signed in. Try again.")


def issue_token_to(user: User, name: str = "") -> str:
    """Return a new token for a user who is already signed in.

    Args:
        name: what the user calls it; see `make_token`.

    Raises:
        CredentialsRefused: the user was deleted or given another password a moment ago.
    """
    token = make_session_token()
    with writing(going_on=SIGN_IN):
        AccessToken.objects.create(
            digest=digest_of(token),
            user=lock_owner(user),
            name=name,
            expires_at=timezone.now() + timedelta(seconds=TOKEN_LIFETIME_S),
            calls_left=TOKEN_CALLS,
        )
    return token


def lock_owner(user: User, by_token: str = "") -> User:
    """Return the row of a user who gets a token, locked until the transaction's end.

    Setting a password ends all existing tokens, so a new one must not be written after it.

    Args:
        by_token: the digest of the token by which the user asks; "" if it was the password.

    Raises:
        CredentialsRefused: the user was deleted or given another password a moment ago.
        AuthenticationFailed: the token by which the user asks has ended.
    """
    # Looked up by name, because a reset recreates the account with the same hash.
    rows = User.objects.select_for_update(no_key=True)
    rows = rows.filter(username=user.username, is_active=True)
    owner = (rows if by_token else rows.filter(password=user.password)).first()
    if by_token and not AccessToken.objects.filter(digest=by_token, user=owner).exists():
        raise AuthenticationFailed
    if owner is None:
        raise CredentialsRefused
    return owner


def check_credentials(*, username: str, password: str, address: str = "") -> User:
    """Return the user to whom a name and a password belong; every door signs in through this.

    Neither the answer, nor the time it takes, nor the delay of further tries reveals whether there
    is such a user or what was wrong.

    Args:
        address: where the user is (`client_address`); "" for this machine itself.

    Raises:
        CredentialsRefused, SignInDelayed, PasswordsBusy: see `issue_token`.
    """
    attempt = look_up(username=username, address=address)
    require_no_delay(attempt)
    with slot(Asker.KNOWN if attempt.is_known else Asker.STRANGER) as has_waited:
        if has_waited:  # Others may have failed meanwhile.
            attempt = look_up(username=username, address=address)
            require_no_delay(attempt)
        user = User.objects.named(username)
        is_right = accept_password(user, password)
        if user is None or not is_right or not user.is_active:
            refuse(attempt)
    note_success(attempt)
    return user


def count_call(header: str) -> tuple[User, str]:
    """Count one call made with a token and return its user with the permissions of this moment.

    The one way in, for the API and the Hub's clients alike. By a token for programs, the user has
    no more rights than its scope gives and administers nothing (`User.scope`).

    Args:
        header: the token, optionally in quotation marks or after `bearer ` in any case.

    Returns:
        The user and the token's digest.

    Raises:
        AuthenticationFailed: the token is malformed, unknown, expired or spent.
        TokenRateExceeded: a token for programs had all its calls of this minute.
    """
    token = _token_in(header)
    digest = digest_of(token)
    if has_program_form(token):
        # Mistyped or made up: not worth a query.
        if not has_right_checksum(token):
            raise AuthenticationFailed
        return admit_call(digest), digest
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [digest, now])
        row = cursor.fetchone()
    if row is None:
        raise AuthenticationFailed
    # SQLite answers 0 and 1 for flags.
    number, name, *flags = row
    values = [number, name, *map(bool, flags)]
    # Saving this user leaves alone what was not read, above all the password.
    user = User.from_db(connection.alias, _USER_FIELDS, values)
    return user, digest


def _token_in(header: str) -> str:
    """Return the token that a header holds.

    Raises:
        AuthenticationFailed: it holds none.
    """
    if len(header) > AUTHORIZATION_MAX_CHARS:
        raise AuthenticationFailed
    words = header.strip().removeprefix('"').removesuffix('"').split()
    if len(words) > 1 and words[0].lower() == "bearer":
        del words[0]
    token = words[0] if len(words) == 1 else ""
    if not TOKEN_MIN_CHARS <= len(token) <= TOKEN_MAX_CHARS or not _TOKEN_LETTERS.issuperset(token):
        raise AuthenticationFailed
    return token


def digest_of(token: str) -> str:
    """Return the digest under which a token is kept; 256 random bits need no slower hash."""
    return hashlib.sha256(token.encode()).hexdigest()
