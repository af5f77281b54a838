"""What clients say of a large file that they have sent. The link is the credential."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from artifacts.api.content_views import answered
from artifacts.services.content.lfs_checks import complete_object, verify_object
from artifacts.storage.links import read_lfs_object


@csrf_exempt
@answered
def complete(request: HttpRequest, token: str) -> HttpResponseBase:  # noqa: ARG001  (the interface's)
    """Join the parts of a file. The bucket knows them: what the client says of them is not needed.

    Most clients ask to verify the file right after; some do not, so it is compared now.
    """
    complete_object(object_id=UUID(read_lfs_object(token, "complete")))
    return JsonResponse({})


@csrf_exempt
@answered
def verify(request: HttpRequest, token: str) -> HttpResponseBase:  # noqa: ARG001  (likewise)
    """Compare a file that was sent at once, or wait for the comparison."""
    verify_object(object_id=UUID(read_lfs_object(token, "verify")))
    return JsonResponse({})
