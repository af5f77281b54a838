"""The front page: a search field, three numbers, and what came in lately."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from artifacts.enums import ArtifactType
from artifacts.models import User
from artifacts.selectors.catalogue.front import get_front
from artifacts.web.account.sign_in import SignInForm
from artifacts.web.links import PageLinks

_PLURALS: Final = {
    ArtifactType.MODEL: "Models",
    ArtifactType.DATASET: "Data sets",
    ArtifactType.CODE: "Code",
}


def show_home(request: HttpRequest) -> HttpResponse:
    """Show the registry's numbers and newest artifacts; strangers see the sign-in alone."""
    user = request.user
    if not isinstance(user, User) and settings.REGISTRY_PUBLIC_PAGES != "on":
        return render(request, "web/account/sign_in.html", {"form": SignInForm(), "next": ""})
    may_search = not isinstance(user, User) or user.may("search")
    front = get_front() if may_search else None
    catalogue = reverse("catalogue")
    links = PageLinks(user)
    context = {
        "may_search": may_search,
        "register_url": links.registration(""),
        "counts": [
            (_PLURALS[each.artifact_type], each, f"{catalogue}?type={each.artifact_type}")
            for each in (front.counts if front else ())
        ],
        "latest": front.latest if front else (),
        "is_for_trying_out": settings.IS_FOR_TRYING_OUT,
        "address": request.build_absolute_uri("/").rstrip("/"),
        "links": links,
    }
    return render(request, "web/home.html", context)
