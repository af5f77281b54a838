"""The OpenAPI schema."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from artifacts.api.openapi import rendered_schema, server


class SchemaViewSet(ViewSet):
    """`/schema`, in YAML or JSON, as the client prefers. Anybody may ask for it.

    The view of Django REST Spectacular makes it anew for each request, and in the language and of
    the version that a query names, whether there is such a one or not. This one has neither.
    """

    # The schema does not describe itself.
    schema = None
    renderer_classes = SpectacularAPIView.renderer_classes

    def retrieve(self, request: Request) -> HttpResponse:
        """Answer with the schema, which is made once."""
        renderer = request.accepted_renderer
        return HttpResponse(
            rendered_schema(type(renderer), server()),
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="schema.{renderer.format}"'},
        )
