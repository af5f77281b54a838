"""Refuses bodies that are too long before anything reads them, behind any server."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import ContentTooLarge
from artifacts.rules.values import whole_number
from artifacts.storage.links import UPLOADS_PATH


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
        is_long = stated_bytes is None or stated_bytes > most
        # Only these paths accept files, and their views check the length of each.
        if is_long and not request.path_info.startswith(UPLOADS_PATH):
            return answer_error(
                ContentTooLarge(f"The body is longer than {most:,} bytes. Send files by /uploads.")
            )
        return self.get_response(request)
