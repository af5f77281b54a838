"""The decision on an artifact's page: shown to all who see it, made by those who may."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from artifacts.enums import DecisionState, MetricName
from artifacts.exceptions import InvalidRequest
from artifacts.limits import DECISION_REASON_MAX_CHARS, LINK_LIFETIME_S
from artifacts.models import User
from artifacts.selectors.catalogue.overview import find_shown_artifact
from artifacts.selectors.trust.decision_history import get_revision
from artifacts.services.trust.decisions import decide
from artifacts.web.artifact.views import draw_artifact, require_page

_MADE = "Decided: {state}. Links to its bytes that were given out before end within {minutes} min."
_WAITS = "Your word is kept. It takes effect once another person agrees."
_MALFORMED = 400


class DecisionForm(forms.Form):
    """A decision; what it means is checked by the service."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label="Decision", choices=[(each.value, each.label) for each in DecisionState]
    )
    reason = forms.CharField(
        max_length=DECISION_REASON_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Others will ask why.",
    )
    expires_on = forms.DateField(
        required=False,
        label="Approved until (UTC)",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Only for an approval; without a day it has no end.",
    )
    waived = forms.MultipleChoiceField(
        required=False,
        label="Overlook",
        choices=[(each.value, each.label) for each in MetricName],
        widget=forms.CheckboxSelectMultiple,
        help_text="What it fails the gate by; an approval names each.",
    )


def decide_on(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Make a decision, and show the artifact again.

    Raises:
        PermissionMissing: the user may not see the page.
        ArtifactNotFound: there is no such artifact.
        NotFound: it has no such revision.
    """
    user = cast("User", request.user)
    require_page(user)
    artifact = find_shown_artifact(artifact_id, user, with_evidence=False)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return draw_artifact(request, artifact, form, status=_MALFORMED)
    given = form.cleaned_data
    day = given["expires_on"]
    try:
        made = decide(
            revision=get_revision(artifact, given["revision"]),
            state=DecisionState(given["state"]),
            reason=given["reason"],
            by=user,
            expires_at=datetime.combine(day, time.max, UTC) if day else None,
            waived=given["waived"],
        )
    except InvalidRequest as error:
        form.add_error(None, error.message)
        return draw_artifact(request, artifact, form, status=_MALFORMED)
    said = _MADE.format(state=given["state"], minutes=-(-LINK_LIFETIME_S // 60))
    messages.success(request, said if made.is_effective else _WAITS)
    return HttpResponseRedirect(reverse("artifact-page", args=[artifact_id]))
