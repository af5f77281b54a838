"""The bytes of files: what clients need to know before, and where they are.

Bytes of a bucket never pass through here. Small files of this server's own disk do, since it would
send them by a link just so.
"""

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
from artifacts.services.hub.downloads import Asked, give_file, require_kept
from artifacts.storage import content_types


class FileViewSet(HubViewSet):
    """`/resolve` and `/raw`: HEAD answers itself, GET gives a small file or leads to a signed link.

    HEAD never redirects. Clients take the headers of the last answer of this origin for those of
    the file, and would keep a link from HEAD for all that follows, until it has expired.
    """

    def resolve(self, request: Request, rest: str, **_given: str) -> HttpResponse:
        """Say what a file is, or give it, or say where its bytes are."""
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
        of_bytes = {"Content-Disposition": write_disposition(path.rpartition("/")[2])}
        if request.method == "HEAD":
            require_kept(repository.artifact, revision, entry, self.caller)
            of_bytes["Content-Length"] = str(entry.size_bytes)
            return HttpResponse(headers=about | of_bytes, content_type=content_types.BYTES)
        span = asked_range(request.headers, validators, entry.size_bytes)
        asked = Asked(*(span or (0, entry.size_bytes)))
        answer = give_file(
            artifact=repository.artifact,
            revision=revision,
            entry=entry,
            user=self.caller,
            asked=asked,
        )
        if answer.content is None:
            return HttpResponseRedirect(whole_address(request, answer.link), headers=about)
        if span is not None:
            of_bytes["Content-Range"] = f"bytes {asked.start}-{asked.end - 1}/{entry.size_bytes}"
        return HttpResponse(
            answer.content,
            status=200 if span is None else 206,
            headers=about | of_bytes,
            content_type=content_types.BYTES,
        )


def _is_known(request: Request, current: Validators) -> bool:
    """Whether the client has the file already."""
    known = request.headers.get("If-None-Match")
    if known is None:
        return False
    # Some clients send the tag as they keep it, without its quotation marks.
    is_bare = '"' not in known and known.strip() != "*"
    asked = {"If-None-Match": f'"{known.strip()}"' if is_bare else known}
    return precondition(asked, current) == NOT_MODIFIED
