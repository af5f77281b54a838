"""Who asks, and what this registry does not have."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from rest_framework.request import Request

from artifacts.exceptions import NotFound
from artifacts.hub.views.base import HubViewSet


class AccountViewSet(HubViewSet):
    """`whoami-v2`, and addresses that clients try and that are not here."""

    def retrieve(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Say whose token it is; huggingface_hub 0.x needs a role to sign in."""
        user = self.caller
        return JsonResponse({
            "type": "user",
            "id": user.username,
            "name": user.username,
            "fullname": user.username,
            "isPro": False,
            "orgs": [],
            "auth": {
                "type": "access_token",
                "accessToken": {
                    "displayName": "registry",
                    "role": "write" if user.may("upload") else "read",
                },
            },
        })  # fmt: skip

    def refuse(self, request: Request, **given: Any) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Answer that there is no such thing, to anybody and without counting.

        Raises:
            NotFound: always.
        """
        raise NotFound("This registry has nothing of the kind.")
