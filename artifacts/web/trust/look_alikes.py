"""What people decide about artifacts that may be mistaken for others."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from artifacts.models import User
from artifacts.services.trust.look_alikes import clear_look_alike


def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Remember that two artifacts are fine beside each other, and show the suspect's page again.

    Raises:
        InvalidRequest: there is no reason.
        NotFound: the suspicion is gone.
    """
    reason = request.POST.get("reason", "")
    row = clear_look_alike(key=key, reason=reason, user=cast("User", request.user))
    messages.success(request, "It is remembered that these two are fine.")
    # The page that had the button may be that of either.
    ours = (row.suspect_id, row.other_id)
    asked = request.POST.get("artifact", "")
    page = asked if asked in ours else row.suspect_id
    return HttpResponseRedirect(f"{reverse('artifact-page', args=[page])}#look-alikes")
