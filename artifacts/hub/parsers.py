"""Parsing bodies: the Hub's clients send JSON or a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from artifacts.api.parsers import StrictJSONParser, read_body
from artifacts.exceptions import InvalidRequest

_FORM = "application/x-www-form-urlencoded"


class JSONOrFormParser(StrictJSONParser):
    """Reads a form where the type says so, and JSON under any other type."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the body as data; of a form, each field as a list.

        Raises:
            ContentTooLarge, InvalidRequest: see `StrictJSONParser.parse`; or a form has more fields
                than Django reads.
        """
        if (media_type or "").partition(";")[0].strip().lower() != _FORM:
            return super().parse(stream, media_type, parser_context)
        try:
            form = QueryDict(read_body(stream))
        except UnicodeDecodeError as error:
            raise InvalidRequest("The form is not UTF-8.") from error
        return dict(form.lists())
