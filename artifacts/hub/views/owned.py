"""Repositories of one's own: made, deleted, and what they do not have."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from rest_framework.request import Request

from artifacts.api.views.base import absolute
from artifacts.enums import ArtifactType
from artifacts.exceptions import InvalidRequest, NotFound, RepositoryExists
from artifacts.hub.errors import CODE_HEADER, MESSAGE_HEADER
from artifacts.hub.views.base import HubViewSet, site_path
from artifacts.routes.hub_writes import NO_XET_PATH
from artifacts.rules.values import read_text
from artifacts.services.hub.repositories import create_repository, delete_repository

_TYPES = {"model": ArtifactType.MODEL, "dataset": ArtifactType.DATASET}
_PREFIXES = {ArtifactType.MODEL: "", ArtifactType.DATASET: "datasets/"}


class OwnedViewSet(HubViewSet):
    """`/api/repos`, and addresses that clients ask for and that are refused with a reason."""

    def create(self, request: Request) -> HttpResponse:
        """Reserve a name; its first commit makes it visible."""
        owner, name, artifact_type = _read_id(request)
        body: Any = request.data
        # Whatever else is stated: nothing may become visible against its owner's will.
        if body.get("private") not in (None, False) or body.get("visibility") not in (
            None,
            "public",
        ):
            raise InvalidRequest(
                "This registry has no private repositories: whoever may search sees all. Leave "
                "`private` out."
            )
        try:
            artifact, repo_id = create_repository(
                artifact_type=artifact_type, owner=owner, name=name, user=self.caller
            )
        except RepositoryExists as error:
            place = _address(request, artifact_type, error.repo_id)
            # Clients that accept an existing one read its address from this answer.
            return JsonResponse(
                {"error": error.message, "url": place},
                status=409,
                headers={CODE_HEADER: error.code, MESSAGE_HEADER: error.message},
            )
        place = _address(request, artifact_type, repo_id)
        return JsonResponse({"url": place, "name": repo_id, "id": artifact.id})

    def destroy(self, request: Request) -> HttpResponse:
        """Delete a repository, as any artifact of its owner's."""
        owner, name, artifact_type = _read_id(request)
        repo_id = f"{owner}/{name}" if owner else name
        delete_repository(artifact_type=artifact_type, repo_id=repo_id, user=self.caller)
        return JsonResponse({})

    def validate(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Find nothing wrong with a card: what cannot be read of one is said where it is shown."""
        return JsonResponse({"errors": [], "warnings": []})

    def refuse_name(self, request: Request, **given: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Refuse tags and branches.

        Raises:
            InvalidRequest: always.
        """
        raise InvalidRequest(
            "This registry keeps one line of revisions, without branches, and names them itself: "
            "r1, r2, and so on. Commit to main."
        )

    def lead_from_xet(self, request: Request, **given: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Lead to a refusal whose address says what to do.

        The clients' library for Xet shows people only the status and the address of an answer.
        """
        return HttpResponseRedirect(site_path(f"/{NO_XET_PATH}"))

    def refuse_xet(self, request: Request) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Refuse uploads by Xet.

        Raises:
            NotFound: always.
        """
        raise NotFound(
            "This registry takes large files by plain HTTP, not by Xet: set HF_HUB_DISABLE_XET=1 "
            "and upload again."
        )


def _read_id(request: Request) -> tuple[str, str, ArtifactType]:
    """Return owner ("" for none), name and type of the repository in a body.

    Raises:
        InvalidRequest: it names none, or one of a type that is not kept here.
    """
    body: Any = request.data
    if not isinstance(body, dict) or not read_text(body.get("name")):
        raise InvalidRequest("`name` is missing: the name of the repository, without its owner.")
    kind = body.get("type") or "model"
    artifact_type = _TYPES.get(kind) if isinstance(kind, str) else None
    if artifact_type is None:
        raise InvalidRequest("This registry keeps repositories of models and of data sets only.")
    return read_text(body.get("organization")), read_text(body["name"]), artifact_type


def _address(request: Request, artifact_type: ArtifactType, repo_id: str) -> str:
    """Return where people find a repository; clients read its id from it."""
    return absolute(request, site_path(f"/{_PREFIXES[artifact_type]}{repo_id}"))
