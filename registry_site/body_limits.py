"""What requests say of their bodies, looked at before anything reads those, behind any server.

Bodies that are too long are refused. A type that cannot be read counts as none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters

from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import ContentTooLarge
from artifacts.routes import body_max_bytes
from artifacts.rules.values import whole_number
from artifacts.storage.links import UPLOADS_PATH

_TYPE: Final = "CONTENT_TYPE"
_CHARSETS: Final = frozenset(("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1"))


def with_readable_types(
    application: Callable[..., Iterable[bytes]],
) -> Callable[..., Iterable[bytes]]:
    """Return a WSGI application that never sees a `Content-Type` which cannot be read.

    Django reads it before any middleware, and decodes even addresses by its charset. Python knows
    charsets that decode no text (`hex`, `zlib`), which is a 500, and keeps each name that it does
    not know for ever.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not _is_readable(environ.get(_TYPE) or ""):
            environ[_TYPE] = ""
        return application(environ, start_response)

    return answer


def _is_readable(content_type: str) -> bool:
    """Whether a type has the form of one, and no charset but those that everybody has."""
    try:
        _, parameters = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        # A parameter in a charset of its own (RFC 2231), or one that is too long.
        return False
    return str(parameters.get("charset", "utf-8")).lower() in _CHARSETS


class BodyLimitMiddleware:
    """Refuses a body that is too long before the sender is known.

    Django limits what it keeps in memory, but writes a form's files to disk before it looks for a
    view or a user: reading the form's CSRF token reads the files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse the request, or let it pass."""
        stated_bytes = whole_number(str(request.META.get("CONTENT_LENGTH") or "0"))
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        if stated_bytes is not None and stated_bytes > most:
            most = max(most, body_max_bytes(str(request.method), request.path_info))
        is_long = stated_bytes is None or stated_bytes > most
        # Only these paths accept files, and their views check the length of each.
        if is_long and not request.path_info.startswith(UPLOADS_PATH):
            return answer_error(
                ContentTooLarge(f"The body is longer than {most:,} bytes. Send files by /uploads.")
            )
        return self.get_response(request)
