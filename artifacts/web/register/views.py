"""Registering by an address: the form with its preview, and how far a registration is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from artifacts.enums import ArtifactType, Part
from artifacts.exceptions import (
    ArtifactExists,
    GateFailed,
    InvalidName,
    RegistryError,
    SourceUnavailable,
)
from artifacts.limits import PARENTS_PREVIEWED_MAX
from artifacts.models import User
from artifacts.selectors.catalogue.progress import get_progress
from artifacts.selectors.catalogue.registered import (
    find_by_source,
    find_namesake,
    list_namesakes,
)
from artifacts.selectors.trust.verdict import Badge, Scores, Verdict, show_scores, show_verdict
from artifacts.services.catalogue.preview import Preview, preview_artifact
from artifacts.services.catalogue.registration import register_artifact
from artifacts.web.errors import show_beside
from artifacts.web.links import PageLinks
from artifacts.web.register.forms import RegistrationForm

_PAGE = "web/register/form.html"
_BAD_REQUEST = 400
# What a page of progress asks of itself: the part of it that changes.
STATE = "state"
# How soon a page of progress asks again: while something moves, and while it waits.
_MOVING_S: Final = 2
_WAITING_S: Final = 10


def register(request: HttpRequest) -> HttpResponse:
    """Show the form; preview what an address names, or register it.

    Raises:
        RegistryError: what stands in the way; the form shows it beside the field.
    """
    if request.method != "POST":
        given = {name: request.GET.get(name, "") for name in RegistrationForm.base_fields}
        return render(request, _PAGE, {"form": RegistrationForm(initial=given)})
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return render(request, _PAGE, {"form": form}, status=_BAD_REQUEST)
    show_beside(request, partial(_show_refused, request, form))
    asked = {
        "artifact_type": form.choose_type(),
        "url": form.cleaned_data["url"],
        "name": form.cleaned_data["name"] or None,
        "user": cast("User", request.user),
    }
    if request.POST.get("do") == "preview":
        found = preview_artifact(**asked)
        return render(request, _PAGE, {"form": form, **_describe(found)})
    done = register_artifact(**asked)
    return HttpResponseRedirect(reverse("registration-progress", args=[done.artifact.id]))


def show_progress(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Show how far a registration is; the page's script asks for the part that changes.

    Raises:
        ArtifactNotFound: there is no such artifact, and no work for it is on record.
    """
    progress = get_progress(artifact_id)
    is_part = request.GET.get("part") == STATE
    context = {
        "progress": progress,
        "again_s": _MOVING_S if progress.is_moving else _WAITING_S,
        "links": PageLinks(),
    }
    template = "web/register/state.html" if is_part else "web/register/progress.html"
    return render(request, template, context)


def _show_refused(
    request: HttpRequest, form: RegistrationForm, error: RegistryError
) -> HttpResponse:
    """Show the form with what stands in the way."""
    context: dict[str, Any] = {"form": form}
    if isinstance(error, GateFailed):
        context["refusals"] = error.failures
    elif isinstance(error, ArtifactExists):
        context["existing"] = find_namesake(error.artifact_id)
        form.add_error("url", "This is registered already.")
    elif isinstance(error, SourceUnavailable):
        context |= {"silence": error.message, "artifact_type": form.choose_type()}
    else:
        form.add_error("name" if isinstance(error, InvalidName) else "url", error.message)
    return render(request, _PAGE, context)


def _describe(found: Preview) -> dict[str, Any]:
    """Return what a preview shows."""
    draft = found.draft
    rating = draft.rating
    verdict = Verdict(Badge.UNRATED) if rating is None else show_verdict(rating)
    registered = find_by_source([each.parent_key for each in draft.parents])
    parents = [
        (each, registered.get((each.parent_type, each.parent_key), "")) for each in draft.parents
    ]
    counted = Counter(Part(file.part).label for file in draft.files)
    return {
        "preview": found,
        "artifact_type": ArtifactType(draft.artifact.type),
        "parts": counted.most_common(),
        "parents": parents[:PARENTS_PREVIEWED_MAX],
        "parents_left_out": max(0, len(parents) - PARENTS_PREVIEWED_MAX),
        "namesakes": list_namesakes(draft.artifact.name, draft.artifact.source_key),
        # Nobody has rated it yet: the line of who and when is for ratings that are kept.
        "verdict": replace(verdict, rated_at=None),
        "scores": Scores(Badge.UNRATED) if rating is None else show_scores(rating),
        "links": PageLinks(),
    }
