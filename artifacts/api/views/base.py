"""What all API views share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import get_script_prefix
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from artifacts.api.rendering import answer
from artifacts.enums import ArtifactType
from artifacts.exceptions import InvalidRequest
from artifacts.middleware import REQUEST_ID_HEADER
from artifacts.models import Artifact, User
from artifacts.rules.identity import can_be_id


class JSONOnly(BaseContentNegotiation):
    """Answers JSON whatever the client prefers: there is no other format."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:  # noqa: ARG002  (the interface's)
        """Return the only parser."""
        return next(iter(parsers))

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002  (the interface's)
        renderers: Iterable[Any],
        format_suffix: str | None = None,  # noqa: ARG002  (the interface's)
    ) -> tuple[Any, str]:
        """Return the only renderer."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class ApiViewSet(ViewSet):
    """A viewset of the JSON API; `routes/` says which method and path each action answers."""

    content_negotiation_class = JSONOnly

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate the caller, then check whether the path can name anything.

        Raises:
            InvalidRequest: it holds a NUL, which PostgreSQL does not accept in text.
        """
        super().initial(request, *args, **kwargs)
        if "\x00" in request.path_info:
            raise InvalidRequest("The path holds a NUL character. Remove it.")

    @property
    def caller(self) -> User:
        """The user whose token was counted."""
        return cast("User", self.request.user)

    @property
    def decides(self) -> bool:
        """Whether the caller decides, and so sees what is in quarantine."""
        return self.caller.may("decide")

    def parsed(self, form: type[serializers.Serializer[Any]], *, many: bool = False) -> Any:
        """Return the body, checked.

        Raises:
            InvalidRequest: its form is wrong; the message says where.
        """
        serializer = form(data=self.request.data, many=many)
        if not serializer.is_valid():
            raise InvalidRequest(explain(serializer.errors))
        return serializer.validated_data


def explain(errors: Any, where: str = "") -> str:
    """Return a serializer's complaints as sentences that name the place."""
    if isinstance(errors, dict):
        parts = [
            explain(each, f"{where}.{key}" if where else str(key))
            for key, each in errors.items()
            if each
        ]
        return " ".join(parts)
    if isinstance(errors, list) and any(isinstance(each, dict) for each in errors):
        return " ".join(
            explain(each, f"{where}[{number}]") for number, each in enumerate(errors) if each
        )
    words = " ".join(map(str, errors)) if isinstance(errors, list) else str(errors)
    where = where.removesuffix(".non_field_errors").removesuffix("non_field_errors")
    return f"{where}: {words}" if where else words


def checked_type(artifact_type: str) -> ArtifactType:
    """Return the artifact type in a path.

    Raises:
        InvalidRequest: there is no such type.
    """
    found = ArtifactType.find_word(artifact_type)
    if found is None:
        raise InvalidRequest(
            f"There is no artifact type {artifact_type!r}. There are: "
            f"{', '.join(ArtifactType.values())}."
        )
    return found


def checked_id(artifact_id: str) -> str:
    """Return the artifact id in a path.

    Raises:
        InvalidRequest: no id can look like this.
    """
    if not can_be_id(artifact_id):
        raise InvalidRequest(
            f"{artifact_id[:100]!r} is no id: ids hold letters, digits and hyphens only."
        )
    return artifact_id


def checked_flag(request: Request, name: str) -> bool:
    """Return a flag of the query string: `true` or `false` in any case; False if it is absent.

    Raises:
        InvalidRequest: it is neither.
    """
    value = request.query_params.get(name, "false").lower()
    if value not in ("true", "false"):
        raise InvalidRequest(f"{name} is either true or false.")
    return value == "true"


def expose(answer: HttpResponse, header: str) -> None:
    """Let scripts of other sites see a header: others stay hidden from them (Fetch, CORS)."""
    answer["Access-Control-Expose-Headers"] = f"{header}, {REQUEST_ID_HEADER}"


def paged(body: Any, next_offset: str | None) -> HttpResponse:
    """Return a page of a list; it has an `offset` header if another page follows."""
    answer = JsonResponse(body, safe=False)
    expose(answer, "offset")
    if next_offset is not None:
        answer["offset"] = next_offset
    return answer


def answer_artifact(
    request: HttpRequest | Request, artifact: Artifact, url: str, *, status: int = 200
) -> HttpResponse:
    """Answer with an artifact, its source, and the address of its bytes."""
    from artifacts.api.answer_serializers import ArtifactSerializer

    # `reverse` would import the whole staff site, since it has to know all addresses.
    path = f"{get_script_prefix()}artifacts/{artifact.type}/{artifact.id}/download"
    data = {"url": url, "download_url": absolute(request, path)}
    return answer(ArtifactSerializer, {"metadata": artifact, "data": data}, status=status)


def absolute(request: HttpRequest | Request, url: str) -> str:
    """Return a path of this site as a whole URL; a whole URL stays as it is."""
    if "://" in url:
        return url
    if settings.REGISTRY_BASE_URL:
        return str(settings.REGISTRY_BASE_URL) + url
    return str(request.build_absolute_uri(url))
