"""The page that sends a zip or a folder from a browser straight to the bucket.

No byte of it passes through here: the page's script calls the API (static/registry/upload.js).
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from artifacts.enums import ArtifactType
from artifacts.limits import UPLOAD_MAX_BYTES, ZIP_MEMBERS_MAX
from artifacts.middleware import page_policy
from artifacts.models import User
from artifacts.rules.layout import read_layout
from artifacts.rules.sizes import human_size
from artifacts.services.access.authentication import issue_token_to
from artifacts.services.content.uploads import upload_origin
from artifacts.web.links import PageLinks


def show_upload(request: HttpRequest) -> HttpResponse:
    """Show the page, whose script may send to the bucket."""
    context = {
        "types": [(each, reverse("artifact-create", args=[each])) for each in ArtifactType],
        "artifact_url": PageLinks(request.user).progress("ID"),
        "token_url": reverse("upload-page-token"),
        "largest": human_size(UPLOAD_MAX_BYTES),
        "address": request.build_absolute_uri("/").rstrip("/"),
    }
    answer = render(request, "web/upload/page.html", context)
    answer["Content-Security-Policy"] = page_policy(*filter(None, [upload_origin()]))
    return answer


def give_token(request: HttpRequest) -> HttpResponse:
    """Give the page's script a token of the user who is signed in."""
    return JsonResponse({"token": issue_token_to(cast("User", request.user))})


def check_files(request: HttpRequest) -> HttpResponse:
    """Say what a folder has and lacks, by the names of its files, one in a line of `paths`.

    What is not named, because a form has a limit, lies deeper than what is.
    """
    # Browsers end lines in a form with both characters; others stand in names.
    lines = request.POST.get("paths", "").split("\n")
    paths = [path for line in lines if (path := line.removesuffix("\r"))]
    context = {
        "layout": read_layout(paths[:ZIP_MEMBERS_MAX]),
        "is_model": request.POST.get("type") == ArtifactType.MODEL,
    }
    return render(request, "upload/checked.html", context)
