"""A family on a page of its own: a picture that fits, and a list below."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from artifacts.limits import FAMILY_ROWS_SHOWN_MAX
from artifacts.selectors.catalogue.overview import find_shown_artifact
from artifacts.selectors.lineage.family import get_family
from artifacts.selectors.trust.verdict import choose_badge
from artifacts.web.links import FamilyLinks


def show_family(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Show the family of an artifact; `size=full` draws it as large as in the artifact's page.

    Raises:
        ArtifactNotFound: there is no such artifact.
    """
    artifact = find_shown_artifact(artifact_id, request.user, with_evidence=False)
    if request.GET.get("format") == "json":
        return JsonResponse(asdict(replace(get_family(artifact), picture=None)))
    family = get_family(artifact, FAMILY_ROWS_SHOWN_MAX)
    context = {
        "artifact": artifact,
        "badge": choose_badge(artifact),
        "lineage": family,
        "is_full": request.GET.get("size") == "full",
        "links": FamilyLinks(request.user),
    }
    return render(request, "web/lineage/family.html", context)
