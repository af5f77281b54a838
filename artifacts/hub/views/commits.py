"""Commits: the one way in which clients change a repository."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from artifacts.api.parsers import read_limited
from artifacts.hub.views.base import site_path, whole_address
from artifacts.hub.views.sending import WritingViewSet
from artifacts.limits import COMMIT_BODY_MAX_BYTES
from artifacts.routes.hub_writes import KINDS
from artifacts.rules.hub.operations import Commit, read_commit
from artifacts.selectors.hub.repositories import get_commit
from artifacts.services.hub.commits import commit_files
from artifacts.services.hub.repositories import own_id
from artifacts.sources.commits import refer_to

_TOO_LONG = "Commit fewer files at once, or send large ones before, as `hf upload` does."


class CommitParser(BaseParser):
    """Reads a commit, whatever type the client states."""

    media_type = "*/*"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002  (the interface's)
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002  (the interface's)
    ) -> Any:
        """Return the body as a commit.

        Raises:
            ContentTooLarge: it is too long.
            InvalidRequest: see `read_commit`.
        """
        return read_commit(read_limited(stream, COMMIT_BODY_MAX_BYTES, "The commit", _TOO_LONG))


class CommitViewSet(WritingViewSet):
    """`/commit`."""

    parser_classes = [CommitParser]

    def create(self, request: Request, revision: str, **given: str) -> HttpResponse:  # noqa: ARG002  (the path's)
        """Make a revision of a commit."""
        artifact = self.find_own(request, revision)
        repo_id = own_id(artifact)
        # The parser is not asked about an empty body.
        commit = request.data if isinstance(request.data, Commit) else read_commit(b"")
        made = commit_files(
            artifact=artifact,
            reference=refer_to(repo_id, artifact.name),
            commit=commit,
            user=self.caller,
        )
        oid = get_commit(made)
        place = site_path(f"/{KINDS[self.kind]}{repo_id}/commit/{oid}")
        return JsonResponse({
            "success": True,
            "commitUrl": whole_address(request, place),
            "commitOid": oid,
            "hookOutput": "",
        })  # fmt: skip
