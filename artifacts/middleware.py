"""Work around every request: its id, its log line, its statistics and its protective headers.

Each request has one log line, whatever its outcome; the line's event names the outcome.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import LazyObject

from artifacts.client_address import EVENT, UNKNOWN_ADDRESS, client_address
from artifacts.limits import REQUEST_SLOW_S
from artifacts.request_id import get_route_pattern, new_request_id, noted_failure
from artifacts.services.access.token_use import write_uses
from artifacts.services.upkeep import activity

logger = logging.getLogger(__name__)

REQUEST_ID_HEADER = "X-Request-Id"
# Neither a shared cache nor the browser's own may store it (RFC 9111 section 5.2.2).
PRIVATE = "private, no-store"


def page_policy(*origins: str) -> str:
    """Return the Content-Security-Policy of a page.

    Pages show strangers' names and cards, so only our own files may run or load there.

    Args:
        origins: sites besides this one to which the page's scripts may send requests.
    """
    allowed = ("'self'", *origins)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src {' '.join(allowed)}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


PAGE_POLICY = page_policy()
# Where `registry_site/lambda_requests.py` puts Lambda's context of the invocation.
_CONTEXT = "lambda.context"
# Probes come every few seconds, and their lines tell nothing while the answers are good.
_PROBED_ROUTES = ("/health",)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))
# Made-up methods are counted together; otherwise each would be a row of the statistics.
_OTHER_METHOD = "(other)"


class RequestMiddleware:
    """Gives each request an id, logs and counts it, and adds protective headers to its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and record the outcome."""
        started = time.monotonic()
        with new_request_id(request) as request_id:
            response = self.get_response(request)
            response[REQUEST_ID_HEADER] = request_id
            protect(response)
            if response.status_code == HTTPStatus.NOT_MODIFIED:
                # Django sends 0; RFC 9110 section 8.6 allows none, or the length of the 200.
                del response["Content-Length"]
            elif request.method == "HEAD":
                _empty(response)
            match = request.resolver_match
            # The path may hold a signed link, which is secret, so the route is logged instead.
            route = get_route_pattern(request)
            method = known_method(request.method)
            kind = str(match.kwargs.get("artifact_type", "")) if match else ""
            address, took_s = client_address(request), time.monotonic() - started
            counted = f"{method} {route}"
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or took_s > REQUEST_SLOW_S:
                activity.note_failed(counted, response.status_code, took_s)
            known = address if address != UNKNOWN_ADDRESS else ""
            _when_sent(
                response,
                lambda: activity.count(counted, response.status_code, kind, took_s, known),
            )
            _when_sent(response, write_uses)
            write_line(
                started=started,
                is_quiet=_is_public(response) or route in _PROBED_ROUTES,
                method=method,
                status=response.status_code,
                size_bytes=_size_bytes(response),
                user=_user_name(request),
                address=address,
                **_gateways_ids(request),
            )
            return response


def _when_sent(response: HttpResponse, do: Callable[[], None]) -> None:
    """Do something once the answer is sent: a server closes it then (PEP 3333)."""
    cast("Any", response)._resource_closers.append(do)  # noqa: SLF001  (the only way in)


def write_line(*, started: float, status: int, is_quiet: bool = False, **fields: Any) -> None:
    """Write the one line of a request that was answered, or refused before it was read.

    Args:
        started: when the request came, by the monotonic clock.
        is_quiet: whether a line about success helps only in debugging.
        fields: what else is known of the request, but never its path: it may hold a signed link.
    """
    took_s = time.monotonic() - started
    fields |= {"status": status, "duration_ms": round(took_s * 1000, 1)}
    failure = noted_failure()
    if failure is not None:
        extra = fields | failure.fields
        logger.log(failure.level, failure.event, exc_info=failure.error, extra=extra)
    elif took_s > REQUEST_SLOW_S:
        logger.warning("request.slow", extra=fields)
    elif is_quiet and status < HTTPStatus.BAD_REQUEST:
        logger.debug("request.answered", extra=fields)
    else:
        logger.info("request.answered", extra=fields)


def known_method(method: str | None) -> str:
    """Return the method to count and log; all made-up methods share one name."""
    return method if method in _METHODS else _OTHER_METHOD


def _user_name(request: HttpRequest) -> str:
    """Return the caller's name if answering has loaded it; the log causes no query of its own."""
    user = vars(request).get("user")
    if isinstance(user, LazyObject):
        user = vars(request).get("_cached_user")
    return str(getattr(user, "username", "") or "-")


def _gateways_ids(request: HttpRequest) -> dict[str, str]:
    """Return the request's ids in the logs of the gateway and Lambda; none without them."""
    context = (request.META.get(EVENT) or {}).get("requestContext") or {}
    ids = {
        "gateway_request_id": context.get("requestId"),
        "lambda_request_id": getattr(request.META.get(_CONTEXT), "aws_request_id", None),
    }
    return {name: str(each) for name, each in ids.items() if each}


def _size_bytes(response: HttpResponse) -> int | None:
    """Return the size of an answer's body; None if it is streamed without a stated size."""
    if not response.streaming:
        return len(response.content)
    stated = response.get("Content-Length", "")
    return int(stated) if stated.isdecimal() else None


def _empty(response: HttpResponse) -> None:
    """Remove the body of an answer to HEAD; its headers stay those of GET.

    Neither Django nor waitress does that. On a connection that is kept open, a client would read
    the body as the beginning of the next answer.
    """
    if response.streaming:
        # What it would have read is closed with the answer, by the server.
        cast("Any", response).streaming_content = ()
        return
    response.setdefault("Content-Length", str(len(response.content)))
    length = response["Content-Length"]
    response.content = b""
    response["Content-Length"] = length


def protect(response: HttpResponse) -> None:
    """Set the headers that forbid caching, guessing of types and leaking of addresses.

    One rule for all: an answer is private to its caller, errors and redirects to signed links
    included, unless it says that it is public, as only static files do.
    """
    if not _is_public(response):
        response["Cache-Control"] = PRIVATE
        del response["Expires"]
        patch_vary_headers(response, ("X-Authorization", "Authorization", "Cookie"))
    response["X-Content-Type-Options"] = "nosniff"
    if not response.get("Content-Type", "").startswith("text/html"):
        # The URL may hold a signed link.
        response["Referrer-Policy"] = "no-referrer"
        return
    # With no-referrer, browsers send forms with `Origin: null`, which no CSRF check accepts.
    response.setdefault("Referrer-Policy", "same-origin")
    response.setdefault("Content-Security-Policy", PAGE_POLICY)


def _is_public(response: HttpResponse) -> bool:
    """Say whether an answer is the same for everybody, as static files are."""
    return "public" in response.get("Cache-Control", "")
