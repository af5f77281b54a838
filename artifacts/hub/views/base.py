"""What all views of the Hub's protocol share."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import get_script_prefix
from rest_framework.request import Request

from artifacts.api.views.base import ApiViewSet, absolute
from artifacts.database.modes import is_open
from artifacts.enums import ArtifactType
from artifacts.exceptions import RepositoryMoved, RepositoryNotFound
from artifacts.hub.authentication import BearerAuthentication
from artifacts.hub.parsers import JSONOrFormParser
from artifacts.routes import find_route
from artifacts.routes.hub_writes import KINDS
from artifacts.routes.operations import UPLOAD
from artifacts.rules.hub.repo_ids import split_repo_id
from artifacts.rules.values import whole_number
from artifacts.selectors.hub.repositories import Repository, find_repository

# What the protocol calls the types, as the paths of its API have them.
TYPES = dict(zip(KINDS, (ArtifactType.MODEL, ArtifactType.DATASET), strict=True))
_MOVED = 307
# Info and revisions, trees, files: what clients ask first.
_PULLING = ("retrieve", "enumerate", "resolve")


class HubViewSet(ApiViewSet):
    """A viewset of the Hub's protocol; unknown parameters of a query are ignored."""

    authentication_classes = [BearerAuthentication]
    parser_classes = [JSONOrFormParser]
    # The protocol is the Hub's to describe, not this registry's schema.
    schema = None

    @property
    def kind(self) -> str:
        """What the path calls the type: `models` or `datasets`."""
        route = find_route(self.request.resolver_match)
        return route.name.split("-")[1] if route is not None else ""

    @property
    def asked_id(self) -> str:
        """The id in the path, with or without an owner."""
        owner = self.kwargs.get("owner")
        name = str(self.kwargs["name"])
        return f"{owner}/{name}" if owner is not None else name

    def find_repository(self, names: tuple[str, ...] = ()) -> Repository:
        """Return the repository in the path; see the selector of the same name.

        Where nothing is registered, and the settings say so, asking for it registers it.

        Raises:
            RegistryError: see `services.hub.pulling`.
        """
        kind = TYPES[self.kind]
        try:
            return find_repository(kind, self.asked_id, names)
        except RepositoryNotFound:
            if not self._may_pull():
                raise
        # Imports the sources and the rating of models, which no other read needs.
        from artifacts.services.hub.pulling import pull

        pull(artifact_type=kind, repo_id=self.asked_id, user=self.caller)
        return find_repository(kind, self.asked_id, names)

    def _may_pull(self) -> bool:
        """Whether this read may register what it asks for."""
        if settings.REGISTRY_HUB_PULL != "on" or self.action not in _PULLING:
            return False
        parts = split_repo_id(self.asked_id)
        is_of_hub = parts is not None and parts.kind is None
        return is_of_hub and self.caller.may(UPLOAD) and is_open()

    def handle_exception(self, exc: Exception) -> Any:
        """Lead to the id under which something is served; answer every other error as it is."""
        if isinstance(exc, RepositoryMoved):
            return self._lead_to(exc.repo_id)
        return super().handle_exception(exc)

    def _lead_to(self, repo_id: str) -> HttpResponse:
        """Answer with the same path for another id.

        The place has no host: clients that ask with HEAD follow only what stays here.
        """
        path, match = self.request.path_info, self.request.resolver_match
        # Where the route has the id: an artifact may be called as what stands before it.
        start = 1 + len(match.route.partition("<")[0]) if match else 0
        path = f"{path[:start]}{repo_id}{path[start + len(self.asked_id) :]}"
        query = self.request.META.get("QUERY_STRING", "")
        # A proxy may know the site by a folder of which its servers are not told. Those that are
        # told one have it in the path by now.
        is_untold = get_script_prefix() == "/"
        folder = urlsplit(settings.REGISTRY_BASE_URL).path if is_untold else ""
        place = f"{folder}{site_path(path)}{'?' if query else ''}{query}"
        return HttpResponse(status=_MOVED, headers={"Location": place}, content_type="text/plain")


def site_path(path: str) -> str:
    """Return a path of this site with the stage or folder, if any, by which servers know it."""
    return get_script_prefix().rstrip("/") + quote(path)


def read_page(query: QueryDict, size: int) -> tuple[str | None, int]:
    """Return where the page that is asked for begins, and how many rows it has.

    Args:
        size: of a page, where the client states none.
    """
    return query.get("cursor"), whole_number(query.get("limit", "")) or size


def answer_page(request: Request, answer: HttpResponse, next_offset: str | None) -> HttpResponse:
    """Return a page of a list; the address of the next is in `Link`, whole, as clients need it."""
    if next_offset is not None:
        given = [
            (name, value)
            for name, values in request.query_params.lists()
            for value in values
            if name != "cursor"
        ]
        query = urlencode([*given, ("cursor", next_offset)])
        place = whole_address(request, site_path(request.path_info))
        answer["Link"] = f'<{place}?{query}>; rel="next"'
    return answer


def whole_address(request: Request, url: str) -> str:
    """Return a path of this site as the client that asks has to write it; a whole URL stays.

    REGISTRY_BASE_URL is that of one door. Who came by another, whose stage servers are told, goes
    on there: under the first, that stage leads nowhere.
    """
    if get_script_prefix() == "/":
        return absolute(request, url)
    return str(request.build_absolute_uri(url))


def is_true(request: Request, name: str) -> bool:
    """Return a flag of the query: old clients write `True`, newer ones `true`."""
    return request.query_params.get(name, "").lower() == "true"
