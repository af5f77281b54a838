"""How the views describe their operations for the OpenAPI schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

MEANINGS = {
    400: "The request is malformed; the message says how.",
    401: "User or password are wrong; on a reset, the caller is no administrator.",
    403: "The token is missing, expired or spent, or the user lacks the permission.",
    404: "There is no such thing.",
    405: "The path is there, but not for this method; `Allow` names those that are.",
    408: "The request arrived too slowly.",
    409: "It exists already, or is in the way.",
    412: "The content is another than `If-Match` or `If-Unmodified-Since` says.",
    413: "More was sent or asked for than is taken.",
    416: "The content is not as long as `Range` says.",
    424: "The rating does not pass the gate.",
    429: "Too many at once, too many that failed, or more calls than a token for programs has in a "
    "minute; `Retry-After` says when to ask again.",
    431: "The headers are longer than the registry reads.",
    500: "The registry made a mistake.",
    501: "This version does not do this yet.",
    502: "A source does not answer.",
    503: "Not now; `Retry-After` says when.",
    507: "There is no space left.",
}

_Method = TypeVar("_Method", bound=Callable[..., Any])


def described(
    make: Callable[[], dict[str, Any]] | None = None, **words: Any
) -> Callable[[_Method], _Method]:
    """Describe an operation with the words of drf-spectacular's `extend_schema`.

    The words are kept with the method until the schema is requested (`openapi.py`), because that
    decorator imports the generator, which for most starts is the larger part of the API.

    Args:
        make: returns words that need imports of their own; for what a cold start answers first.
    """

    def keep(method: _Method) -> _Method:
        vars(method)["described"] = lambda: {**words, **(make() if make is not None else {})}
        return method

    return keep


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """Return the descriptions of refusals, which all have one form."""
    from drf_spectacular.utils import OpenApiResponse

    from artifacts.api.answer_serializers import ErrorSerializer

    return {
        status: OpenApiResponse(ErrorSerializer, description=MEANINGS[status])
        for status in statuses
    }


def offsets() -> list[OpenApiParameter]:
    """Return the descriptions of a page's `offset`, in the query and in the header."""
    from drf_spectacular.utils import OpenApiParameter

    # Each list has its own pattern, see forms.py.
    text = {"type": "string"}
    return [
        OpenApiParameter("offset", text, description="The last answer's `offset` header."),
        OpenApiParameter(
            "offset",
            text,
            OpenApiParameter.HEADER,
            response=[200],
            description="Where the next page begins; absent on the last one.",
        ),
    ]
