"""Reading JSON bodies of strangers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from artifacts.exceptions import ContentTooLarge, InvalidRequest


class StrictJSONParser(BaseParser):
    """Takes every body for JSON, whatever it says it is: many clients say nothing, or a form."""

    media_type = "*/*"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002  (the interface's)
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002  (the interface's)
    ) -> Any:
        """Return the body as data.

        Raises:
            ContentTooLarge: it has more than `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes.
            InvalidRequest: it is no strict JSON.
        """
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise ContentTooLarge(
                f"The body has over {limit:,} bytes. Send files by POST /uploads."
            )
        try:
            # Left to itself, `loads` would take UTF-16 and UTF-32 as well.
            data = json.loads(
                raw.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_each_once
            )
            # No UTF-8 encoder takes lone surrogates, and PostgreSQL no NUL.
            text = json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise InvalidRequest(f"The body is not valid JSON: {error}.") from error
        # NUL as `json.dumps` writes it; an escaped backslash before the same letters is none.
        if rb"\u0000" in text.replace(rb"\\", b""):
            raise InvalidRequest("The body holds a NUL character. Remove it.")
        return data


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that comes twice: a proxy that checks the first would pass on the second."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(f"{name} is no JSON value")
