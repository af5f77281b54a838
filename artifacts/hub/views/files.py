"""The bytes of files: what clients need to know before, and where they are."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from rest_framework.request import Request

from artifacts.api.conditions import NOT_MODIFIED, Validators, asked_range, precondition
from artifacts.hub.errors import COMMIT_HEADER
from artifacts.hub.views.base import HubViewSet, whole_address
from artifacts.rules.disposition import write_disposition
from artifacts.selectors.hub.repositories import get_commit
from artifacts.selectors.hub.revisions import find_named, list_names
from artifacts.selectors.hub.trees import find_file
from artifacts.services.hub.downloads import Asked, get_link, require_kept
from artifacts.storage import content_types


class FileViewSet(HubViewSet):
    """`/resolve` and `/raw`: HEAD answers itself, GET leads to a signed link.

    HEAD never redirects. Clients take the headers of the last answer of this origin for those of
    the file, and would keep a link from HEAD for all that follows, until it has expired.
    """

    def resolve(self, request: Request, rest: str, **given: str) -> HttpResponse:  # noqa: ARG002  (the path's)
        """Say what a file is, or where its bytes are."""
        repository = self.find_repository(list_names(rest))
        revision, _, path = find_named(repository, rest)
        entry = find_file(revision, path)
        etag = f'"{entry.names.etag}"'
        about = {COMMIT_HEADER: get_commit(revision), "ETag": etag}
        validators = Validators(etag, 0)
        if _is_known(request, validators):
            require_kept(repository.artifact, revision, entry, self.caller)
            return HttpResponseNotModified(headers=about)
        about |= {
            "X-Linked-ETag": etag,
            "X-Linked-Size": str(entry.size_bytes),
            "Accept-Ranges": "bytes",
        }
        if request.method == "HEAD":
            require_kept(repository.artifact, revision, entry, self.caller)
            return HttpResponse(
                headers=about
                | {
                    "Content-Length": str(entry.size_bytes),
                    "Content-Disposition": write_disposition(path.rpartition("/")[2]),
                },
                content_type=content_types.BYTES,
            )
        asked = asked_range(request.headers, validators, entry.size_bytes)
        link = get_link(
            artifact=repository.artifact,
            revision=revision,
            entry=entry,
            user=self.caller,
            asked=Asked(*(asked or (0, entry.size_bytes))),
        )
        return HttpResponseRedirect(whole_address(request, link), headers=about)


def _is_known(request: Request, current: Validators) -> bool:
    """Whether the client has the file already."""
    known = request.headers.get("If-None-Match")
    if known is None:
        return False
    # Some clients send the tag as they keep it, without its quotation marks.
    is_bare = '"' not in known and known.strip() != "*"
    asked = {"If-None-Match": f'"{known.strip()}"' if is_bare else known}
    return precondition(asked, current) == NOT_MODIFIED
