"""The front page: a search field, three numbers, and what came in lately."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.enums import ArtifactType
from artifacts.models import Artifact
from artifacts.web.account.sign_in import SignInForm
from artifacts.web.links import PageLinks

_LATEST = 10


def show_home(request: HttpRequest) -> HttpResponse:
    """Show the registry's numbers and newest artifacts; strangers see the sign-in alone."""
    if not request.user.is_authenticated and settings.REGISTRY_PUBLIC_PAGES != "on":
        return render(request, "web/account/sign_in.html", {"form": SignInForm(), "next": ""})
    counted = dict(Artifact.objects.visible().order_by().values_list("type").annotate(Count("id")))
    latest = Artifact.objects.visible().only("id", "type", "name", "created_us")
    context = {
        "counts": [(kind.label, counted.get(kind.value, 0)) for kind in ArtifactType],
        "latest": latest.order_by("-created_us", "-id")[:_LATEST],
        "address": request.build_absolute_uri("/").rstrip("/"),
        "links": PageLinks(),
    }
    return render(request, "web/home.html", context)
