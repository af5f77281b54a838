"""The users of the registry."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction

from artifacts.exceptions import InvalidName
from artifacts.limits import NAME_KEY_MAX_CHARS, USERNAME_MAX_CHARS
from artifacts.models.access_token import AccessToken
from artifacts.rules.people import check_person_name, display_name, name_key, normal_name
from artifacts.rules.text import storable

# The account that exists after every reset (contract: AuthenticationRequest example).
DEFAULT_ADMIN_USERNAME = "ece30861defaultadminuser"


def validate_username(name: str) -> None:
    """Refuse invalid user names with Django's error, for its forms and commands."""
    try:
        check_person_name(name)
    except InvalidName as error:
        raise ValidationError(error.message) from error


class UserQuerySet(models.QuerySet["User"]):
    """Users; also enforces that tokens end with the password (see `User.save`)."""

    def update(self, **values: Any) -> int:
        """Change rows; `bulk_update` uses this as well."""
        if "password" not in values:
            return super().update(**values)
        with transaction.atomic(using=self.db):
            users = list(self.values_list("pk", flat=True))
            changed = super().update(**values)
            AccessToken.objects.using(self.db).filter(user__in=users).delete()
        return changed

    def named(self, name: str) -> User | None:
        """Return the user of a name, ignoring case and width of letters.

        An exact match comes first: older releases allowed two users to differ only in case.
        """
        # Nobody can have such a name, and comparing long ones is slow.
        if len(name) > USERNAME_MAX_CHARS or storable(name) != name:
            return None
        # Two queries with one index each: a single query would scan the table. Both always run, so
        # that timing does not reveal which names exist.
        exact = self.filter(username=name).first()
        alike = self.filter(name_key=name_key(name)).first()
        if exact is not None:
            return exact
        # A name that only looks the same is a different name.
        is_same = alike is not None and normal_name(alike.username) == normal_name(name)
        return alike if is_same else None


class UserManager(BaseUserManager["User"]):
    """Creates users with hashed passwords."""

    def get_queryset(self) -> UserQuerySet:
        """Return all users."""
        return UserQuerySet(self.model, using=self._db)

    def named(self, name: str) -> User | None:
        """Return the user of a name, see `UserQuerySet.named`."""
        return self.get_queryset().named(name)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user of a name; Django's commands use this to check for existing users."""
        user = self.named(username or "")
        if user is None:
            raise self.model.DoesNotExist
        return user

    def create_user(self, username: str, password: str, **permissions: bool) -> User:
        """Create one user.

        Raises:
            InvalidName: the name is not allowed.
            IntegrityError: the name is taken, or looks like a taken one.
        """
        user = self.model(username=check_person_name(username), **permissions)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str, **extra: Any) -> User:
        """Create an administrator (called by Django's `createsuperuser`)."""
        return self.create_user(username, password, is_admin=True, **extra)


class User(AbstractBaseUser):
    """A person or program that may sign in.

    The permissions are plain columns, so that the statement that counts a token's call also reads
    them. An administrator has every permission, whatever the columns say.
    """

    username = models.CharField(
        max_length=USERNAME_MAX_CHARS, unique=True, validators=[validate_username]
    )
    # The look of the name, which is unique. None in rows of older releases until
    # `services.access.users` fills it in, and where two such users look the same.
    name_key = models.CharField(
        max_length=NAME_KEY_MAX_CHARS, unique=True, null=True, editable=False
    )
    is_admin = models.BooleanField("administrator", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    can_upload = models.BooleanField("may upload", default=False)
    can_search = models.BooleanField("may search", default=False)
    can_download = models.BooleanField("may download", default=False)
    can_decide = models.BooleanField("may decide", default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    class Meta:
        """An index for the few administrators."""

        indexes = [
            models.Index(
                fields=["is_admin"], condition=models.Q(is_admin=True), name="user_administrators"
            )
        ]

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # The scope of the token for programs by which the user acts; "" for the user in person.
    scope: str = ""
    # The hash and whether the account was open, as last read or written; None if not read.
    _kept: tuple[str, bool] | None = None

    def __str__(self) -> str:
        """Show the name."""
        return self.username

    @classmethod
    def from_db(cls, *args: Any, **options: Any) -> Self:
        """Load the row and remember its state."""
        user = super().from_db(*args, **options)
        user._remember()  # noqa: SLF001  (its own)
        return user

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        """Load the row again and remember its state."""
        self._require_person()
        super().refresh_from_db(*args, **options)
        self._remember()

    def save(self, *args: Any, **options: Any) -> None:
        """Write the row; a change of password deletes the tokens in the same transaction.

        This happens here, below every service, form and command, so that no caller can forget it.
        Sessions end by themselves: each holds a digest of the hash, which Django compares with
        every request.
        """
        self._require_person()
        is_new, fields = self._state.adding, options.get("update_fields")
        if is_new:
            self.username = display_name(self.username)
            self.name_key = name_key(self.username)
        with transaction.atomic(using=options.get("using")):
            super().save(*args, **options)
            if not is_new and self._has_ended(fields):
                self.tokens.all().delete()
        self._remember()

    def check_password(self, raw_password: str | None) -> bool:
        """Compare; renewing the hash with stronger parameters does not count as a new password."""

        def renew(password: str) -> None:
            self.set_password(password)
            self._password = None
            self._kept = (self.password, self.is_active)
            self.save(update_fields=["password"])

        return check_password(raw_password, self.password, renew)

    @property
    def is_staff(self) -> bool:
        """Whether this user may use the staff site."""
        return self.is_admin

    @property
    def is_superuser(self) -> bool:
        """Django's name for an administrator."""
        return self.is_admin

    def may(self, permission: str) -> bool:
        """Whether this user has a permission: as in "search" (the columns `can_...`)."""
        return self.is_admin or bool(getattr(self, f"can_{permission}"))

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  (Django's form)
        """Tell the staff site, which only distinguishes administrators."""
        return self.is_active and self.is_admin

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  (likewise)
        """Tell the staff site likewise."""
        return self.is_active and self.is_admin

    def _require_person(self) -> None:
        """Check that this is no user narrowed to a token's scope, whose flags are not the row's.

        Raises:
            TypeError: it is; a mistake of ours, by which a user would gain or lose rights.
        """
        if self.scope:
            raise TypeError("A user narrowed to a token's scope is neither read again nor saved.")

    def _remember(self) -> None:
        """Remember the row's present state, if it was read."""
        row = vars(self)
        if "password" in row and "is_active" in row:
            self._kept = (self.password, self.is_active)

    def _has_ended(self, fields: Collection[str] | None) -> bool:
        """Whether the change ends tokens: another password, or a closed account."""
        written = set(fields) if fields is not None else {"password", "is_active"}
        if not written & {"password", "is_active"}:
            return False
        if self._kept is None:
            return True
        password, was_active = self._kept
        has_other = "password" in written and self.password != password
        return has_other or ("is_active" in written and was_active and not self.is_active)
