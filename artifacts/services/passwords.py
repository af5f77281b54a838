"""Passwords: what they are compared with, and what they may be."""

from __future__ import annotations

import hmac
import logging
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from artifacts.exceptions import InvalidRequest
from artifacts.limits import PASSWORD_MAX_CHARS
from artifacts.models import DEFAULT_ADMIN_USERNAME, User
from artifacts.services.transactions import writing

logger = logging.getLogger(__name__)

# The default administrator's password, in the three spellings that are in circulation. Each signs
# in that account until REGISTRY_ADMIN_PASSWORD or staff set another one.
PUBLISHED_PASSWORDS = (
    "correcthorsebatterystaple123(!__+@**(A'\"`;DROP TABLE artifacts;",
    "correcthorsebatterystaple123(!__+@**(A'\"`;DROP TABLE packages;",
    "correcthorsebatterystaple123(!__+@**(A;DROP TABLE packages",
)


def check_new_password(password: str, user: User) -> None:
    """See that a password may be used.

    Raises:
        InvalidRequest: it is too weak or too long, and why.
    """
    if len(password) > PASSWORD_MAX_CHARS:
        raise InvalidRequest(f"A password has at most {PASSWORD_MAX_CHARS:,} characters.")
    try:
        password.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest("The password holds half a character. Type it anew.") from error
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidRequest(" ".join(error.messages)) from error


def is_configured(user: User) -> bool:
    """Return whether a user's password is the one of REGISTRY_ADMIN_PASSWORD, and no other."""
    return bool(settings.REGISTRY_ADMIN_PASSWORD) and user.username == DEFAULT_ADMIN_USERNAME


def has_password(user: User, password: str) -> bool:
    """Return whether this password is the user's.

    Raises:
        PasswordsBusy: too many passwords are being checked at this moment.
    """
    return _compare(user, password)[0]


def accept_password(user: User | None, password: str) -> bool:
    """Return whether this password is the user's, for signing in; costs one hash, also for None.

    Where the configured password signs in and the row still holds the hash of an earlier one, as on
    Lambda, where nothing runs at a start, that ends here, with the tokens that came by it.
    """
    if user is None:
        # As slow as for a known user, so that nobody learns names by the clock.
        make_password(_encodable(password))
        return False
    is_right, is_kept = _compare(user, password)
    if is_right and not is_kept:
        _keep_configured_password(user)
    return is_right


def _compare(user: User, password: str) -> tuple[bool, bool]:
    """Return whether this password is the user's, and whether its hash is the one that is kept.

    The configured one is compared itself, not its hash, which may be that of the published one.
    """
    spelling = _stored_spelling(user.username, _encodable(password))
    fits_the_hash = check_password(spelling, user.password)
    if is_configured(user):
        return _same(password, settings.REGISTRY_ADMIN_PASSWORD), fits_the_hash
    return fits_the_hash, fits_the_hash


def _keep_configured_password(user: User) -> None:
    """Keep the hash of REGISTRY_ADMIN_PASSWORD; tokens and sessions of the earlier one end."""
    hashed = make_password(settings.REGISTRY_ADMIN_PASSWORD)
    with writing():
        kept = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
        if kept is None:
            return  # Gone since: whoever gives out a token finds that out.
        # Another process may have done it a moment ago, and given out tokens since.
        if kept.password == user.password:
            kept.password = hashed
            kept.save(update_fields=["password"])
            logger.warning("administrator.password_set", extra={"user": user.username})
        user.password = kept.password


def _encodable(password: str) -> str:
    """Return a password without halves of characters, which nothing can hash."""
    return password.encode(errors="replace").decode()


def _stored_spelling(username: str, password: str) -> str:
    """Return the spelling of a password whose hash is kept.

    Only the default administrator's published password has several; if staff gave that account
    another password, the hash is of that one and no published spelling fits it.
    """
    is_published = any(_same(password, each) for each in PUBLISHED_PASSWORDS)
    if username == DEFAULT_ADMIN_USERNAME and is_published:
        return PUBLISHED_PASSWORDS[0]
    return password


def _same(given: str, expected: str) -> bool:
    """Compare without telling by the time how much of it was right."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def hash_initial_password() -> str:
    """Return the hash of the password that the default administrator has after a reset.

    It takes long, so ask for it before a transaction. Computed once in a process: a reset must not
    be kept waiting by people who sign in.
    """
    password = settings.REGISTRY_ADMIN_PASSWORD or PUBLISHED_PASSWORDS[0]
    return _hash_once(password, tuple(settings.PASSWORD_HASHERS))


@lru_cache(maxsize=1)
def _hash_once(password: str, _hashers: tuple[str, ...]) -> str:
    """Return a hash, the same as long as the settings are the same."""
    return make_password(password)
