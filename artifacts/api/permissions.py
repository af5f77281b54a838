"""Enforces the permissions that the table of routes demands."""

from __future__ import annotations

from typing import cast

from django.views import View
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from artifacts.enums import TokenScope
from artifacts.exceptions import NotTheOwner, PermissionMissing, ResetForbidden, ScopeMissing
from artifacts.models import User
from artifacts.routes import find_operation
from artifacts.routes.operations import (
    ADMINISTRATOR,
    DECIDE,
    OPEN,
    OWN,
    RESET,
    SELF,
    SIGNED_IN,
    UPLOAD,
    Permission,
)
from artifacts.selectors.access.users import is_name_of


class RoutePermission(BasePermission):
    """Compares the table with the user's permissions, which were read a moment ago."""

    def has_permission(self, request: Request, view: View) -> bool:
        """Allow the request, or say which permission is missing.

        Raises:
            ResetForbidden: a user who is not an administrator wants to reset.
            PermissionMissing: the user lacks the permission.
        """
        operation = find_operation(request)
        if operation.permission == OPEN:
            return True
        user = cast("User", request.user)
        demand(user, operation.permission, about=view.kwargs.get("name"))
        for flag, permission in operation.flags.items():
            # A value that is neither true nor false is malformed; the view reports that.
            if request.query_params.get(flag, "").lower() == "true":
                demand(user, permission)
        return True


def demand(user: User, permission: Permission, *, about: str | None = None) -> None:
    """Check that a user has a permission; administrators have all but to act in another's name.

    Args:
        about: the name of the user whom the path is about.

    Raises:
        ResetForbidden: the user may not reset.
        ScopeMissing: the user might, but the token for programs may not.
        NotTheOwner: only the user whom the path names may.
        PermissionMissing: the user lacks the permission.
    """
    if permission == RESET and not user.is_admin:
        raise ResetForbidden
    if user.scope:
        _demand_scope(user, permission)
        return
    if permission == OWN and not (about is not None and is_name_of(user, about)):
        raise NotTheOwner
    if user.is_admin or permission in (SIGNED_IN, OWN):
        return
    if permission == SELF and about is not None and is_name_of(user, about):
        return
    if permission in (ADMINISTRATOR, SELF):
        raise PermissionMissing(ADMINISTRATOR)
    if not user.may(permission):
        raise PermissionMissing(permission)


def _demand_scope(user: User, permission: Permission) -> None:
    """Check that a user narrowed to a token's scope has a permission.

    Raises:
        ScopeMissing, PermissionMissing: see `demand`.
    """
    if permission == SIGNED_IN:
        return
    if permission in (ADMINISTRATOR, DECIDE, SELF, OWN, RESET):
        raise ScopeMissing(permission, user.scope)
    if not user.may(permission):
        if permission == UPLOAD and user.scope == TokenScope.READ:
            raise ScopeMissing(permission, user.scope)
        raise PermissionMissing(permission)
