"""How to send files before they are committed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from rest_framework.request import Request

from artifacts.exceptions import InvalidRequest
from artifacts.hub.views.base import TYPES, HubViewSet, whole_address
from artifacts.limits import PREUPLOAD_FILES_MAX, UPLOAD_LINK_LIFETIME_S
from artifacts.models import Artifact
from artifacts.rules.digest import parse_sha256
from artifacts.rules.hub.operations import check_path
from artifacts.rules.hub.upload_modes import Announced, choose_modes
from artifacts.rules.values import read_count, read_list
from artifacts.selectors.hub.committed import find_digests
from artifacts.selectors.hub.repositories import CURRENT_NAMES
from artifacts.services.content.lfs_objects import Announcement, Sending, announce_objects
from artifacts.services.hub.repositories import get_own_repository
from artifacts.storage.links import sign_lfs_object

# Clients write the branch in full, too.
_MAIN = (*CURRENT_NAMES, "refs/heads/main")
_LFS_TYPE = "application/vnd.git-lfs+json"


class WritingViewSet(HubViewSet):
    """A view of a repository that the caller may write."""

    def find_own(self, request: Request, revision: str = "main") -> Artifact:
        """Return the repository in the path.

        Raises:
            OwnerForeign, RepositoryNotFound: see `get_own_repository`.
            InvalidRequest: the client wants another branch, or a pull request.
        """
        if revision not in _MAIN:
            raise InvalidRequest(
                f"Commits go to main: this registry has no branch {revision[:100]!r}."
            )
        # Whatever else is stated: what is to be looked at first must not go to main.
        if request.query_params.get("create_pr", "").lower() not in ("", "0", "false"):
            raise InvalidRequest(
                "This registry has no pull requests. Commit to main of a repository of yours."
            )
        return get_own_repository(
            artifact_type=TYPES[self.kind], repo_id=self.asked_id, user=self.caller
        )


class SendingViewSet(WritingViewSet):
    """`preupload`, and the batch interface of Git LFS."""

    def choose_modes(self, request: Request, revision: str, **given: str) -> HttpResponse:  # noqa: ARG002  (the path's)
        """Say of each file whether it goes into the commit, or is sent before."""
        artifact = self.find_own(request, revision)
        files = _read_files(request.data)
        modes = choose_modes(files)
        kept = find_digests(artifact, [each.path for each in files])
        return JsonResponse({
            "files": [
                {"path": path, "uploadMode": mode, "shouldIgnore": False}
                # By it clients leave out what has not changed.
                | ({"oid": kept[path]} if mode == "lfs" and path in kept else {})
                for path, mode in modes.items()
            ]
        })  # fmt: skip

    def announce(self, request: Request, **given: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Say of each large file where to send it, or that it is here."""
        artifact = self.find_own(request)
        wanted = _read_objects(request.data)
        sendings = announce_objects(user=self.caller, artifact_id=artifact.id, wanted=wanted)
        is_multipart = any(each.part_urls for each in sendings)
        return JsonResponse(
            {
                "transfer": "multipart" if is_multipart else "basic",
                "objects": [_describe(request, each) for each in sendings],
                "hash_algo": "sha256",
            },
            content_type=_LFS_TYPE,
        )


def _read_files(body: Any) -> list[Announced]:
    """Return the files of a question.

    Raises:
        InvalidRequest: it has another form, or a file's path can be no path here.
    """
    listed = read_list(body.get("files")) if isinstance(body, dict) else []
    if not listed or len(listed) > PREUPLOAD_FILES_MAX:
        raise InvalidRequest(f"`files` is a list of 1 to {PREUPLOAD_FILES_MAX:,} files.")
    files = []
    for each in listed:
        size_bytes = read_count(each.get("size")) if isinstance(each, dict) else None
        if size_bytes is None:
            raise InvalidRequest("Each of `files` has a path and a size.")
        files.append(Announced(check_path(each.get("path")), size_bytes))
    return files


def _read_objects(body: Any) -> list[Announcement]:
    """Return the objects that a client announces.

    Raises:
        InvalidRequest: it has another form, or wants to fetch.
    """
    if not isinstance(body, dict) or body.get("operation") != "upload":
        raise InvalidRequest("Only `upload` is answered here. Files are downloaded by /resolve.")
    wanted = []
    for each in read_list(body.get("objects")):
        sha256 = parse_sha256(str(each.get("oid"))) if isinstance(each, dict) else None
        size_bytes = read_count(each.get("size")) if isinstance(each, dict) else None
        if sha256 is None or size_bytes is None:
            raise InvalidRequest("Each of `objects` has a SHA-256 as its oid, and a size.")
        wanted.append(Announcement(sha256, size_bytes))
    return wanted


def _describe(request: Request, sending: Sending) -> dict[str, Any]:
    """Return an object as clients read it; without actions it need not be sent."""
    announced = sending.announced
    described: dict[str, Any] = {"oid": announced.sha256, "size": announced.size_bytes}
    if sending.object_id is None:
        return described

    def place(purpose: str) -> str:
        path = sign_lfs_object(sending.object_id, purpose, UPLOAD_LINK_LIFETIME_S)
        return whole_address(request, path)

    if sending.part_urls:
        header = {str(n): whole_address(request, url) for n, url in enumerate(sending.part_urls, 1)}
        upload = {
            "href": place("complete"),
            "header": {"chunk_size": str(sending.part_size_bytes), **header},
        }
    else:
        upload = {"href": whole_address(request, sending.url)}
    return described | {"actions": {"upload": upload, "verify": {"href": place("verify")}}}
