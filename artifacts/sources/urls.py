"""Checking an artifact's URL before any source looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from artifacts.exceptions import InvalidUrl, UnknownHost
from artifacts.limits import URL_MAX_CHARS

_STANDARD_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class ParsedUrl:
    """An artifact's URL in its pieces.

    Attributes:
        host: in lower case, without `www.`.
        segments: the decoded parts of the path, empty ones left out.
    """

    url: str
    host: str
    segments: tuple[str, ...]


def parse_url(url: str) -> ParsedUrl:
    """Return an artifact's URL in its pieces.

    Raises:
        InvalidUrl: it is too long, no http(s) URL, or has credentials, another port, or characters
            in it that do not belong there.
        UnknownHost: this registry does not fetch from its host.
    """
    if not url or len(url) > URL_MAX_CHARS:
        raise InvalidUrl(f"The url must have 1 to {URL_MAX_CHARS:,} characters.")
    if not url.isprintable() or " " in url or "\\" in url:
        # Different programs read such characters differently: one checks, another fetches.
        raise InvalidUrl("The url holds white space, control characters or a backslash.")
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in _STANDARD_PORTS or not host:
        raise InvalidUrl("The url must begin with https:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise InvalidUrl("The url holds credentials. Leave them out: the registry has its own.")
    if parts.port not in (None, _STANDARD_PORTS[parts.scheme]):
        raise InvalidUrl("The url names a port. Only the standard ones are fetched from.")
    if host not in settings.REGISTRY_ALLOWED_HOSTS:
        raise UnknownHost(host, tuple(settings.REGISTRY_ALLOWED_HOSTS))
    segments = tuple(unquote(segment) for segment in parts.path.split("/") if segment)
    if any(
        segment in (".", "..") or "/" in segment or not segment.isprintable()
        for segment in segments
    ):
        raise InvalidUrl("The url's path holds '.', '..' or an encoded slash.")
    return ParsedUrl(url, host.removeprefix("www."), segments)


def _split(url: str) -> SplitResult:
    """Split a URL; a port that is no number is found here as well."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it checks it)
    except ValueError as error:
        raise InvalidUrl("The url is malformed.") from error
    return parts
