"""The public pages; so far only the front page."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.enums import ArtifactType
from artifacts.models import Artifact

_LATEST = 10


def home(request: HttpRequest) -> HttpResponse:
    """Show what the registry is, its numbers and its newest artifacts."""
    counted = dict(Artifact.objects.visible().order_by().values_list("type").annotate(Count("id")))
    latest = Artifact.objects.visible().only("id", "type", "name", "created_us")
    context = {
        "counts": [(kind.label, counted.get(kind.value, 0)) for kind in ArtifactType],
        "latest": latest.order_by("-created_us", "-id")[:_LATEST],
        "address": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "web/home.html", context)
