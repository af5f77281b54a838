"""Typed readers of environment variables, which fail loudly.

Only the settings modules call them; everything else reads `django.conf.settings`. Each complaint is
one sentence that names the variable, and shows its value unless that is secret.
"""

import re
from collections.abc import Callable, Collection
from ipaddress import ip_network
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .given import describe_source, read_value
from .variables import VARIABLES

# Linux allows 128 kB per variable; the longest sensible value lists some hundred host names.
_VALUE_MAX_CHARS = 10_000
# How much of a wrong value is shown: enough to recognize it.
_SHOWN_MAX_CHARS = 60
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL}){{0,126}}"
_IPV6 = r"\[[0-9A-Fa-f:.]{2,45}\]"
_HOST = re.compile(rf"{_NAME}|{_IPV6}")
# Django's own forms: `*` for all hosts, `.example.com` for a domain and its subdomains.
_HOST_PATTERN = re.compile(rf"\*|\.?{_NAME}|{_IPV6}")
_HOST_AND_PORT = re.compile(rf"(?:{_NAME}|{_IPV6}):(?P<port>[0-9]{{1,5}})")
_ORIGIN = re.compile(rf"https?://(?:(?:\*\.)?{_NAME}|{_IPV6})(?::(?P<port>[0-9]{{1,5}}))?")
# What a header can hold without any change of meaning (RFC 9110 section 5.5, without spaces).
_TOKEN = re.compile(r"[!-~]+")
PORT_MAX = 65_535
# More than any real chain of proxies.
_PROXIES_MAX = 100
# Trusts as a proxy every process that may connect to the Unix socket, which has no address.
UNIX_SOCKET = "unix"


def complain(name: str, reason: str, wrong: str = "") -> NoReturn:
    """Stop the start with a sentence about a variable.

    Args:
        reason: what is wrong and what to write instead, as in "must be ...".
        wrong: the part of the value that is wrong, if it is not the whole.

    Raises:
        ImproperlyConfigured: always.
    """
    value = wrong or read_value(name)
    verb = "holds" if wrong else "is"
    shown = "" if VARIABLES[name].secret or not value else f" {verb} {_shortened(value)}; it"
    # Without its cause: libraries show what they could not parse, which may be a password.
    raise ImproperlyConfigured(f"{name}{describe_source(name)}{shown} {reason}") from None


def demand(names: Collection[str]) -> None:
    """Check that variables are set.

    Raises:
        ImproperlyConfigured: some are not; names all of them.
    """
    missing = [name for name in names if not read_value(name)]
    if missing:
        raise ImproperlyConfigured(
            f"Set the environment variables {', '.join(missing)}: production has no default for "
            "them. docs/settings.md describes each."
        )


def text(name: str, default: str | None = None) -> str:
    """Return a variable; without a default it is required.

    Raises:
        ImproperlyConfigured: the variable is missing or empty and there is no default; or it holds
            control characters, bytes that are not UTF-8, or far too many characters.
    """
    # If a variable is not in the table, the mistake is ours and not the operator's.
    VARIABLES[name]
    value = read_value(name)
    if not value:
        if default is None:
            raise ImproperlyConfigured(
                f"Set the environment variable {name}: it has no default here."
            )
        return default
    if len(value) > _VALUE_MAX_CHARS:
        complain(name, f"must not have more than {_VALUE_MAX_CHARS:,} characters.")
    if any(ord(letter) < ord(" ") or letter == "\x7f" for letter in value):
        complain(name, "must not hold line breaks or other control characters.")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        complain(name, "must be UTF-8.")
    return value


def choice(name: str, choices: Collection[str], default: str) -> str:
    """Return a variable that must be one of a few words.

    Raises:
        ImproperlyConfigured: it is another word.
    """
    value = text(name, default).lower()
    if value not in choices:
        complain(name, f"must be one of: {', '.join(sorted(choices))}.")
    return value


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    """Return a whole number.

    Raises:
        ImproperlyConfigured: it is not a whole number between minimum and maximum.
    """
    value = text(name, str(default))
    if _WHOLE_NUMBER.fullmatch(value) is None or not minimum <= int(value) <= maximum:
        complain(name, f"must be a whole number from {minimum} to {maximum}, in digits.")
    return int(value)


def token(name: str) -> str:
    """Return a credential that is sent in a header; "" when there is none.

    Raises:
        ImproperlyConfigured: it holds white space or anything but ASCII.
    """
    value = text(name, "")
    if value and _TOKEN.fullmatch(value) is None:
        complain(name, "must be one word of ASCII letters, digits and signs.")
    return value


def secret(name: str, *, maximum_chars: int) -> str:
    """Return a password; "" when there is none.

    Raises:
        ImproperlyConfigured: it is longer than the sign-in forms accept.
    """
    value = text(name, "")
    if len(value) > maximum_chars:
        complain(name, f"must not have more than {maximum_chars:,} characters.")
    return value


def words(name: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Return a list of words that are separated by commas or white space."""
    return tuple(text(name, " ".join(default)).replace(",", " ").split())


def pattern(name: str, default: str, form: str, description: str) -> str:
    """Return a text that must match a regular expression.

    Raises:
        ImproperlyConfigured: it does not; uses the description to say what it must be.
    """
    value = text(name, default)
    if value and re.fullmatch(form, value) is None:
        complain(name, f"must be {description}.")
    return value


def hosts(name: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Return host names in lower case.

    Raises:
        ImproperlyConfigured: one of them is a URL, has a port, or is not a name at all.
    """
    hint = "must list host names alone, without scheme, port or path, as in registry.example.com."
    return _each(name, default, lambda word: bool(_HOST.fullmatch(word)), hint)


def host_patterns(name: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Return patterns for Django's ALLOWED_HOSTS: host names, `.example.com`, `*`.

    Raises:
        ImproperlyConfigured: one of them is a URL, has a port, or is not a name at all.
    """
    hint = (
        "must list host names alone, without scheme, port or path, as in registry.example.com, or "
        ".example.com for all below it."
    )
    return _each(name, default, lambda word: bool(_HOST_PATTERN.fullmatch(word)), hint)


def hosts_with_ports(name: str) -> tuple[str, ...]:
    """Return `host:port` pairs in lower case.

    Raises:
        ImproperlyConfigured: one of them is something else.
    """
    hint = f"must list pairs of host and port (1 to {PORT_MAX}), as in 127.0.0.1:9000."
    return _each(name, (), lambda word: _has_port(_HOST_AND_PORT.fullmatch(word)), hint)


def origins(name: str) -> tuple[str, ...]:
    """Return origins as browsers write them: scheme, host, and the port unless it is the default.

    Raises:
        ImproperlyConfigured: one of them is something else.
    """
    hint = "must list origins, scheme and host and nothing behind, as in https://example.com."

    def fits(word: str) -> bool:
        found = _ORIGIN.fullmatch(word)
        return found is not None and (found["port"] is None or _has_port(found))

    return _each(name, (), fits, hint)


def proxies(name: str) -> int | tuple[str, ...]:
    """Return which proxies are trusted: how many stand in front, or their addresses.

    Returns:
        A number; or addresses and networks in their usual spelling, and `unix` for every process
        that may connect to the Unix socket.

    Raises:
        ImproperlyConfigured: it is neither.
    """
    value = text(name, "0")
    if _WHOLE_NUMBER.fullmatch(value) is not None:
        return integer(name, 0, minimum=0, maximum=_PROXIES_MAX)
    hint = (
        f"must be a number from 0 to {_PROXIES_MAX}, or list addresses and networks, and unix for "
        "a socket, as in 10.0.0.0/8,127.0.0.1,unix."
    )
    found = _each(name, (), lambda word: word == UNIX_SOCKET or _is_network(word), hint)
    return tuple(word if word == UNIX_SOCKET else str(ip_network(word)) for word in found)


def base_url(name: str, default: str) -> str:
    """Return an http(s) URL without a slash at its end; "" if it is not set and the default is "".

    Raises:
        ImproperlyConfigured: it is not one, or has credentials, a query or a fragment.
    """
    value = text(name, default).rstrip("/")
    if value and not is_address(value):
        complain(
            name,
            "must be a plain address that starts with http:// or https://, as in "
            "https://example.com, without credentials, query or blanks.",
        )
    return value


def path(name: str, default: Path) -> Path:
    """Return an absolute path."""
    return Path(text(name, str(default))).absolute()


def is_address(value: str) -> bool:
    """Say whether a URL has only a scheme, a host, and perhaps a port and a path."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    host = parts.netloc if port is None else parts.netloc.rpartition(":")[0]
    return (
        parts.scheme in ("http", "https")
        and _HOST.fullmatch(host) is not None
        and port != 0
        and re.search(r"[?#@\s\\]|[^!-~]", value) is None
    )


def _is_network(word: str) -> bool:
    """Say whether a word is an IP address, or a network without bits set after its prefix."""
    try:
        ip_network(word)
    except ValueError:
        return False
    return True


def _each(
    name: str, default: Collection[str], fits: Callable[[str], bool], hint: str
) -> tuple[str, ...]:
    """Return the words of a list in lower case; complain about the first that does not fit."""
    found = tuple(word.lower() for word in words(name, default))
    wrong = next((word for word in found if not fits(word)), None)
    if wrong is not None:
        complain(name, hint, wrong)
    return found


def _has_port(found: re.Match[str] | None) -> bool:
    """Say whether there is a valid port."""
    return found is not None and 0 < int(found["port"]) <= PORT_MAX


def _shortened(value: str) -> str:
    """Return a value as one short printable line, whatever it holds."""
    return ascii(value if len(value) <= _SHOWN_MAX_CHARS else f"{value[:_SHOWN_MAX_CHARS]}...")
