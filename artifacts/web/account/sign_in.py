"""Signing in and out, with the same accounts and the same check as everywhere."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from artifacts.exceptions import PasswordsBusy, SignInDelayed

_TOO_MANY = 429


class SignInForm(AuthenticationForm):
    """Name and password; says when somebody must wait before the next try."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "User or password is wrong. Capital letters count.",
    }
    refusal: PasswordsBusy | SignInDelayed | None = None

    def clean(self) -> dict[str, Any]:
        """Show a refusal as an error of the form."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (PasswordsBusy, SignInDelayed) as error:
            self.refusal = error
            raise ValidationError(error.message) from error
        return cleaned


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or sign in and lead back to where the person came from."""
    target = _find_target(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(target or reverse("home"))
        return _show(request, SignInForm(request), target)
    form = SignInForm(request, data=request.POST)
    if form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(target or reverse("home"))
    answer = _show(request, form, target)
    if form.refusal is not None:
        answer.status_code = _TOO_MANY
        answer["Retry-After"] = str(form.refusal.retry_after_s)
    return answer


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


def _show(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse:
    """Show the form."""
    return render(request, "web/account/sign_in.html", {"form": form, "next": target})


def _find_target(request: HttpRequest) -> str:
    """Return where the sign-in leads: an address of this site, "" for the front page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else ""
