"""Accepts headers about the origin of a request from trusted proxies only.

These headers name the client's address, the scheme and the host, and anybody can send them.
`ForwardingMiddleware` removes them before anything reads them, unless the request comes from a
trusted proxy. Later readers may trust what remains (`artifacts/client_address.py`, Django's
SECURE_PROXY_SSL_HEADER).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from artifacts.client_address import comes_from_proxy

logger = logging.getLogger(__name__)

# The only path that is open to probes by load balancers.
HEALTH_PATH = "/health"
_PROTO = "HTTP_X_FORWARDED_PROTO"
# The header of RFC 7239 and the older ones.
_HEADERS = (
    _PROTO,
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_FORWARDED",
)


class ForwardingMiddleware:
    """Removes headers about a request's origin, unless it comes from a trusted proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response
        self._has_warned = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Remove the headers if necessary, and let the request pass."""
        if not comes_from_proxy(request):
            if _PROTO in request.META and not self._has_warned:
                # Only once: anybody can send it. Behind an unnamed proxy, redirects never end.
                self._has_warned = True
                peer = request.META.get("REMOTE_ADDR") or "unix"
                logger.warning("proxy.not_trusted", extra={"address": peer})
            for name in _HEADERS:
                request.META.pop(name, None)
        return self.get_response(request)


class ProbeMiddleware:
    """Lets load balancers probe the registry by a machine's address, as they do not know its name.

    The host of such a request would be refused, so it is replaced. The answer holds no link.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace a probe's host by ours."""
        if request.path_info == HEALTH_PATH and request.method in ("GET", "HEAD"):
            ours = next(iter(settings.ALLOWED_HOSTS), "*").removeprefix(".")
            if ours != "*":
                request.META["HTTP_HOST"] = ours
        return self.get_response(request)
