"""What a repository is: its info, revisions, refs, and whether one may read it."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from rest_framework.request import Request

from artifacts.api.permissions import demand
from artifacts.exceptions import RepositoryNotFound, RevisionNotFound
from artifacts.hub.answers import describe_commit, describe_info, describe_refs
from artifacts.hub.security import describe_repository_security
from artifacts.hub.views.base import HubViewSet, answer_page, is_true, read_page
from artifacts.limits import COMMITS_PAGE_SIZE
from artifacts.routes.operations import SEARCH
from artifacts.selectors.hub.infos import get_info, list_revisions
from artifacts.selectors.hub.refs import list_refs
from artifacts.selectors.hub.repositories import CURRENT_NAMES
from artifacts.selectors.hub.revisions import find_exactly, list_names


class RepositoryViewSet(HubViewSet):
    """A repository, its revisions and refs."""

    def retrieve(self, request: Request, revision: str = "", **given: str) -> HttpResponse:  # noqa: ARG002  (the path's)
        """Tell of a repository, at a revision if one is asked for."""
        name = revision or CURRENT_NAMES[0]
        try:
            repository = self.find_repository(list_names(name))
        except RevisionNotFound as error:
            if revision:
                raise
            # By this route alone, clients ask whether a repository exists; no copy depends on it.
            raise RepositoryNotFound.withdrawn(error) from error
        found = find_exactly(repository, name)
        info = get_info(repository, found)
        described = describe_info(
            repository, info, kind=self.kind, has_details=is_true(request, "blobs")
        )
        expanded = request.query_params.getlist("expand")
        if is_true(request, "securityStatus") or "securityRepoStatus" in expanded:
            described["securityRepoStatus"] = describe_repository_security(found)
        return JsonResponse(described)

    def list_refs(self, request: Request, **given: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """List the names of revisions."""
        refs = list_refs(self.find_repository())
        return JsonResponse({
            "branches": describe_refs(refs.branches, "heads"),
            "tags": describe_refs(refs.tags, "tags"),
            "converts": [],
        })  # fmt: skip

    def list_commits(self, request: Request, revision: str, **given: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """List a revision and those before it."""
        found = find_exactly(self.find_repository(list_names(revision)), revision)
        offset, limit = read_page(request.query_params, COMMITS_PAGE_SIZE)
        page = list_revisions(found, offset=offset, limit=limit)
        commits = JsonResponse(list(map(describe_commit, page.rows)), safe=False)
        answer = answer_page(request, commits, page.next_offset)
        # No revision is ever removed alone, so a number says how many there are up to it.
        answer["X-Total-Count"] = str(found.number)
        return answer

    def check_access(self, request: Request, **given: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Say whether the caller may read what is here; the table has asked for `download`."""
        demand(self.caller, SEARCH)
        self.find_repository()
        return JsonResponse({})
