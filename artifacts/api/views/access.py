"""Signing in, users and permissions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from artifacts.api.answer_serializers import (
    DeletedSerializer,
    MadeTokenSerializer,
    ProgramTokenSerializer,
    UserDetailSerializer,
)
from artifacts.api.rendering import all_shown, answer
from artifacts.api.schema import described, offsets, refusals
from artifacts.api.serializers import (
    AuthenticationSerializer,
    NewTokenSerializer,
    NewUserSerializer,
    PasswordChangeSerializer,
    PermissionsSerializer,
)
from artifacts.api.views.base import ApiViewSet, paged
from artifacts.client_address import client_address
from artifacts.enums import TokenScope
from artifacts.exceptions import InvalidRequest
from artifacts.models import User
from artifacts.selectors.access.tokens import describe_program_token, list_program_tokens
from artifacts.selectors.access.users import get_user, list_users
from artifacts.services.access import account, users
from artifacts.services.access.authentication import issue_token


class TokenViewSet(ApiViewSet):
    """`/authenticate`."""

    @described(
        operation_id="CreateAuthToken",
        auth=[],
        summary="Sign in: get a token for 1,000 calls or 10 hours",
        request=AuthenticationSerializer,
        responses={200: OpenApiTypes.STR, **refusals(400, 401, 429)},
    )
    def create(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Sign in."""
        body = self.parsed(AuthenticationSerializer)
        token = issue_token(
            username=body["user"]["name"],
            password=body["secret"]["password"],
            address=client_address(self.request),
        )
        return JsonResponse(f"bearer {token}", safe=False)


class UserViewSet(ApiViewSet):
    """`/users` and the paths below it."""

    @described(
        operation_id="UsersList",
        summary="List all users, page by page",
        parameters=offsets(),
        responses={200: UserDetailSerializer(many=True), **refusals(400, 403)},
    )
    def enumerate(self, request: Request) -> HttpResponse:
        """List users."""
        page = list_users(request.query_params.get("offset"))
        users_shown = all_shown(UserDetailSerializer, map(_show_detail, page.rows))
        return paged(users_shown, page.next_offset)

    @described(
        operation_id="UserCreate",
        summary="Create a user",
        request=NewUserSerializer,
        responses={201: UserDetailSerializer, **refusals(400, 403, 409, 429)},
    )
    def create(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Create a user."""
        body = self.parsed(NewUserSerializer)
        nested, secret = body.get("user", {}), body.get("secret", {})
        name = body.get("name", nested.get("name"))
        password = body.get("password", secret.get("password"))
        if name is None or password is None:
            raise InvalidRequest("A new user has a name and a password.")
        user = users.create_user(
            name=name,
            password=password,
            is_admin=body.get("is_admin", nested.get("is_admin", False)),
            permissions=body["permissions"],
            by=self.caller,
        )
        return answer(UserDetailSerializer, _show_detail(user), status=201)

    @described(
        operation_id="UserRetrieve",
        summary="Read a user: oneself, or anyone for administrators",
        responses={200: UserDetailSerializer, **refusals(403, 404)},
    )
    def retrieve(self, request: Request, name: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Read a user."""
        return answer(UserDetailSerializer, _show_detail(get_user(name)))

    @described(
        operation_id="UserDelete",
        summary="Delete a user with all tokens: oneself, or anyone for administrators",
        request=None,
        responses={
            200: OpenApiResponse(DeletedSerializer, description="Deleted."),
            **refusals(403, 404, 409),
        },
    )
    def destroy(self, request: Request, name: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Delete a user."""
        users.delete_user(name=name, by=self.caller)
        return answer(DeletedSerializer, {"deleted": name})

    @described(
        operation_id="UserPermissionsSet",
        summary="Give a user exactly these permissions, from the next call on",
        request=PermissionsSerializer,
        responses={200: UserDetailSerializer, **refusals(400, 403, 404, 409)},
    )
    def set_permissions(self, request: Request, name: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Set permissions."""
        body = self.parsed(PermissionsSerializer)
        user = users.set_permissions(
            name=name,
            permissions=body["permissions"],
            is_admin=body.get("is_admin"),
            by=self.caller,
        )
        return answer(UserDetailSerializer, _show_detail(user))

    @described(
        operation_id="UserPasswordChange",
        summary="Change one's own password; all tokens and sessions end, the caller's too",
        request=PasswordChangeSerializer,
        responses={200: UserDetailSerializer, **refusals(400, 401, 403, 409, 429)},
    )
    def change_password(self, request: Request, name: str) -> HttpResponse:  # noqa: ARG002  (checked to be the caller's)
        """Change one's own password."""
        body = self.parsed(PasswordChangeSerializer)
        user = users.change_password(
            user=self.caller,
            old=body["old_password"],
            new=body["new_password"],
            address=client_address(self.request),
        )
        return answer(UserDetailSerializer, _show_detail(user))


class UserTokenViewSet(ApiViewSet):
    """`/users/{name}/tokens` and the path below it."""

    @described(
        operation_id="UserTokensList",
        summary="List a user's tokens for programs: one's own, or anyone's for administrators",
        responses={200: ProgramTokenSerializer(many=True), **refusals(403, 404)},
    )
    def enumerate(self, request: Request, name: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """List tokens for programs."""
        found = list_program_tokens(get_user(name))
        return JsonResponse(all_shown(ProgramTokenSerializer, found), safe=False)

    @described(
        operation_id="UserTokenCreate",
        summary="Make a token for programs, which lasts up to a year and is limited by rate",
        request=NewTokenSerializer,
        responses={201: MadeTokenSerializer, **refusals(400, 403, 409)},
    )
    def create(self, request: Request, name: str) -> HttpResponse:  # noqa: ARG002  (checked to be the caller's)
        """Make a token for programs."""
        body = self.parsed(NewTokenSerializer)
        token, row = account.make_token_for_programs(
            user=self.caller,
            name=body["name"],
            scope=TokenScope(body["scope"]),
            lifetime_days=body["lifetime_days"],
            by_token=str(request.auth),
        )
        made = {"token": token, **asdict(describe_program_token(row))}
        return answer(MadeTokenSerializer, made, status=201)

    @described(
        operation_id="UserTokenDelete",
        summary="Revoke a user's token: one's own, or anyone's for administrators",
        request=None,
        responses={
            200: OpenApiResponse(DeletedSerializer, description="Revoked."),
            **refusals(403, 404),
        },
    )
    def destroy(self, request: Request, name: str, token_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Revoke a token."""
        account.revoke_token(user=get_user(name), digest=token_id, by=self.caller)
        return answer(DeletedSerializer, {"deleted": token_id})


def _show_detail(user: User) -> dict[str, Any]:
    """Return a user as administrators see it."""
    return {
        "name": user.username,
        "is_admin": user.is_admin,
        "permissions": users.permissions_of(user),
    }
