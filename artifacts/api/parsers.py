"""Parsing strangers' JSON bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from artifacts.exceptions import ContentTooLarge
from artifacts.rules.documents import read_strict_json


class StrictJSONParser(BaseParser):
    """Treats every body as JSON, whatever its type: many clients state none, or that of a form."""

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
            InvalidRequest: it is not strict JSON, or holds what cannot be stored.
        """
        return read_strict_json(read_body(stream), "The body")


def read_body(stream: Any) -> bytes:
    """Return a body that is parsed as a whole.

    Raises:
        ContentTooLarge: it has more than `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes.
    """
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    return read_limited(stream, limit, "The body", "Send files by POST /uploads.")


def read_limited(stream: Any, max_bytes: int, what: str, advice: str) -> bytes:
    """Return all of a stream.

    Args:
        what: what it is, as a sentence begins.
        advice: what to do if it is too long, in a sentence.

    Raises:
        ContentTooLarge: it has more than `max_bytes`.
    """
    raw: bytes = stream.read(max_bytes + 1)
    if len(raw) > max_bytes:
        raise ContentTooLarge(f"{what} has over {max_bytes:,} bytes. {advice}")
    return raw
