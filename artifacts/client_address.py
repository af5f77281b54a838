"""The address from which a request comes, as far as a trusted party states it."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from registry_site.settings.environment import UNIX_SOCKET

UNKNOWN_ADDRESS = "unknown"
# A provider gives each customer at least a /64 (RFC 6177), so its 2 ** 64 addresses count as one.
_IPV6_PREFIX_BITS = 64
# `registry_site/lambda_requests.py` puts the function's event here; no header of a client can.
EVENT = "lambda.event"


def client_address(request: HttpRequest) -> str:
    """Return the address from which a request comes; for IPv6 the customer's network.

    Anybody can write `X-Forwarded-For`. Only the entries at its end count that trusted proxies have
    added (REGISTRY_TRUSTED_PROXIES): as many as there are proxies, or, if the proxies are named, up
    to the first entry that is not one of them.

    Returns:
        `UNKNOWN_ADDRESS` if nobody states it, or the statement is not an address.
    """
    forwarded = [
        entry.strip()
        for entry in request.headers.get("X-Forwarded-For", "").split(",")
        if entry.strip()
    ]
    event = request.META.get(EVENT)
    if isinstance(event, Mapping):
        peer = _gateways_word(event) or (forwarded.pop() if forwarded else "")
        # The gateway itself has added the address to the header, perhaps followed by its own
        # network. The entries before that are as others sent them.
        if peer in forwarded:
            last = len(forwarded) - 1 - forwarded[::-1].index(peer)
            forwarded = forwarded[:last]
    else:
        peer = request.META.get("REMOTE_ADDR", "")
    chain = [*forwarded, peer]
    trusted = settings.REGISTRY_TRUSTED_PROXIES
    if isinstance(trusted, int):
        return normal_address(chain[max(-len(chain), -1 - trusted)])
    while len(chain) > 1 and _is_named(chain[-1], trusted):
        chain.pop()
    return normal_address(chain[-1])


def comes_from_proxy(request: HttpRequest) -> bool:
    """Say whether the peer is trusted to state a request's origin in headers.

    On Lambda the peer is the gateway, which writes those headers itself.
    """
    if isinstance(request.META.get(EVENT), Mapping):
        return True
    trusted = settings.REGISTRY_TRUSTED_PROXIES
    if isinstance(trusted, int):
        return trusted > 0
    return _is_named(request.META.get("REMOTE_ADDR", ""), trusted)


def _is_named(peer: str, trusted: Collection[str]) -> bool:
    """Say whether a peer is a trusted proxy; a peer without an address came by a Unix socket."""
    if not peer:
        return UNIX_SOCKET in trusted
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in _network(name) for name in trusted if name != UNIX_SOCKET)


@cache
def _network(name: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Parse a network from the settings."""
    return ipaddress.ip_network(name)


def _gateways_word(event: Mapping[str, Any]) -> str:
    """Return the peer's address as API Gateway or a function URL states it, else "".

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html and
        https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
    """
    context = event.get("requestContext") or {}
    for part in ("identity", "http"):
        if address := (context.get(part) or {}).get("sourceIp"):
            return str(address)
    return ""


def normal_address(text: str) -> str:
    """Return the normal spelling of an address; for IPv6 the customer's network."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _IPV6_PREFIX_BITS), strict=False))
