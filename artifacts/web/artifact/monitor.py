"""The program that decides about a model's downloads: set, removed and tried out on its page."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from artifacts.exceptions import RegistryError
from artifacts.limits import LINK_LIFETIME_S
from artifacts.models import User
from artifacts.selectors.content.monitors import get_own_model
from artifacts.services.content.monitors import remove_monitor, set_monitor, try_monitor
from artifacts.web.artifact.tabs import DOWNLOADS
from artifacts.web.artifact.views import draw_artifact, require_page

_REFUSED = 400
_TRY, _REMOVE = "try", "remove"
_SET = "From now on this program decides about each download."
_REMOVED = "The program is removed: whoever may download may have the model."
_LINKS = "Links that were given out before end within {minutes} minutes."


class MonitorForm(forms.Form):
    """A program as it was typed; what it must be is checked by the service."""

    program = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    do = forms.CharField(required=False)


def change_monitor(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Set, remove or try out a model's program, as the pressed button says.

    Raises:
        PermissionMissing: the user may not see the page.
        ArtifactNotFound: there is no such model.
        MonitorNotYours: the user is neither its uploader nor an administrator.
    """
    user = cast("User", request.user)
    require_page(user)
    artifact = get_own_model(artifact_id, user)
    form = MonitorForm(request.POST)
    form.is_valid()
    # Browsers send the ends of lines as two characters.
    program = form.cleaned_data.get("program", "").replace("\r\n", "\n")
    wanted = form.cleaned_data.get("do", "")
    try:
        if wanted == _TRY:
            trial = try_monitor(artifact_id=artifact_id, user=user, program=program)
            return draw_artifact(request, artifact, monitor_form=form, trial=trial)
        if wanted == _REMOVE:
            remove_monitor(artifact_id=artifact_id, user=user)
        else:
            set_monitor(artifact_id=artifact_id, program=program, user=user)
    except RegistryError as error:
        form.add_error(None, error.message)
        return draw_artifact(request, artifact, monitor_form=form, status=_REFUSED)
    messages.success(request, _REMOVED if wanted == _REMOVE else _SET)
    if wanted != _REMOVE:
        messages.info(request, _LINKS.format(minutes=-(-LINK_LIFETIME_S // 60)))
    return HttpResponseRedirect(f"{reverse('artifact-page', args=[artifact_id])}?tab={DOWNLOADS}")
