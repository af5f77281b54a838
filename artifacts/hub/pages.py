"""The addresses that the Hub's clients print: they lead people to the artifact's page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from artifacts.api.permissions import demand
from artifacts.enums import ArtifactType
from artifacts.exceptions import (
    PermissionMissing,
    RepositoryMoved,
    RepositoryNotFound,
    RevisionNotFound,
)
from artifacts.routes import find_route
from artifacts.routes.operations import SEARCH
from artifacts.rules.accept import HTML, JSON, prefers
from artifacts.rules.hub.repo_ids import is_repo_id
from artifacts.selectors.hub.repositories import find_repository


def lead_to_page(request: HttpRequest, owner: str, name: str, rest: str = "") -> HttpResponse:
    """Lead who may see the catalogue to the page of what is served under an id.

    Strangers learn nothing of what is here: a person is led to the sign-in page by any address that
    could be an id, a program gets the answer of a path that does not exist.

    Args:
        rest: the revision, and perhaps a path in it; the page shows the current revision.
    """
    if not _may_look(request):
        is_stranger = not request.user.is_authenticated
        is_person = prefers(request.headers.get("Accept", ""), HTML, JSON)
        if is_stranger and is_person and is_repo_id(f"{owner}/{name}"):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('sign-in')}?{query}")
        raise Http404
    route = find_route(request.resolver_match)
    is_dataset = route is not None and route.name.startswith("hub-datasets")
    kind = ArtifactType.DATASET if is_dataset else ArtifactType.MODEL
    try:
        repository = find_repository(kind, f"{owner}/{name}")
    except RepositoryMoved as moved:
        owner, _, name = moved.repo_id.partition("/")
        return lead_to_page(request, owner, name, rest)
    except (RepositoryNotFound, RevisionNotFound) as error:
        raise Http404 from error
    return HttpResponseRedirect(reverse("artifact-page", args=[repository.artifact.id]))


def _may_look(request: HttpRequest) -> bool:
    """Whether the session's user, or anybody, may see the catalogue."""
    user = request.user
    if not user.is_authenticated:
        return bool(settings.REGISTRY_PUBLIC_PAGES == "on")
    try:
        demand(user, SEARCH)
    except PermissionMissing:
        return False
    return True
