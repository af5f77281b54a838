"""The staff site as a whole, and its page for the reset.

It is not in `artifacts/admin`, because importing that package registers its pages with this site.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from artifacts.client_address import client_address
from artifacts.enums import RegistryMode
from artifacts.exceptions import PasswordsBusy, SignInDelayed
from artifacts.models import Artifact, Revision, Task, User
from artifacts.services.upkeep.reset import reset_registry

CONFIRMATION = "RESET"
_TOO_MANY = 429
_FORBIDDEN = 403


class ResetForm(forms.Form):
    """The word that must be typed before everything is removed."""

    confirmation = forms.CharField(
        label=f"Type {CONFIRMATION} to confirm",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_confirmation(self) -> str:
        """Accept only the exact word."""
        word: str = self.cleaned_data["confirmation"]
        if word != CONFIRMATION:
            raise forms.ValidationError(f"Type {CONFIRMATION}, in capital letters.")
        return word


class SignInForm(AdminAuthenticationForm):
    """Django's form, which also says when a user must wait before the next try."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "User or password is wrong, or the user may not use the staff site.",
    }
    refusal: PasswordsBusy | SignInDelayed | None = None

    def clean(self) -> dict[str, Any]:
        """Show a refusal as an error of the form."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (PasswordsBusy, SignInDelayed) as error:
            self.refusal = error
            raise forms.ValidationError(error.message) from error
        return cleaned


class RegistryAdminSite(admin.AdminSite):
    """Django's admin site with a name, a front door and a reset."""

    login_form = SignInForm

    site_header = "Trustworthy Model Registry"
    site_title = "Trustworthy Model Registry"
    index_title = "Staff site"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the reset."""
        own = [path("reset/", self.admin_view(self.reset_view), name="reset")]
        return [*own, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Give every page the registry's mode and whether it may be reset."""
        context: dict[str, Any] = super().each_context(request)
        # Django's sidebar lists every table on every page; ours are in groups, on a page.
        context["is_nav_sidebar_enabled"] = False
        return context | {
            "is_read_only": settings.REGISTRY_MODE == RegistryMode.READ_ONLY,
            "can_reset": settings.REGISTRY_RESET == "on",
        }

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show what needs a hand, what happened lately, how it is, and where to go."""
        # Imported here: the package registers its pages with this site.
        from artifacts.admin.front_page import gather_front_page
        from artifacts.admin.groups import list_groups
        from artifacts.admin.links import StaffLinks

        context: dict[str, Any] = {
            **self.each_context(request),
            "title": self.index_title,
            "groups": list_groups(self),
            "links": StaffLinks(),
            **gather_front_page(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/registry_index.html", context)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the groups of lists; the one application has no other page."""
        from artifacts.admin.groups import list_groups

        if not self._build_app_dict(request, app_label):
            raise Http404
        context: dict[str, Any] = {
            **self.each_context(request),
            "title": "All lists",
            "groups": list_groups(self),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/app_index.html", context)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign in, or say when to try again, in a header for programs too.

        Django redirects users who are signed in already, but only for GET and not for HEAD.
        """
        if request.method == "HEAD" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        answer: HttpResponse = super().login(request, extra_context)
        form = (getattr(answer, "context_data", None) or {}).get("form")
        refusal = getattr(form, "refusal", None)
        if refusal is not None:
            answer.status_code = _TOO_MANY
            answer["Retry-After"] = str(refusal.retry_after_s)
        return answer

    def password_change(  # type: ignore[override]  # a redirect is an answer, too
        self,
        request: HttpRequest,  # noqa: ARG002  (Django's form)
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  (likewise)
    ) -> HttpResponse:
        """Redirect to the page for everybody's own password, which asks for the present one."""
        return HttpResponseRedirect(reverse("account-password"))

    def reset_view(self, request: HttpRequest) -> HttpResponse:
        """Show what will be lost, ask for the word, and reset."""
        if settings.REGISTRY_RESET != "on":
            return render(
                request,
                "admin/reset.html",
                {**self.each_context(request), "title": "Reset the registry"},
                status=_FORBIDDEN if request.method == "POST" else None,
            )
        form = ResetForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reset_registry(
                user=cast("User", request.user),
                token_digest=None,
                address=client_address(request),
            )
            # The reset removed the session.
            logout(request)
            messages.success(request, "The registry is in its initial state. Sign in again.")
            return HttpResponseRedirect(reverse("admin:login"))
        context: dict[str, Any] = {
            **self.each_context(request),
            "title": "Reset the registry",
            "form": form,
            "losses": [
                ("Artifacts", Artifact.objects.count()),
                ("Revisions", Revision.objects.count()),
                ("Users", User.objects.count()),
                ("Tasks", Task.objects.count()),
            ],
        }
        return render(request, "admin/reset.html", context)
