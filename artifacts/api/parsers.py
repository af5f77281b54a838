"""Reading JSON bodies of strangers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from artifacts.exceptions import ContentTooLarge, InvalidRequest

# NUL as `json.dumps` writes it: an escape, and no escaped backslash before the rest of it.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


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
            data = json.loads(raw, parse_constant=_refuse)
            # No UTF-8 encoder takes lone surrogates, and PostgreSQL no NUL.
            text = json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise InvalidRequest(f"The body is not valid JSON: {error}.") from error
        if _NUL.search(text):
            raise InvalidRequest("The body holds a NUL character. Remove it.")
        return data


def _refuse(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(f"{name} is no JSON value")
