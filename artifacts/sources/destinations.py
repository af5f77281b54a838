"""Where a request may be sent, judged by its URL alone; `addresses.py` judges the IP address."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from django.conf import settings

from artifacts.exceptions import SourceRefused


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port


def shown(url: str) -> str:
    """Return a URL for the log, without its query, which holds the secrets of signed addresses."""
    return url.partition("?")[0]


def check_url(url: str) -> None:
    """Check that a URL may be requested; its IP addresses are checked on connecting.

    Raises:
        SourceRefused: it is no http(s) URL, contains credentials, or is unencrypted although the
            settings do not name its host.
    """
    try:
        scheme, host, port = origin(url)
        credentials = urlsplit(url).username is not None
    except ValueError as error:
        raise SourceRefused("A source named an address that is no URL.") from error
    named = f"{host}:{port}" in settings.REGISTRY_PRIVATE_HOSTS or any(
        origin(base) == (scheme, host, port)
        for base in (
            settings.HF_ENDPOINT, settings.GITHUB_API_URL, settings.GITHUB_WEB_URL,
            settings.KAGGLE_URL,
        )
    )  # fmt: skip
    if not host or credentials or scheme not in ("http", "https"):
        raise SourceRefused("A source named an address that requests may not be sent to.")
    if scheme == "http" and not named:
        raise SourceRefused(f"{host} is reached without encryption; only https is.")


def redirected(url: str, location: str) -> str:
    """Return the target of a redirect; the caller must still pass it to `check_url`.

    Raises:
        SourceRefused: it is no URL, or drops encryption for a host that the settings do not name.
    """
    host = urlsplit(url).hostname
    try:
        target = urljoin(url, location)
        scheme, target_host, port = origin(target)
    except ValueError as error:
        raise SourceRefused(f"{host} redirects to an address that is no URL.") from error
    downgraded = urlsplit(url).scheme == "https" and scheme != "https"
    if downgraded and f"{target_host}:{port}" not in settings.REGISTRY_PRIVATE_HOSTS:
        raise SourceRefused(f"{host} redirects to an unencrypted address.")
    return target
