"""Users with their permissions, and tokens of both kinds."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from artifacts.admin.base import (
    ReadOnlyAdmin,
    RegistryAdmin,
    ask_before_deleting,
    do_for_each,
    refused,
)
from artifacts.database.transactions import RestsOn
from artifacts.enums import TokenScope
from artifacts.exceptions import RegistryError
from artifacts.models import AccessToken, User
from artifacts.password_slots import Asker, slot
from artifacts.said import PERMISSIONS_IN_WORDS
from artifacts.services.access import account, users
from artifacts.services.access.passwords import check_new_password

_FIRST_TIME = (
    "At least 10 characters. Tell it to this person, who can change it under “Your account”."
)
_LATER = (
    "Leave it empty to keep the present one. A new one ends all tokens and sessions of the user."
)

_ONES_OWN = "Change your own under “Your account”, where the present one is asked for."


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # of User, see Meta
    """A user's permissions, and a new password if one is typed."""

    new_password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        required=False,
        strip=False,
    )

    # Whether it is about who fills it in: one's own password is changed where the present one is
    # asked for.
    is_own = False

    class Meta:
        """The fields that can be set here; the password's hash is not one."""

        model = User
        fields = (
            "username", "can_search", "can_download", "can_upload", "can_decide", "can_manage",
            "is_admin",
        )  # fmt: skip
        labels: ClassVar = {
            "username": "Name",
            "is_admin": "Do all of it, manage users, and work on this staff site (administrator)",
            **{
                f"can_{name}": said[:1].upper() + said[1:]
                for name, said in PERMISSIONS_IN_WORDS.items()
            },
        }
        help_texts: ClassVar = {
            "username": "By which this person signs in. Capitals make no difference, and it stays: "
            "the audit trail holds it.",
        }

    def __init__(self, *given: Any, **named: Any) -> None:
        """Say of the password what holds for a new user, for one who has one, or for oneself."""
        super().__init__(*given, **named)
        said = _FIRST_TIME
        if self.instance.pk:
            said += " " + _LATER
            self.fields["new_password"].label = "New password"
        if self.is_own:
            said = _ONES_OWN
            self.fields["new_password"].disabled = True
        self.fields["new_password"].help_text = said

    @property
    def permissions(self) -> list[forms.BoundField]:
        """Return the boxes of what the user may do."""
        return [self[name] for name in (*map("can_{}".format, PERMISSIONS_IN_WORDS), "is_admin")]

    def clean(self) -> dict[str, Any]:
        """Check a new password as the API does."""
        cleaned: dict[str, Any] = super().clean() or {}
        password = cleaned.get("new_password") or ""
        if not self.instance.pk and not password:
            self.add_error("new_password", "A new user needs a password.")
        elif password:
            try:
                check_new_password(password, User(username=cleaned.get("username", "")))
            except RegistryError as error:
                self.add_error("new_password", error.message)
        return cleaned


@admin.register(User)
class UserAdmin(RegistryAdmin):
    """Users; every change goes through `services.access.users`, which logs who made it."""

    words = ("user", "users")
    form = UserForm
    list_display = (
        "username", "is_admin", "can_upload", "can_search", "can_download", "can_decide",
        "can_manage", "is_active",
    )  # fmt: skip
    list_filter = (
        "is_admin", "can_upload", "can_search", "can_download", "can_decide", "can_manage",
    )  # fmt: skip
    search_fields = ("username__startswith",)
    ordering = ("username",)
    actions = ("delete_selected",)

    def get_form(
        self,
        request: HttpRequest,
        obj: Model | None = None,
        change: bool = False,  # noqa: FBT001, FBT002  (Django's form)
        **named: Any,
    ) -> type[UserForm]:
        """Return the form, which is told whether somebody fills in the one about oneself."""
        form = super().get_form(request, obj, change=change, **named)
        is_own = obj is not None and obj.pk == request.user.pk
        return type("UserForm", (form,), {"is_own": is_own})

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        obj: Model | None = None,
    ) -> tuple[str, ...]:
        """Make the name of an existing user fixed: audit trails hold it."""
        return ("username",) if obj else ()

    def get_deleted_objects(
        self,
        objs: Any,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """List only the users; deleting their tokens and uploads needs no separate permission."""
        return [str(each) for each in objs], {"users": len(objs)}, set(), []

    def save_model(self, request: HttpRequest, obj: User, form: UserForm, change: bool) -> None:  # noqa: FBT001  (Django's form)
        """Create or change a user."""
        by, cleaned = cast("User", request.user), form.cleaned_data
        permissions = [each for each in users.PERMISSIONS if cleaned[f"can_{each}"]]
        password = cleaned["new_password"]
        if not change:
            made = users.create_user(
                name=cleaned["username"],
                password=password,
                is_admin=cleaned["is_admin"],
                permissions=permissions,
                by=by,
            )
            obj.pk = made.pk
            return
        users.set_permissions(
            name=obj.username, permissions=permissions, is_admin=cleaned["is_admin"], by=by
        )
        if password:
            users.set_password(name=obj.username, password=password, by=by)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a refusal as a message.

        Django saves within a transaction; waiting for a hashing slot comes before it, so that
        nobody else has to wait.
        """
        title = {"title": "User" if object_id else "New user"}
        try:
            with slot(Asker.KNOWN) if request.POST.get("new_password") else nullcontext():
                return super().changeform_view(
                    request, object_id, form_url, (extra_context or {}) | title
                )
        except RegistryError as error:
            return refused(request, error, User)

    def rests_on(self, request: HttpRequest) -> RestsOn | None:  # noqa: ARG002  (the base's form)
        """Name nobody: the services lock all administrators, in one order (`own_user`)."""
        return None

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete a user with all tokens."""
        users.delete_user(name=obj.username, by=cast("User", request.user))

    @admin.action(description="Delete the selected users", permissions=["delete"])
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> HttpResponse | None:
        """Ask, then delete through the service, which protects the last administrator."""
        if not request.POST.get("post"):
            return ask_before_deleting(self, request, queryset)
        by = cast("User", request.user)
        do_for_each(
            request,
            queryset,
            lambda each: users.delete_user(name=each.username, by=by),
            ("user was deleted.", "users were deleted."),
        )
        return None


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin):
    """Tokens of sessions and for programs; deleting one revokes it."""

    words = ("token", "tokens")
    administrators_delete = True
    exclude = ("digest",)
    list_display = ("short", "user", "name", "kind", "calls", "used_at", "expires_at", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__username__exact",)
    ordering = ("-created_at",)
    actions = ("delete_selected",)

    @admin.display(description="token")
    def short(self, token: AccessToken) -> str:
        """Show enough of the digest to tell two tokens apart."""
        return f"{token.digest[:8]}…"

    @admin.display(description="kind")
    def kind(self, token: AccessToken) -> str:
        """Show what the token is for."""
        if not token.scope:
            return "session"
        return f"for programs, {TokenScope(token.scope).label.lower()}"

    @admin.display(description="calls left")
    def calls(self, token: AccessToken) -> str:
        """Show the calls that are left of a session's token; those for programs have no end."""
        return "" if token.scope else f"{token.calls_left:,}"

    def delete_model(self, request: HttpRequest, obj: AccessToken) -> None:
        """Revoke a token."""
        _revoke(request, obj)

    @admin.action(description="Revoke the selected tokens", permissions=["delete"])
    def delete_selected(
        self, request: HttpRequest, queryset: QuerySet[AccessToken]
    ) -> HttpResponse | None:
        """Ask, then revoke through the service, which logs it."""
        if not request.POST.get("post"):
            return ask_before_deleting(self, request, queryset)
        do_for_each(
            request,
            queryset.select_related("user"),
            lambda each: _revoke(request, each),
            ("token was revoked.", "tokens were revoked."),
        )
        return None


def _revoke(request: HttpRequest, token: AccessToken) -> None:
    """Revoke a token in the name of the administrator who asks."""
    account.revoke_token(user=token.user, digest=token.digest, by=cast("User", request.user))
