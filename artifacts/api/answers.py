"""The last look at an answer: none is larger than the door that it goes through.

Lists have pages or limits of their own. This is for the one that forgets them: without it a
function on Lambda would answer 502, and nobody would learn why.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from artifacts.api.handlers import too_large
from artifacts.exceptions import AnswerTooLarge
from artifacts.limits import ANSWER_MAX_BYTES


class AnswerMiddleware:
    """Answers 413 instead of more than `ANSWER_MAX_BYTES`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let an answer pass, or say that it is too large; files are sent piece by piece."""
        response = self.get_response(request)
        if response.streaming or carried_bytes(response.content) <= ANSWER_MAX_BYTES:
            return response
        return too_large(request, AnswerTooLarge(ANSWER_MAX_BYTES))


def carried_bytes(body: bytes) -> int:
    """Return how many bytes a body takes within the JSON that Lambda hands back."""
    if len(body) * 2 <= ANSWER_MAX_BYTES:
        return len(body)
    return len(body) + body.count(b'"') + body.count(b"\\") + body.count(b"\n")
