"""Where a request comes from, as far as somebody says so who can be believed."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

UNKNOWN_ADDRESS = "unknown"
# A provider gives each customer at least so much of an IPv6 address (RFC 6177): a customer with
# 2 ** 64 addresses is still one.
_IPV6_PREFIX_BITS = 64
# Zappa's handler puts the event of the function there; no header of a client can.
_EVENT = "lambda.event"


def client_address(request: HttpRequest) -> str:
    """Return the address that a request comes from; for IPv6 the network of a customer.

    `X-Forwarded-For` is written by anybody. Of it only as many entries count, from its end, as
    there are proxies of our own in front (REGISTRY_TRUSTED_PROXIES).

    Returns:
        `UNKNOWN_ADDRESS` where nobody says so, or what is said is no address.
    """
    forwarded = [
        entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry
    ]
    event = request.META.get(_EVENT)
    if isinstance(event, Mapping):
        peer = _gateways_word(event) or (forwarded.pop() if forwarded else "")
        # The gateway has added the address to the header itself, and its own network, perhaps,
        # behind it. What comes before is as others sent it.
        if peer in forwarded:
            last = len(forwarded) - 1 - forwarded[::-1].index(peer)
            forwarded = forwarded[:last]
    else:
        peer = request.META.get("REMOTE_ADDR", "")
    chain = [*forwarded, peer]
    return _normal(chain[max(-len(chain), -1 - settings.REGISTRY_TRUSTED_PROXIES)])


def _gateways_word(event: Mapping[str, Any]) -> str:
    """Return what API Gateway or a function URL says of the peer, "" if the event is of neither.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html and
        https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
    """
    context = event.get("requestContext") or {}
    for part in ("identity", "http"):
        if address := (context.get(part) or {}).get("sourceIp"):
            return str(address)
    return ""


def _normal(text: str) -> str:
    """Return one spelling of an address."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _IPV6_PREFIX_BITS), strict=False))
