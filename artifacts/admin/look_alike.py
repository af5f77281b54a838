"""The queue of artifacts that may be mistaken for others: looked at side by side, and decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from artifacts.admin.base import ReadOnlyAdmin, refused
from artifacts.admin.filters import ClearedFilter, MechanismFilter
from artifacts.admin.links import StaffLinks
from artifacts.exceptions import RegistryError
from artifacts.models import LookAlike, User
from artifacts.selectors.trust.look_alikes import show_look_alikes
from artifacts.services.trust.look_alikes import clear_look_alike, quarantine_suspect


@admin.register(LookAlike)
class LookAlikeAdmin(ReadOnlyAdmin):
    """Suspects with what they resemble, the surest first."""

    words = ("look-alike", "look-alikes")
    list_display = ("name", "resembles", "mechanism", "score", "detail", "found_at", "cleared_by")
    list_filter = (ClearedFilter, MechanismFilter)
    list_select_related = ("suspect", "other")
    search_fields = ("suspect__id__exact", "other__id__exact")
    search_help_text = "The id of an artifact."
    ordering = ("-score", "id")

    @admin.display(description="suspect")
    def name(self, row: LookAlike) -> str:
        """Show the suspect's name."""
        return row.suspect.name

    @admin.display(description="resembles")
    def resembles(self, row: LookAlike) -> str:
        """Show what it may be mistaken for."""
        return row.other.name

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the two decisions."""
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:key>/clear/",
                require_POST(wrap(self.clear_view)),
                name="artifacts_lookalike_clear",
            ),
            path(
                "<int:key>/quarantine/",
                require_POST(wrap(self.quarantine_view)),
                name="artifacts_lookalike_quarantine",
            ),
            *super().get_urls(),
        ]

    def clear_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Remember that the two are fine."""
        return _settle(request, key, clear_look_alike, "It is remembered that these two are fine.")

    def quarantine_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Quarantine the suspect."""
        return _settle(request, key, quarantine_suspect, "The suspect is in quarantine.")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002  (Django's form)
        change: bool = False,  # noqa: FBT001, FBT002  (likewise)
        form_url: str = "",
        obj: LookAlike | None = None,
    ) -> HttpResponse:
        """Add both artifacts with their evidence (`templates/admin/artifacts/lookalike`)."""
        if obj is not None:
            shown = show_look_alikes([obj])
            context |= {
                "title": "Look-alike",
                "subtitle": None,
                "each": shown[0] if shown else None,
                "links": StaffLinks(),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


def _settle(
    request: HttpRequest, key: int, decide: Callable[..., object], done: str
) -> HttpResponse:
    """Decide about a pair, and show the queue again with what came of it."""
    reason = request.POST.get("reason", "")
    try:
        decide(key=key, reason=reason, user=cast("User", request.user))
    except RegistryError as error:
        return refused(request, error, LookAlike)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("admin:artifacts_lookalike_changelist"))
