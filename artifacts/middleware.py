"""What happens around every request: its id, its line in the log, its place in the statistics."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from artifacts.request_id import new_request_id
from artifacts.services import activity

logger = logging.getLogger(__name__)

REQUEST_ID_HEADER = "X-Request-Id"
# A route that no pattern fits: counted together, so that a scan of random paths is one row.
NO_ROUTE = "(no such path)"


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


class RequestMiddleware:
    """Names, logs and counts each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note what was answered."""
        started = time.monotonic()
        with new_request_id() as request_id:
            response = self.get_response(request)
            response[REQUEST_ID_HEADER] = request_id
            if response.get("Content-Type", "").startswith("text/html"):
                response.setdefault("Content-Security-Policy", PAGE_POLICY)
            match = request.resolver_match
            route = f"/{match.route}" if match else NO_ROUTE
            kind = str(match.kwargs.get("artifact_type", "")) if match else ""
            activity.count(f"{request.method} {route}", response.status_code, kind)
            # The path may hold a signed link, which is a secret: the route is logged instead.
            logger.info(
                "request.answered",
                extra={
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "duration_ms": round((time.monotonic() - started) * 1000, 1),
                },
            )
            return response
