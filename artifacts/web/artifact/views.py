"""The page of an artifact, and the downloads that it offers."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactNotFound, NotFound, PermissionMissing
from artifacts.models import Artifact, File, User
from artifacts.routes.operations import SEARCH
from artifacts.selectors.catalogue.overview import find_shown_artifact
from artifacts.selectors.catalogue.page import get_header
from artifacts.selectors.trust.decision_history import find_decisions
from artifacts.services.content.downloads import FILE_PLACE, get_download, get_file_download
from artifacts.services.content.monitor_runs import Judged
from artifacts.web.artifact.tabs import DOWNLOADS, TABS, find_tab, gather_scores, has_downloads
from artifacts.web.links import PageLinks


def show_artifact(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Show one tab of an artifact's page, or its data with `format=json`.

    Raises:
        ArtifactNotFound: there is no such artifact.
        InvalidOffset: an offset was not given out by us.
    """
    tab = find_tab(request.GET.get("tab", ""))
    artifact = find_shown_artifact(
        artifact_id, request.user, with_evidence=tab.gather is gather_scores
    )
    return draw_artifact(request, artifact)


def require_page(user: User) -> None:
    """Check that a user may see an artifact's page, before a form on it is answered by the page.

    Raises:
        PermissionMissing: the user may not.
    """
    if not user.may(SEARCH):
        raise PermissionMissing(SEARCH)


def draw_artifact(
    request: HttpRequest,
    artifact: Artifact,
    form: Form | None = None,
    *,
    monitor_form: Form | None = None,
    trial: Judged | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw one tab of an artifact's page, or its data.

    Args:
        form: a decision that was refused; None for an empty form.
        monitor_form: a program that was refused or tried out.
        trial: how trying it out ended.
    """
    tab = find_tab(request.GET.get("tab", ""))
    header = get_header(artifact)
    decisions = find_decisions(artifact, request.user)
    shown = tab.gather(request, artifact, header)
    if request.GET.get("format") == "json":
        shown_decisions = asdict(decisions)
        return JsonResponse({"header": asdict(header), "decisions": shown_decisions, **shown.data})
    as_json = urlencode({**request.GET.dict(), "format": "json"})
    context = {
        "decisions": decisions,
        "decision_form": form,
        "monitor_form": monitor_form,
        "trial": trial,
        "header": header,
        "tab": tab.name,
        "title": tab.title,
        "tabs": [
            (each.title, _address(artifact.id, each.name), each is tab)
            for each in TABS
            if each.name != DOWNLOADS or has_downloads(request, artifact)
        ],
        "json_url": f"{_address(artifact.id, '')}?{as_json}",
        "links": PageLinks(request.user),
        **shown.panels,
    }
    return render(request, tab.template, context, status=status)


def download(request: HttpRequest, artifact_id: str, part: str) -> HttpResponse:
    """Lead to the zip of an artifact or of a part of it.

    Raises:
        ArtifactNotFound: there is no such artifact.
        RegistryError: its content is not there; see `get_download`.
    """
    artifact_type = Artifact.objects.filter(id=artifact_id).values_list("type", flat=True).first()
    if artifact_type is None:
        raise ArtifactNotFound("artifact", artifact_id)
    found = get_download(
        artifact_type=ArtifactType(artifact_type),
        artifact_id=artifact_id,
        part=part,
        user=cast("User", request.user),
    )
    return HttpResponseRedirect(found.url)


def download_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """Lead to the bytes of one file.

    Raises:
        NotFound: there is no such file.
        ContentNotKept: the registry does not hold its bytes.
    """
    file = File.objects.select_related(*FILE_PLACE).filter(pk=file_id).first()
    if file is None:
        raise NotFound("There is no such file, or no longer: look at the artifact's files anew.")
    found = get_file_download(file=file, user=cast("User", request.user))
    return HttpResponseRedirect(found.url)


def _address(artifact_id: str, tab: str) -> str:
    """Return the address of a tab: whole, since a form that was refused is shown elsewhere."""
    page = reverse("artifact-page", args=[artifact_id])
    return f"{page}?tab={tab}" if tab else page
