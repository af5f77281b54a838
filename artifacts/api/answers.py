"""The last check of an answer: none may be larger than the server can send.

Lists have pages or limits of their own. This is for the one that forgets them: otherwise a Lambda
function would answer 502, and nobody would learn why.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import AnswerTooLarge
from artifacts.limits import ANSWER_MAX_BYTES


class AnswerMiddleware:
    """Answers 413 instead of more than `ANSWER_MAX_BYTES`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, or one saying that it is too large; files are sent piece by piece."""
        response = self.get_response(request)
        if response.streaming or carried_bytes(response.content) <= ANSWER_MAX_BYTES:
            return response
        return answer_error(AnswerTooLarge(ANSWER_MAX_BYTES))


def carried_bytes(body: bytes) -> int:
    """Return how many bytes a body takes in the JSON that Lambda returns."""
    if len(body) * 2 <= ANSWER_MAX_BYTES:
        return len(body)
    return len(body) + body.count(b'"') + body.count(b"\\") + body.count(b"\n")
