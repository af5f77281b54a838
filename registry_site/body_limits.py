"""Bodies that are refused before anything reads them, whatever server stands in front."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import ContentTooLarge
from artifacts.rules.values import whole_number
from artifacts.storage.links import UPLOADS_PATH


class BodyLimitMiddleware:
    """Refuses a body that is too long before anybody is known to have sent it.

    Django has a limit for what it keeps in memory, but files of a form are written to disk before
    any view, and so before any user, is asked for: reading the form's CSRF token reads them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or let the request pass."""
        stated_bytes = whole_number(str(request.META.get("CONTENT_LENGTH") or "0"))
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        is_long = stated_bytes is None or stated_bytes > most
        # Files come there alone, and the views see to how long each is.
        if is_long and not request.path_info.startswith(UPLOADS_PATH):
            return answer_error(
                ContentTooLarge(f"The body is longer than {most:,} bytes. Send files by /uploads.")
            )
        return self.get_response(request)
