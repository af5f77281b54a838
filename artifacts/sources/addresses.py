"""Which addresses outbound requests may reach.

Strangers name URLs, and must not make the registry fetch from its own network (server-side request
forgery, OWASP A10:2021). Each name is resolved once, each address is checked, and the connection
goes to the checked address, so a name that resolves differently a moment later ("DNS rebinding")
gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any, Final

from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

# Networks that the standard library calls global although no source can be there: IETF assignments
# and 6to4 relays (IANA special-purpose registries), 6to4 itself, which embeds an IPv4 address, the
# local form of NAT64 (RFC 8215), segment routing and documentation.
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24", "192.88.99.0/24", "2002::/16", "64:ff9b:1::/48", "5f00::/16", "3fff::/20",
    )
)  # fmt: skip
# How many addresses of a name are tried. They share the time to connect, and this machine may have
# no route to the address family of one or two.
_ADDRESSES_TRIED: Final = 3


class AddressRefused(Exception):
    """A name leads to an address that requests may not reach. Translated by `sources.http`."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, embedded addresses included."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.is_site_local:
            return False
    # Reserved includes ::/8, where IPv4-compatible, translated and NAT64 addresses embed any IPv4.
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _NOT_PUBLIC)
    return ip.is_global and not special


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, after checking that requests may reach each of them.

    Raises:
        AddressRefused: one of them is private, and the settings do not allow this host and port.
        OSError: the name does not resolve.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if f"{host.lower()}:{port}" in settings.REGISTRY_PRIVATE_HOSTS:
        return addresses
    refused = [address for address in addresses if not is_public(address)]
    if refused or not addresses:
        # One private address among public ones is a sign of rebinding, so none of them is used.
        raise AddressRefused(host)
    return addresses


def _connect(connection: HTTPConnection) -> socket.socket:
    """Open a connection's socket to a checked address."""
    host = connection._dns_host  # noqa: SLF001  (where urllib3 keeps the name to look up)
    try:
        addresses = resolve(host, connection.port)
    except socket.gaierror as error:
        raise NameResolutionError(host, connection, error) from error
    except UnicodeError as error:
        # A label of the name is empty or over 63 characters, so no query is sent.
        raise AddressRefused(host) from error
    tried = addresses[:_ADDRESSES_TRIED]
    timeout_s = connection.timeout / len(tried) if connection.timeout else connection.timeout
    last: OSError | None = None
    for address in tried:
        try:
            opened = create_connection(
                (address, connection.port),
                timeout_s,
                source_address=connection.source_address,
                socket_options=connection.socket_options,
            )
        except OSError as error:
            last = error
            continue
        # Connecting to an address may take its share of the time; the TLS handshake that follows
        # may take all of it.
        opened.settimeout(connection.timeout)
        return opened
    raise NewConnectionError(connection, f"Failed to connect: {last}") from last


class _CheckedHTTPConnection(HTTPConnection):
    """A connection to a checked address."""

    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _CheckedHTTPSConnection(HTTPSConnection):
    """A TLS connection to a checked address, which still verifies the host's name."""

    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _CheckedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _CheckedHTTPConnection


class _CheckedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedHTTPSConnection


class CheckedAdapter(HTTPAdapter):
    """Sends requests through checked connections only."""

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,  # noqa: FBT001, FBT002  (requests' form)
        **pool: Any,
    ) -> None:
        """Make the pools; the signature is that of requests."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **pool)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _CheckedHTTPPool,
            "https": _CheckedHTTPSPool,
        }
