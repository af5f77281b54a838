"""The page of an artifact, and the downloads that it offers."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, User
from artifacts.selectors.catalogue.overview import get_overview
from artifacts.services.content.downloads import get_download
from artifacts.web.links import PageLinks


def show_artifact(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Show everything about an artifact.

    Raises:
        ArtifactNotFound: there is no such artifact.
    """
    overview = get_overview(artifact_id, with_waiting=True)
    return render(
        request, "web/artifact/overview.html", {"overview": overview, "links": PageLinks()}
    )


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
