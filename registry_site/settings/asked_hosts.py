"""Reading which hosts programs of sensitive models may ask, as in `policy.example.com,b:8443`."""

from ipaddress import AddressValueError, IPv4Address, IPv4Network

from . import environment as env

_HTTPS_PORT = 443
_NONE = IPv4Network("0.0.0.0/8")
_NAME_MAX_CHARS, _LABEL_MAX_CHARS, _PORT_MAX_CHARS = 253, 63, 5
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def read_hosts(name: str) -> tuple[str, ...]:
    """Return `host:port` pairs of a variable, in lower case; without a port, 443 is meant.

    Raises:
        ImproperlyConfigured: one is no such pair, or an address that no service has: of a link
            (169.254.0.0/16, where clouds keep credentials), of many, or of none.
    """
    found = []
    for word in env.words(name):
        host, colon, port = word.lower().partition(":")
        if not colon:
            port = str(_HTTPS_PORT)
        if not (_is_port(port) and _is_name(host) and _can_serve(host)):
            env.complain(
                name,
                "must be a host that is asked by https, with a port unless that is 443, as in "
                "policy.example.com or 10.0.0.7:8443.",
                word,
            )
        found.append(f"{host}:{int(port)}")
    return tuple(found)


def _is_port(text: str) -> bool:
    """Whether a text is the number of a port."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _PORT_MAX_CHARS
    return is_number and 0 < int(text) <= env.PORT_MAX


def _is_name(host: str) -> bool:
    """Whether a text is made as names of hosts are (RFC 1123, 2.1, and underscores)."""
    return len(host) <= _NAME_MAX_CHARS and all(
        0 < len(label) <= _LABEL_MAX_CHARS
        and _LETTERS.issuperset(label)
        and label.strip("-") == label
        for label in host.split(".")
    )


def _can_serve(host: str) -> bool:
    """Whether a host is a name, or an address of IPv4 that a service may have.

    A name that ends in a number is read as an address (URL Standard, 3.5, "ends in a number").
    """
    last = host.rpartition(".")[2]
    if not (last.isdecimal() or last.startswith("0x")):
        return True
    try:
        ip = IPv4Address(host)
    except AddressValueError:
        return False
    return not (ip.is_link_local or ip.is_multicast or ip.is_reserved or ip in _NONE)
