"""Which permission guards which route and method, in one table.

A test walks every route: none may be without a line here.
"""

from __future__ import annotations

from typing import cast

from django.views import View
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from artifacts.exceptions import (
    MethodNotAllowed,
    PermissionMissing,
    ResetForbidden,
)
from artifacts.models import User
from artifacts.selectors.users import is_name_of

OPEN = "open"
AUTHENTICATED = "authenticated"
SEARCH = "search"
UPLOAD = "upload"
DOWNLOAD = "download"
ADMINISTRATOR = "administrator"
RESET = "reset"
SELF = "self"

# Route name -> method -> who may. SELF: administrators, and users about themselves.
RULES: dict[str, dict[str, str]] = {
    "health": {"GET": OPEN},
    "health-components": {"GET": OPEN},
    "tracks": {"GET": OPEN},
    "schema": {"GET": OPEN},
    "authenticate": {"PUT": OPEN},
    "artifacts": {"POST": SEARCH},
    "artifact": {"GET": SEARCH, "PUT": UPLOAD, "DELETE": UPLOAD},
    "artifact-download": {"GET": DOWNLOAD},
    "artifact-create": {"POST": UPLOAD},
    "artifact-by-name": {"GET": SEARCH},
    "artifact-by-regex": {"POST": SEARCH},
    "artifact-audit": {"GET": SEARCH},
    "artifact-rate": {"GET": SEARCH},
    "artifact-cost": {"GET": SEARCH},
    "artifact-lineage": {"GET": SEARCH},
    "artifact-license-check": {"POST": SEARCH},
    "uploads": {"POST": UPLOAD},
    # Whose upload it is, the service looks at.
    "upload": {"GET": UPLOAD, "DELETE": UPLOAD},
    "upload-parts": {"POST": UPLOAD},
    "upload-complete": {"POST": UPLOAD},
    "users": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "user": {"GET": SELF, "DELETE": SELF},
    "user-permissions": {"PUT": ADMINISTRATOR},
    "reset": {"DELETE": RESET},
}


def requirement_of(request: Request) -> str:
    """Return what a request needs.

    Raises:
        MethodNotAllowed: the route does not have this method.
    """
    match = request.resolver_match
    rules = RULES[str(match.url_name)] if match else {}
    method = "GET" if request.method == "HEAD" else request.method or ""
    if method == "OPTIONS":
        return OPEN
    if method not in rules:
        raise MethodNotAllowed(method, tuple(rules))
    return rules[method]


class RoutePermission(BasePermission):
    """Holds the table against the user, whose permissions were read a moment ago."""

    def has_permission(self, request: Request, view: View) -> bool:
        """Let the request pass, or say what it lacks.

        Raises:
            ResetForbidden: somebody else than an administrator wants to reset.
            PermissionMissing: the user lacks the permission.
        """
        requirement = requirement_of(request)
        user = cast("User", request.user)
        if requirement in (OPEN, AUTHENTICATED) or user.is_admin:
            return True
        if requirement == RESET:
            raise ResetForbidden
        if requirement == SELF and is_name_of(user, str(view.kwargs.get("name"))):
            return True
        if requirement in (ADMINISTRATOR, SELF):
            raise PermissionMissing(ADMINISTRATOR)
        demand(user, requirement)
        return True


def demand(user: User, permission: str) -> None:
    """See that a user has one of the three permissions; administrators have all.

    Raises:
        PermissionMissing: the user has it not.
    """
    if not (user.is_admin or getattr(user, f"can_{permission}")):
        raise PermissionMissing(permission)
