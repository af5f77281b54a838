"""Users and what they may do."""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.conf import settings
from django.db import IntegrityError, transaction

from artifacts.database.transactions import ADMINISTRATOR, RestsOn, own_user, writing
from artifacts.exceptions import ChangedMeanwhile, InvalidRequest, LastAdministrator, UserExists
from artifacts.models import DEFAULT_ADMIN_USERNAME, User
from artifacts.rules.people import check_person_name, name_key
from artifacts.selectors.access.users import get_user
from artifacts.services.access.authentication import check_credentials
from artifacts.services.access.passwords import (
    accept_password,
    check_new_password,
    hash_initial_password,
    is_configured,
    require_changeable_password,
)
from artifacts.services.access.people_records import schedule_people_record

logger = logging.getLogger(__name__)

PERMISSIONS = ("upload", "search", "download", "decide")


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
        InvalidRequest: the name, the password or the permissions are not acceptable.
        UserExists: the name is taken, or resembles one that is.
        AuthenticationFailed, PermissionMissing: the caller was deleted or demoted meanwhile.
        PasswordsBusy: too many passwords are being checked at this moment.
    """
    name = check_person_name(name)
    check_new_password(password, User(username=name))
    granted = _columns(permissions)
    if name != DEFAULT_ADMIN_USERNAME and name_key(name) == name_key(DEFAULT_ADMIN_USERNAME):
        raise UserExists(name)  # Even where it does not: a reset creates it again.
    user = User(username=name, is_admin=is_admin, **granted)
    # Hashed before the transaction, which would otherwise keep other writers waiting.
    user.set_password(password)
    with writing(RestsOn(by, ADMINISTRATOR)):
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as error:
            raise UserExists(name) from error
        schedule_people_record()
    logger.info("user.created", extra={"user": name, "by": by.username, "is_admin": is_admin})
    return user


def set_permissions(
    *, name: str, permissions: Collection[str], is_admin: bool | None = None, by: User
) -> User:
    """Give a user exactly these permissions, starting with the next call.

    Raises:
        UserNotFound: there is no such user.
        InvalidRequest: there is no such permission.
        AuthenticationFailed, PermissionMissing: the caller was deleted or demoted meanwhile.
        LastAdministrator: no administrator would be left.
    """
    granted = _columns(permissions)
    with writing():
        user = own_user(name, by=by)
        if is_admin is not None:
            if user.is_admin and not is_admin:
                _require_another_administrator(user)
            user.is_admin = is_admin
        for column, value in granted.items():
            setattr(user, column, value)
        user.save(update_fields=["is_admin", *granted])
        schedule_people_record()
    logger.info(
        "user.permitted",
        extra={"user": name, "by": by.username, "permissions": sorted(permissions)},
    )
    return user


def set_password(*, name: str, password: str, by: User) -> None:
    """Give a user another password; tokens and sessions of the old one end.

    Raises:
        UserNotFound: there is no such user.
        InvalidRequest: the password is too weak or too long, or is set by REGISTRY_ADMIN_PASSWORD.
        AuthenticationFailed, PermissionMissing: the caller was deleted or demoted meanwhile.
        PasswordsBusy: too many passwords are being checked at this moment.
    """
    user = get_user(name)
    require_changeable_password(user)
    check_new_password(password, user)
    # Hashed before the transaction, which would otherwise keep other writers waiting.
    user.set_password(password)
    with writing():
        row = own_user(user.username, by=by)
        row.password = user.password
        row.save(update_fields=["password"])  # Also ends the tokens: see `User.save`.
        schedule_people_record()
    logger.info("user.password_set", extra={"user": user.username, "by": by.username})


def change_password(*, user: User, old: str, new: str, address: str = "") -> User:
    """Give a user another password, and return the row; tokens and sessions of the old one end.

    Args:
        address: where the user is (`client_address`); "" for this machine itself.

    Raises:
        InvalidRequest: the new password is not acceptable, or the settings keep the old one.
        CredentialsRefused, SignInDelayed, PasswordsBusy: the old one is not right; see
            `check_credentials`.
        ChangedMeanwhile: somebody else changed it in this moment.
    """
    require_changeable_password(user)
    checked = check_credentials(username=user.username, password=old, address=address)
    if new == old:
        raise InvalidRequest("This is your present password. Choose another one.")
    check_new_password(new, user)
    former = checked.password
    # Hashed before the transaction, which would otherwise keep other writers waiting.
    checked.set_password(new)
    with writing():
        row = own_user(user.username, by=user, is_own_business=True)
        if row.password != former:
            raise ChangedMeanwhile("Your password was changed in this moment. Sign in again.")
        row.password = checked.password
        row.save(update_fields=["password"])  # Also ends the tokens: see `User.save`.
        schedule_people_record()
    logger.info("user.password_set", extra={"user": row.username, "by": row.username})
    return row


def delete_user(*, name: str, by: User) -> None:
    """Delete a user with all tokens; audit entries and artifacts stay.

    Raises:
        UserNotFound: there is no such user.
        LastAdministrator: no administrator would be left.
        AuthenticationFailed, PermissionMissing: the caller was deleted or demoted meanwhile.
    """
    with writing():
        user = own_user(name, by=by, is_own_business=True)
        if user.is_admin:
            _require_another_administrator(user)
        user.delete()
        schedule_people_record()
    logger.info("user.deleted", extra={"user": name, "by": by.username})


def permissions_of(user: User) -> list[str]:
    """Return a user's permissions in their usual order."""
    return [each for each in PERMISSIONS if getattr(user, f"can_{each}")]


def ensure_administrator() -> None:
    """Make sure that there is an administrator: create or repair the default account.

    Called at each start; also applies REGISTRY_ADMIN_PASSWORD. An account that staff deleted or
    demoted stays that way while there is another administrator.
    """
    with transaction.atomic():
        nobody = not User.objects.filter(is_admin=True, is_active=True).exists()
        user = User.objects.filter(username=DEFAULT_ADMIN_USERNAME).first()
        if user is None and nobody:
            restore_administrator(hash_initial_password())
        elif user is not None and nobody:
            user.is_admin = user.is_active = True
            user.save(update_fields=["is_admin", "is_active"])
            logger.warning("administrator.restored", extra={"user": user.username})
    if user is not None and is_configured(user):
        accept_password(user, settings.REGISTRY_ADMIN_PASSWORD)
    fill_name_keys()


def restore_administrator(hashed_password: str = "") -> User:
    """Create the default administrator with its initial password."""
    user = User(username=DEFAULT_ADMIN_USERNAME, is_admin=True)
    user.password = hashed_password or hash_initial_password()
    user.save(force_insert=True)
    return user


def fill_name_keys() -> None:
    """Fill the name keys of an earlier release's users, and report names that look alike."""
    for user in User.objects.filter(name_key=None).order_by("pk"):
        try:
            with transaction.atomic():
                User.objects.filter(pk=user.pk).update(name_key=name_key(user.username))
        except IntegrityError:
            logger.warning("user.looks_like_another", extra={"user": user.username})


def _columns(permissions: Collection[str]) -> dict[str, bool]:
    """Return the columns of a user that stand for these permissions."""
    unknown = sorted(set(permissions) - set(PERMISSIONS))
    if unknown:
        raise InvalidRequest(
            f"There is no permission {unknown[0]!r}. There are: {', '.join(PERMISSIONS)}."
        )
    return {f"can_{each}": each in permissions for each in PERMISSIONS}


def _require_another_administrator(user: User) -> None:
    """Check that somebody else can administer the registry."""
    others = User.objects.select_for_update().filter(is_admin=True, is_active=True)
    if not any(other.pk != user.pk for other in others):
        raise LastAdministrator
