"""Users and what they may do."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from artifacts.exceptions import InvalidRequest, LastAdministrator, UserExists
from artifacts.limits import PASSWORD_MAX_CHARS, USERNAME_MAX_CHARS
from artifacts.models import DEFAULT_ADMIN_USERNAME, User
from artifacts.selectors.users import get_user
from artifacts.services.transactions import own_user, writing

logger = logging.getLogger(__name__)

PERMISSIONS = ("upload", "search", "download")
# The default administrator's password, in the three spellings that are in circulation. Each signs
# in that account until REGISTRY_ADMIN_PASSWORD or staff set another one.
PUBLISHED_PASSWORDS = (
    "correcthorsebatterystaple123(!__+@**(A'\"`;DROP TABLE artifacts;",
    "correcthorsebatterystaple123(!__+@**(A'\"`;DROP TABLE packages;",
    "correcthorsebatterystaple123(!__+@**(A;DROP TABLE packages",
)


def create_user(
    *,
    name: str,
    password: str,
    is_admin: bool = False,
    permissions: Collection[str] = (),
    by: User,
) -> User:
    """Create a user.

    Raises:
        InvalidRequest: name, password or permissions are not as they have to be.
        UserExists: the name is taken.
    """
    if not 0 < len(name) <= USERNAME_MAX_CHARS or not name.isprintable() or name != name.strip():
        raise InvalidRequest(
            f"A user's name has 1 to {USERNAME_MAX_CHARS} visible characters, none of them white "
            "space at its ends."
        )
    # Clients and proxies take these for steps in a path: nobody could address the user.
    if "/" in name or name in (".", ".."):
        raise InvalidRequest("A user's name holds no slash, and is neither . nor ..")
    check_new_password(password, User(username=name))
    granted = _columns(permissions)
    try:
        with transaction.atomic():
            user = User.objects.create_user(name, password, is_admin=is_admin, **granted)
    except IntegrityError as error:
        raise UserExists(name) from error
    logger.info("user.created", extra={"user": name, "by": by.username, "is_admin": is_admin})
    return user


def set_permissions(
    *, name: str, permissions: Collection[str], is_admin: bool | None = None, by: User
) -> User:
    """Give a user exactly these permissions, from the next call on.

    Raises:
        UserNotFound: there is no such user.
        InvalidRequest: there is no such permission.
        LastAdministrator: nobody would be left who can administer the registry.
    """
    granted = _columns(permissions)
    with writing():
        user = own_user(name)
        if is_admin is not None:
            if user.is_admin and not is_admin:
                _require_another_administrator(user)
            user.is_admin = is_admin
        for column, value in granted.items():
            setattr(user, column, value)
        user.save(update_fields=["is_admin", *granted])
    logger.info(
        "user.permitted",
        extra={"user": name, "by": by.username, "permissions": sorted(permissions)},
    )
    return user


def set_password(*, name: str, password: str, by: User) -> None:
    """Give a user another password; tokens and sessions of the old one end.

    Raises:
        UserNotFound: there is no such user.
        InvalidRequest: the password is too weak or too long, or is not kept here.
    """
    user = get_user(name)
    if is_configured(user):
        raise InvalidRequest(
            f"The password of {name!r} is REGISTRY_ADMIN_PASSWORD. Change that setting instead."
        )
    check_new_password(password, user)
    with writing():
        user = own_user(name)
        user.set_password(password)
        user.save(update_fields=["password"])
        user.tokens.all().delete()
    logger.info("user.password_set", extra={"user": name, "by": by.username})


def delete_user(*, name: str, by: User) -> None:
    """Delete a user; the tokens go with the row, trails and artifacts stay.

    Raises:
        UserNotFound: there is no such user.
        LastAdministrator: nobody would be left who can administer the registry.
    """
    with writing():
        user = own_user(name)
        if user.is_admin:
            _require_another_administrator(user)
        user.delete()
    logger.info("user.deleted", extra={"user": name, "by": by.username})


def check_new_password(password: str, user: User) -> None:
    """See that a password may be used.

    Raises:
        InvalidRequest: it is too weak or too long, and why.
    """
    if len(password) > PASSWORD_MAX_CHARS:
        raise InvalidRequest(f"A password has at most {PASSWORD_MAX_CHARS:,} characters.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidRequest(" ".join(error.messages)) from error


def permissions_of(user: User) -> list[str]:
    """Return the permissions a user was given, in their usual order."""
    return [each for each in PERMISSIONS if getattr(user, f"can_{each}")]


def is_configured(user: User) -> bool:
    """Return whether a user's password is the one of REGISTRY_ADMIN_PASSWORD, and no other."""
    return bool(settings.REGISTRY_ADMIN_PASSWORD) and user.username == DEFAULT_ADMIN_USERNAME


def has_password(user: User, password: str) -> bool:
    """Return whether this password is the user's.

    The configured one is compared itself, not its hash: where nothing runs at a start (Lambda), the
    row may still hold the hash of the published one.
    """
    fits_the_hash = check_password(_stored_spelling(user.username, password), user.password)
    if is_configured(user):
        return _same(password, settings.REGISTRY_ADMIN_PASSWORD)
    return fits_the_hash


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


def ensure_administrator() -> None:
    """See that somebody administers: create or repair the default account, set its password.

    Called at each start. An account that staff deleted or demoted stays so while there is another
    administrator.
    """
    with transaction.atomic():
        nobody = not User.objects.filter(is_admin=True, is_active=True).exists()
        user = User.objects.filter(username=DEFAULT_ADMIN_USERNAME).first()
        if user is None and nobody:
            restore_administrator()
        elif user is not None and nobody:
            user.is_admin = user.is_active = True
            user.save(update_fields=["is_admin", "is_active"])
            logger.warning("administrator.restored", extra={"user": user.username})
        configured = settings.REGISTRY_ADMIN_PASSWORD
        if user is not None and configured and not check_password(configured, user.password):
            user.set_password(configured)
            user.save(update_fields=["password"])
            logger.warning("administrator.password_set", extra={"user": user.username})


def restore_administrator() -> User:
    """Create the default administrator with its initial password."""
    password = settings.REGISTRY_ADMIN_PASSWORD or PUBLISHED_PASSWORDS[0]
    return User.objects.create_superuser(DEFAULT_ADMIN_USERNAME, password)


def _columns(permissions: Collection[str]) -> dict[str, bool]:
    """Return permissions as the columns of a user."""
    unknown = sorted(set(permissions) - set(PERMISSIONS))
    if unknown:
        raise InvalidRequest(
            f"There is no permission {unknown[0]!r}. There are: {', '.join(PERMISSIONS)}."
        )
    return {f"can_{each}": each in permissions for each in PERMISSIONS}


def _require_another_administrator(user: User) -> None:
    """See that somebody else can administer the registry."""
    others = User.objects.select_for_update().filter(is_admin=True, is_active=True)
    if not any(other.pk != user.pk for other in others):
        raise LastAdministrator
