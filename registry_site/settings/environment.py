"""Typed readers of environment variables, which fail loudly.

Only the settings modules read the environment; everything else reads `django.conf.settings`. Each
complaint is one sentence that names the variable, and shows its value unless that is a secret.
"""

import os
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .variables import VARIABLES

# Linux allows 128 kB a variable; the longest sensible one lists some hundred host names.
_VALUE_MAX_CHARS = 10_000
# So much of a wrong value is shown: enough to know it again.
_SHOWN_MAX_CHARS = 60
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL}){{0,126}}"
_IPV6 = r"\[[0-9A-Fa-f:.]{2,45}\]"
_HOST = re.compile(rf"{_NAME}|{_IPV6}")
# Django's own forms: `*` for all, `.example.com` for all below one.
_HOST_PATTERN = re.compile(rf"\*|\.?{_NAME}|{_IPV6}")
_HOST_AND_PORT = re.compile(rf"(?:{_NAME}|{_IPV6}):(?P<port>[0-9]{{1,5}})")
_ORIGIN = re.compile(rf"https?://(?:(?:\*\.)?{_NAME}|{_IPV6})(?::(?P<port>[0-9]{{1,5}}))?")
# What may stand in a header without a change of its meaning (RFC 9110 section 5.5, without blanks).
_TOKEN = re.compile(r"[!-~]+")
PORT_MAX = 65_535


def complain(name: str, reason: str, wrong: str = "") -> NoReturn:
    """Stop the start with a sentence about a variable.

    Args:
        reason: what is wrong and what to write instead, as in "must be ...".
        wrong: the part of the value that is wrong, where it is not the whole.

    Raises:
        ImproperlyConfigured: always.
    """
    value = wrong or os.environ.get(name, "").strip()
    verb = "holds" if wrong else "is"
    shown = "" if VARIABLES[name].secret or not value else f" {verb} {_shortened(value)}; it"
    raise ImproperlyConfigured(f"{name}{shown} {reason}")


def demand(names: Collection[str]) -> None:
    """See that variables are there.

    Raises:
        ImproperlyConfigured: some are not; all of them are named.
    """
    missing = [name for name in names if not os.environ.get(name, "").strip()]
    if missing:
        raise ImproperlyConfigured(
            f"Set the environment variables {', '.join(missing)}: production has no default for "
            "them. docs/settings.md describes each."
        )


def text(name: str, default: str | None = None) -> str:
    """Return a variable; without a default it is required.

    Raises:
        ImproperlyConfigured: the variable is missing or empty and there is no default; or it holds
            what no value can: control characters, bytes that are no UTF-8, far too many characters.
    """
    # A variable that is not in the table is a mistake of ours, not of whoever sets it.
    VARIABLES[name]
    value = os.environ.get(name, "").strip()
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
        ImproperlyConfigured: it is no whole number, or not between minimum and maximum.
    """
    value = text(name, str(default))
    if _WHOLE_NUMBER.fullmatch(value) is None or not minimum <= int(value) <= maximum:
        complain(name, f"must be a whole number from {minimum} to {maximum}, in digits.")
    return int(value)


def token(name: str) -> str:
    """Return a credential that is sent in a header; "" when there is none.

    Raises:
        ImproperlyConfigured: it holds white space or anything else than ASCII.
    """
    value = text(name, "")
    if value and _TOKEN.fullmatch(value) is None:
        complain(name, "must be one word of ASCII letters, digits and signs.")
    return value


def secret(name: str, *, maximum_chars: int) -> str:
    """Return a password; "" when there is none.

    Raises:
        ImproperlyConfigured: it is too long to be typed anywhere else.
    """
    value = text(name, "")
    if len(value) > maximum_chars:
        complain(name, f"must not have more than {maximum_chars:,} characters.")
    return value


def words(name: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Return a list of words that are separated by commas or white space."""
    return tuple(text(name, " ".join(default)).replace(",", " ").split())


def pattern(name: str, default: str, form: str, description: str) -> str:
    """Return a text that has to fit an expression.

    Raises:
        ImproperlyConfigured: it does not; the description says what it must be.
    """
    value = text(name, default)
    if value and re.fullmatch(form, value) is None:
        complain(name, f"must be {description}.")
    return value


def hosts(name: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Return host names, in lower case.

    Raises:
        ImproperlyConfigured: one of them is an address, or has a port, or is no name at all.
    """
    hint = "must list host names alone, without scheme, port or path, as in registry.example.com."
    return _each(name, default, lambda word: bool(_HOST.fullmatch(word)), hint)


def host_patterns(name: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Return what Django takes for ALLOWED_HOSTS: host names, `.example.com`, `*`.

    Raises:
        ImproperlyConfigured: one of them is an address, or has a port, or is no name at all.
    """
    hint = (
        "must list host names alone, without scheme, port or path, as in registry.example.com, or "
        ".example.com for all below it."
    )
    return _each(name, default, lambda word: bool(_HOST_PATTERN.fullmatch(word)), hint)


def hosts_with_ports(name: str) -> tuple[str, ...]:
    """Return `host:port` pairs, in lower case.

    Raises:
        ImproperlyConfigured: one of them is something else.
    """
    hint = f"must list pairs of host and port (1 to {PORT_MAX}), as in 127.0.0.1:9000."
    return _each(name, (), lambda word: _has_port(_HOST_AND_PORT.fullmatch(word)), hint)


def origins(name: str) -> tuple[str, ...]:
    """Return origins as browsers name them: scheme, host, and a port where it is not the usual one.

    Raises:
        ImproperlyConfigured: one of them is something else.
    """
    hint = "must list origins, scheme and host and nothing behind, as in https://example.com."

    def fits(word: str) -> bool:
        found = _ORIGIN.fullmatch(word)
        return found is not None and (found["port"] is None or _has_port(found))

    return _each(name, (), fits, hint)


def base_url(name: str, default: str) -> str:
    """Return an http(s) address without a slash at its end; "" where it is not set and that is so.

    Raises:
        ImproperlyConfigured: it is none, or has credentials, a query or a fragment.
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
    """Return a path, absolute."""
    return Path(text(name, str(default))).absolute()


def is_address(value: str) -> bool:
    """Whether a text is scheme, host, and perhaps a port and a path; nothing else."""
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


def _each(
    name: str, default: Collection[str], fits: Callable[[str], bool], hint: str
) -> tuple[str, ...]:
    """Return the words of a list, in lower case; complain about the first that does not fit."""
    found = tuple(word.lower() for word in words(name, default))
    wrong = next((word for word in found if not fits(word)), None)
    if wrong is not None:
        complain(name, hint, wrong)
    return found


def _has_port(found: re.Match[str] | None) -> bool:
    """Whether there is a port, and a possible one."""
    return found is not None and 0 < int(found["port"]) <= PORT_MAX


def _shortened(value: str) -> str:
    """Return a value as it is shown: whatever it holds, it is one short line."""
    return ascii(value if len(value) <= _SHOWN_MAX_CHARS else f"{value[:_SHOWN_MAX_CHARS]}...")
