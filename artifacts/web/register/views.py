"""Registering by an address: the form with its preview, and how far a registration is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any, Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from artifacts.enums import ArtifactType, Part
from artifacts.exceptions import (
    ArtifactExists,
    ContentPending,
    GateFailed,
    InvalidName,
    InvalidRequest,
    NotFound,
    RegistryError,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    UploadIncomplete,
)
from artifacts.limits import PARENTS_PREVIEWED_MAX
from artifacts.models import User
from artifacts.selectors.catalogue.overview import explain_unread
from artifacts.selectors.catalogue.progress import get_progress
from artifacts.selectors.catalogue.registered import (
    find_by_source,
    find_namesake,
    list_namesakes,
)
from artifacts.selectors.trust.safety import list_rating_dangers
from artifacts.selectors.trust.verdict import Badge, Scores, Verdict, show_scores, show_verdict
from artifacts.services.catalogue.preview import Preview, preview_artifact
from artifacts.services.catalogue.registration import register_artifact
from artifacts.web.errors import show_beside
from artifacts.web.links import PageLinks, may_register
from artifacts.web.register.forms import RegistrationForm

_PAGE = "web/register/form.html"
_BAD_REQUEST = 400
_TAKEN = (
    "The registration is taken; the artifact's id is {id}. Somebody who may search can see how far "
    "it is."
)
# What a page of progress asks of itself: the part of it that changes.
STATE = "state"
# What a source refuses depends on what it shows to whom.
_SOURCE_REFUSED = (
    "Open the address in a browser without signing in there: the registry sees what everybody sees."
)
# What the person who fills in the form can mend; all else is about the registry.
_ABOUT_THE_FORM = (
    InvalidRequest, SourceError, NotFound, UploadIncomplete, ContentPending,
)  # fmt: skip
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
        return _draw(request, RegistrationForm(initial=given))
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        answer = _draw(request, form)
        answer.status_code = _BAD_REQUEST
        return answer
    show_beside(request, partial(_show_refused, request, form))
    asked = {
        "artifact_type": form.choose_type(),
        "url": form.cleaned_data["url"],
        "name": form.cleaned_data["name"] or None,
        "user": cast("User", request.user),
    }
    if request.POST.get("do") == "preview":
        return _draw(request, form, **_describe(preview_artifact(**asked)))
    done = register_artifact(**asked)
    if not asked["user"].may("search"):
        # They may register, but not see what becomes of it.
        messages.success(request, _TAKEN.format(id=done.artifact.id))
        return HttpResponseRedirect(f"{reverse('register')}#messages")
    return HttpResponseRedirect(reverse("registration-progress", args=[done.artifact.id]))


def show_progress(request: HttpRequest, artifact_id: str) -> HttpResponse:
    """Show how far a registration is; the page's script asks for the part that changes.

    Raises:
        ArtifactNotFound: there is no such artifact, and no work for it is on record.
    """
    progress = get_progress(artifact_id, request.user)
    if not may_register(request.user):
        progress = progress.without_reasons()
    is_part = request.GET.get("part") == STATE
    links = PageLinks(request.user)
    context = {
        "progress": progress,
        "again_url": links.registration(progress.source, progress.artifact_type),
        "next_s": _MOVING_S if progress.is_moving else _WAITING_S,
        "links": links,
    }
    template = "web/register/state.html" if is_part else "web/register/progress.html"
    return render(request, template, context)


def _draw(request: HttpRequest, form: RegistrationForm, **found: Any) -> HttpResponse:
    """Draw the form, and below it what was found."""
    nothing = {
        "existing": None, "silence": "", "refusals": (), "preview": None,
        "links": PageLinks(request.user),
    }  # fmt: skip
    return render(request, _PAGE, {"form": form, **nothing, **found})


def _show_refused(
    request: HttpRequest, form: RegistrationForm, error: RegistryError
) -> HttpResponse:
    """Draw the form with what stands in the way, and what to do about it."""
    if isinstance(error, GateFailed):
        return _draw(request, form, refusals=error.failures)
    if isinstance(error, ArtifactExists):
        form.add_error("url", "This source is registered already.")
        return _draw(request, form, existing=find_namesake(error.artifact_id))
    if isinstance(error, SourceUnavailable):
        return _draw(request, form, silence=error.message, artifact_type=form.choose_type())
    field = "name" if isinstance(error, InvalidName) else "url"
    form.add_error(field if isinstance(error, _ABOUT_THE_FORM) else None, error.message)
    if isinstance(error, SourceRefused):
        form.add_error("url", _SOURCE_REFUSED)
    return _draw(request, form)


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
        "license_unread": explain_unread(draft.revision, "card", "license_file"),
        "dangers": list_rating_dangers(rating),
        # Nobody has rated it yet: the line of who and when is for ratings that are kept.
        "verdict": replace(verdict, rated_at=None),
        "scores": Scores(Badge.UNRATED) if rating is None else show_scores(rating),
    }
