"""What the generator of the schema is told; imported only when a schema is made."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its own
    """Describes the token header."""

    target_class = "artifacts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        """Return the header's description."""
        return {"type": "apiKey", "in": "header", "name": "X-Authorization"}


def apply_descriptions(endpoints: list[Any], **_: Any) -> list[Any]:
    """Hand the generator what `schema.described` has kept; it calls this before it looks.

    Args:
        endpoints: of each operation its path, the path's expression, the method and the view.
    """
    for _path, _expression, method, view in endpoints:
        operation = getattr(view.cls, method.lower())
        words = getattr(operation, "described", None)
        if words is not None:
            extend_schema(**words())(operation)
    return endpoints
