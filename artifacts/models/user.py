"""Who may use the registry."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from artifacts.limits import USERNAME_MAX_CHARS

# The account that exists after every reset (contract: AuthenticationRequest example).
DEFAULT_ADMIN_USERNAME = "ece30861defaultadminuser"


class UserManager(BaseUserManager["User"]):
    """Creates users with hashed passwords."""

    def create_user(self, username: str, password: str, **permissions: bool) -> User:
        """Create one user."""
        user = self.model(username=username, **permissions)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str, **extra: Any) -> User:
        """Create an administrator (called by Django's `createsuperuser`)."""
        return self.create_user(username, password, is_admin=True, **extra)


class User(AbstractBaseUser):
    """One person or program that may sign in.

    The permissions are plain columns, so that the statement that counts a token's call reads them
    in the same moment. An administrator has every permission, whatever the columns say.
    """

    username = models.CharField(max_length=USERNAME_MAX_CHARS, unique=True)
    is_admin = models.BooleanField("administrator", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    can_upload = models.BooleanField("may upload", default=False)
    can_search = models.BooleanField("may search", default=False)
    can_download = models.BooleanField("may download", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        """Show the name."""
        return self.username

    @property
    def is_staff(self) -> bool:
        """Whether the staff site lets this user in."""
        return self.is_admin

    @property
    def is_superuser(self) -> bool:
        """Django's word for an administrator."""
        return self.is_admin

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  (Django's form)
        """Answer the staff site, which knows no finer grain than administrators."""
        return self.is_active and self.is_admin

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  (likewise)
        """Answer the staff site likewise."""
        return self.is_active and self.is_admin
