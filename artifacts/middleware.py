"""What happens around every request: its id, its line in the log, its place in the statistics."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import patch_vary_headers

from artifacts.request_id import new_request_id, route_of
from artifacts.services import activity

logger = logging.getLogger(__name__)

REQUEST_ID_HEADER = "X-Request-Id"
# RFC 9111 section 5.2.2: neither a shared cache nor the browser's own may keep it.
PRIVATE = "private, no-store"


def page_policy(*origins: str) -> str:
    """Return the Content-Security-Policy of a page.

    Pages show strangers' names and cards: nothing runs or loads there but our own files.

    Args:
        origins: where scripts of the page may send requests to beside this site.
    """
    allowed = ("'self'", *origins)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src {' '.join(allowed)}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


PAGE_POLICY = page_policy()
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))
# Made-up methods are counted together: each would be a row of the statistics.
_OTHER_METHOD = "(other)"


class RequestMiddleware:
    """Names, logs and counts each request, and says how its answer may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note what was answered."""
        started = time.monotonic()
        with new_request_id(request) as request_id:
            response = self.get_response(request)
            response[REQUEST_ID_HEADER] = request_id
            protect(response)
            if response.status_code == HTTPStatus.NOT_MODIFIED:
                # Django states 0; RFC 9110 section 8.6 has none, or what 200 would have.
                del response["Content-Length"]
            elif request.method == "HEAD":
                _empty(response)
            match = request.resolver_match
            # The path may hold a signed link, which is a secret: the route is logged instead.
            route = route_of(request)
            method = request.method if request.method in _METHODS else _OTHER_METHOD
            kind = str(match.kwargs.get("artifact_type", "")) if match else ""
            activity.count(f"{method} {route}", response.status_code, kind)
            logger.info(
                "request.answered",
                extra={
                    "method": method,
                    "status": response.status_code,
                    "duration_ms": round((time.monotonic() - started) * 1000, 1),
                },
            )
            return response


def _empty(response: HttpResponse) -> None:
    """Take the body out of an answer to HEAD, whose headers stay those of GET.

    Neither Django nor waitress nor Zappa does: over a connection that is kept open, a client would
    read the body as the beginning of the next answer.
    """
    if response.streaming:
        response.close()
        cast("StreamingHttpResponse", response).streaming_content = ()
        return
    response.setdefault("Content-Length", str(len(response.content)))
    length = response["Content-Length"]
    response.content = b""
    response["Content-Length"] = length


def protect(response: HttpResponse) -> None:
    """Give an answer the headers that keep it from being stored, guessed about or told on.

    One rule for all: an answer is its caller's own, errors and redirects to signed links included,
    unless it says that it is public, which static files alone do.
    """
    if "public" not in response.get("Cache-Control", ""):
        response["Cache-Control"] = PRIVATE
        del response["Expires"]
        patch_vary_headers(response, ("X-Authorization", "Cookie"))
    response["X-Content-Type-Options"] = "nosniff"
    if not response.get("Content-Type", "").startswith("text/html"):
        # An address may hold a signed link.
        response["Referrer-Policy"] = "no-referrer"
        return
    # Without any referrer browsers send forms with `Origin: null`, which no CSRF check lets pass.
    response.setdefault("Referrer-Policy", "same-origin")
    response.setdefault("Content-Security-Policy", PAGE_POLICY)
