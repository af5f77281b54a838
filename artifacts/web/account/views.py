"""A person's own account: what one may do, tokens, the password, leaving."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from artifacts.client_address import client_address
from artifacts.exceptions import (
    CredentialsRefused,
    InvalidRequest,
    LastAdministrator,
    PasswordsBusy,
    RegistryError,
    SignInDelayed,
    TokenNotFound,
    TooManyTokens,
)
from artifacts.limits import TOKEN_CALLS, TOKEN_LIFETIME_S
from artifacts.models import User
from artifacts.said import PERMISSIONS_IN_WORDS
from artifacts.selectors.access.tokens import list_program_tokens, list_tokens
from artifacts.selectors.access.users import list_administrators
from artifacts.services.access import account, users
from artifacts.services.access.passwords import is_configured
from artifacts.web.account.forms import (
    DeletionForm,
    PasswordForm,
    ProgramTokenForm,
    TokenForm,
)

# In the order in which a person meets them; each ends "You may ...".
_LIFETIME_H = TOKEN_LIFETIME_S // 3600
# Where the focus goes after a change: the list of messages.
_MESSAGES = "#messages"
_INVALID = 400
_TOO_MANY = 429
_NOT_PRESENT = "This is not your present password. Capital letters count."


def show_account(request: HttpRequest) -> HttpResponse:
    """Show what the person may do, and the tokens."""
    return _show_account(request)


def make_token_for_programs(request: HttpRequest) -> HttpResponse:
    """Make a token for programs and show it, for the only time: so the answer itself holds it."""
    if request.method != "POST":
        return _to_account()
    form = ProgramTokenForm(request.POST)
    if not form.is_valid():
        return _show_account(request, for_programs=form, status=_INVALID)
    user, given = _user(request), form.cleaned_data
    try:
        token, row = account.make_token_for_programs(user=user, **given)
    except (InvalidRequest, TooManyTokens) as error:
        form.add_error("name" if isinstance(error, InvalidRequest) else None, error.message)
        return _show_account(request, for_programs=form, status=_INVALID)
    context = {
        "token": token,
        "name": row.name,
        "address": _address(request),
        "scope": row.scope,
        "expires_at": row.expires_at,
        "calls": settings.REGISTRY_TOKEN_RATE,
    }
    return render(request, "web/account/program_token.html", context)


def make_token(request: HttpRequest) -> HttpResponse:
    """Make a session token and show it, for the only time: so the answer itself holds it."""
    if request.method != "POST":
        return _to_account()
    form = TokenForm(request.POST, auto_id="session_%s")
    if not form.is_valid():
        return _show_account(request, form, status=_INVALID)
    user = _user(request)
    try:
        token = account.make_token(user=user, name=form.cleaned_data["name"])
    except InvalidRequest as error:
        form.add_error("name", error.message)
        return _show_account(request, form, status=_INVALID)
    context = {
        "token": token,
        "name": form.cleaned_data["name"],
        "address": _address(request),
        "may_search": user.may("search"),
        "calls": TOKEN_CALLS,
        "hours": _LIFETIME_H,
    }
    return render(request, "web/account/token.html", context)


def revoke_token(request: HttpRequest) -> HttpResponse:
    """End one token."""
    try:
        name = account.revoke_token(user=_user(request), digest=request.POST.get("token", ""))
    except TokenNotFound as error:
        # Nothing is wrong: it has ended, as wanted.
        messages.info(request, error.message)
    else:
        which = f"The token “{name}”" if name else "The token"
        messages.success(request, f"{which} is revoked: what uses it is refused from now on.")
    return _to_account(_MESSAGES)


def change_password(request: HttpRequest) -> HttpResponse:
    """Give the person another password; this session goes on, all others and all tokens end."""
    user = _user(request)
    if request.method != "POST":
        return _show_form(request, "web/account/password.html", PasswordForm())
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _show_form(request, "web/account/password.html", form)
    given = form.cleaned_data
    try:
        changed = users.change_password(
            user=user, old=given["old"], new=given["new"], address=client_address(request)
        )
    except (InvalidRequest, CredentialsRefused, SignInDelayed, PasswordsBusy) as error:
        field = {InvalidRequest: "new", CredentialsRefused: "old"}.get(type(error))
        return _show_form(request, "web/account/password.html", _refuse(form, field, error), error)
    update_session_auth_hash(request, changed)
    messages.success(
        request,
        "Your password is changed. You stay signed in here; everywhere else you sign in again, "
        "and your former tokens have ended.",
    )
    return _to_account(_MESSAGES)


def delete_account(request: HttpRequest) -> HttpResponse:
    """Delete the person's account, once the password confirms it."""
    if request.method != "POST":
        return _show_form(request, "web/account/delete.html", DeletionForm())
    form = DeletionForm(request.POST)
    if not form.is_valid():
        return _show_form(request, "web/account/delete.html", form)
    password = form.cleaned_data["password"]
    try:
        account.delete_account(
            user=_user(request), password=password, address=client_address(request)
        )
    except (CredentialsRefused, SignInDelayed, PasswordsBusy, LastAdministrator) as error:
        field = "password" if isinstance(error, CredentialsRefused) else None
        return _show_form(request, "web/account/delete.html", _refuse(form, field, error), error)
    logout(request)
    messages.success(request, "Your account is deleted, and with it your tokens and sessions.")
    return HttpResponseRedirect(f"{reverse('sign-in')}{_MESSAGES}")


def _show_account(
    request: HttpRequest,
    form: TokenForm | None = None,
    *,
    for_programs: ProgramTokenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page of the account, with a form that could not be done if there is one."""
    user = _user(request)
    granted = [each for each in users.PERMISSIONS if user.may(each)]
    context = {
        "form": form or TokenForm(auto_id="session_%s"),
        "for_programs": for_programs or ProgramTokenForm(),
        "programs": list_program_tokens(user),
        "rate": settings.REGISTRY_TOKEN_RATE,
        "may": [said for name, said in PERMISSIONS_IN_WORDS.items() if name in granted],
        "may_not": [said for name, said in PERMISSIONS_IN_WORDS.items() if name not in granted],
        # Whoever lacks something wants to know whom to ask.
        "administrators": () if len(granted) == len(users.PERMISSIONS) else list_administrators(),
        "panel": list_tokens(user),
        "calls": TOKEN_CALLS,
        "hours": _LIFETIME_H,
    }
    return render(request, "web/account/account.html", context, status=status)


def _show_form(
    request: HttpRequest, template: str, form: forms.Form, error: RegistryError | None = None
) -> HttpResponse:
    """Show a form; who has to wait before the next try, the answer tells."""
    context: dict[str, Any] = {"form": form, "is_configured": is_configured(_user(request))}
    shown = render(request, template, context, status=_INVALID if form.errors else 200)
    if isinstance(error, SignInDelayed | PasswordsBusy):
        shown.status_code = _TOO_MANY
        shown["Retry-After"] = str(error.retry_after_s)
    return shown


def _refuse(form: forms.Form, field: str | None, error: RegistryError) -> forms.Form:
    """Return a form that shows a refusal beside its field; None for the whole form."""
    is_password = isinstance(error, CredentialsRefused)
    form.add_error(field, _NOT_PRESENT if is_password else error.message)
    return form


def _address(request: HttpRequest) -> str:
    """Return the address of this registry, as programs need it."""
    return str(settings.REGISTRY_BASE_URL) or request.build_absolute_uri("/").rstrip("/")


def _user(request: HttpRequest) -> User:
    """Return who is signed in; `registry_site/pages.py` lets nobody else in."""
    return cast("User", request.user)


def _to_account(fragment: str = "") -> HttpResponse:
    """Lead to the account's page."""
    return HttpResponseRedirect(f"{reverse('account')}{fragment}")
