"""Passwords: which ones are accepted for signing in, and which ones may be set."""

from __future__ import annotations

import hmac
import logging
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from artifacts.database.modes import SIGN_IN
from artifacts.database.transactions import writing
from artifacts.exceptions import InvalidRequest
from artifacts.models import DEFAULT_ADMIN_USERNAME, User

logger = logging.getLogger(__name__)

# The default administrator's password, in the three spellings that have been published. Each works
# for that account until REGISTRY_ADMIN_PASSWORD or staff set another password.
PUBLISHED_PASSWORDS = (
    "correcthorsebatterystaple123(!__+@**(A'\"`;DROP TABLE artifacts;",
    "correcthorsebatterystaple123(!__+@**(A'\"`;DROP TABLE packages;",
    "correcthorsebatterystaple123(!__+@**(A;DROP TABLE packages",
)


def check_new_password(password: str, user: User) -> None:
    """Check that a password may be set.

    Raises:
        InvalidRequest: it is too weak or too long; the message says why.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidRequest(" ".join(error.messages)) from error


def is_configured(user: User) -> bool:
    """Return whether a user's password is the one of REGISTRY_ADMIN_PASSWORD, and no other."""
    return bool(settings.REGISTRY_ADMIN_PASSWORD) and user.username == DEFAULT_ADMIN_USERNAME


def require_changeable_password(user: User) -> None:
    """Check that a user's password may be changed here at all.

    Raises:
        InvalidRequest: it is set by REGISTRY_ADMIN_PASSWORD, which would bring it back.
    """
    if is_configured(user):
        raise InvalidRequest(
            f"The password of {user.username!r} is REGISTRY_ADMIN_PASSWORD. Change that setting "
            "instead."
        )


def accept_password(user: User | None, password: str) -> bool:
    """Return whether this password signs the user in; costs one hash, for None as well.

    The row may still hold the hash of an earlier password after REGISTRY_ADMIN_PASSWORD changed, as
    on Lambda, where nothing runs at a start. A sign-in with the configured password replaces that
    hash and ends the tokens issued under it.
    """
    if user is None:
        # Takes as long as for a known user, so that timing reveals no names.
        make_password(_encodable(password))
        return False
    is_right, is_kept = _compare(user, password)
    if is_right and not is_kept:
        _keep_configured_password(user)
    return is_right


def _compare(user: User, password: str) -> tuple[bool, bool]:
    """Return whether this password is the user's, and whether the row holds its hash.

    The configured password is compared as it is: the row may hold the hash of the published one.
    """
    spelling = _stored_spelling(user.username, _encodable(password))
    fits_the_hash = check_password(spelling, user.password)
    if is_configured(user):
        return _same(password, settings.REGISTRY_ADMIN_PASSWORD), fits_the_hash
    return fits_the_hash, fits_the_hash


def _keep_configured_password(user: User) -> None:
    """Store the hash of REGISTRY_ADMIN_PASSWORD; tokens and sessions of the old password end."""
    hashed = make_password(settings.REGISTRY_ADMIN_PASSWORD)
    with writing(going_on=SIGN_IN):
        kept = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
        if kept is None:
            return  # Deleted meanwhile; `issue_token_to` notices.
        # Another process may have stored it a moment ago and issued tokens since.
        if kept.password == user.password:
            kept.password = hashed
            kept.save(update_fields=["password"])
            logger.warning("administrator.password_set", extra={"user": user.username})
        user.password = kept.password


def _encodable(password: str) -> str:
    """Replace lone surrogates, which cannot be hashed."""
    return password.encode(errors="replace").decode()


def _stored_spelling(username: str, password: str) -> str:
    """Return the spelling of a password that was hashed.

    Only the default administrator's published password has several spellings. If staff set another
    password for that account, no published spelling matches its hash.
    """
    is_published = any(_same(password, each) for each in PUBLISHED_PASSWORDS)
    if username == DEFAULT_ADMIN_USERNAME and is_published:
        return PUBLISHED_PASSWORDS[0]
    return password


def _same(given: str, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def hash_initial_password() -> str:
    """Return the hash of the password that the default administrator has after a reset.

    Hashing takes long, so call it before a transaction. It is computed once per process, so that
    people who sign in cannot keep a reset waiting.
    """
    password = settings.REGISTRY_ADMIN_PASSWORD or PUBLISHED_PASSWORDS[0]
    return _hash_once(password, tuple(settings.PASSWORD_HASHERS))


def forget_initial_password() -> None:
    """Forget that hash and the password it was made from."""
    _hash_once.cache_clear()


@lru_cache(maxsize=1)
def _hash_once(password: str, _hashers: tuple[str, ...]) -> str:
    """Return a password's hash, computed again only when the settings change."""
    return make_password(password)
