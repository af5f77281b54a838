"""Checking an artifact's URL before any source reads it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from django.conf import settings

from artifacts.exceptions import InvalidUrl, UnknownHost
from artifacts.limits import URL_MAX_CHARS
from artifacts.rules.page_urls import read_address

# Git's own schemes name the same repositories as https, by which they are fetched.
_STANDARD_PORTS = {"http": 80, "https": 443, "ssh": 22, "git": 9418}
_WEB = ("http", "https")
_GIT_USER = "git"
# GitHub's SSH for networks that close port 22 (GitHub documentation, "SSH over the HTTPS port").
_SSH_BY_HTTPS_PORT = {"ssh.github.com": ("github.com", 443)}
# What mail programs, chats and documents put around a URL.
_AROUND = {
    "<": ">", '"': '"', "'": "'", "`": "`", "(": ")", "[": "]", "\u201c": "\u201d",
    "\u201e": "\u201c", "\u2018": "\u2019", "\xab": "\xbb", "\u300c": "\u300d", "\uff08": "\uff09",
}  # fmt: skip
# Letters without a width, and marks of writing direction, which Windows copies along.
_OPENING = {closing: opening for opening, closing in _AROUND.items() if opening != closing}
_INVISIBLE_AROUND = (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# The end of the sentence that it was copied out of; no name of a repository or ref ends so.
_AFTER = ",;.!\u2026"
# The Hub's own file system, whose refs stand behind an `@` as pip's do: `hf://OWNER/NAME@REF`.
_HUB_FILES, _HUB_BY_PIP = "hf://", "git+https://huggingface.co/"
# The names of owner and repository hold no slash, encoded or not; branches, which follow, may.
_SEGMENTS_WITHOUT_SLASH = 2


@dataclass(frozen=True)
class ParsedUrl:
    """An artifact's URL, parsed.

    Attributes:
        url: as the client wrote it.
        address: where a browser finds it, with its own host, query and fragment.
        scheme: as written, in lower case: `https`, but also `ssh` or `git`.
        host: in lower case, without `www.`.
        segments: the decoded parts of the path, without empty ones. From the third on, one may
            hold slashes, which were encoded: the Hub writes a branch as `tree/feature%2Fx`.
        ref: what follows the `@` in pip's form `git+https://HOST/OWNER/NAME.git@REF`; "" for none.
    """

    url: str
    address: str
    scheme: str
    host: str
    segments: tuple[str, ...]
    ref: str = ""


def parse_url(url: str) -> ParsedUrl:
    """Parse and check an artifact's URL, as people copy it: for a browser, for git or for pip.

    Raises:
        InvalidUrl: it is too long, no URL of the web or of git, or contains credentials, an unusual
            port or characters that do not belong in a URL.
        UnknownHost: this registry does not fetch from its host.
    """
    if not url or len(url) > URL_MAX_CHARS:
        raise InvalidUrl(f"The url must have 1 to {URL_MAX_CHARS:,} characters.")
    bare = _with_scheme(_unwrapped(url))
    if not bare.isprintable() or " " in bare or "\\" in bare:
        # Programs read such characters differently, so the one that fetches may see another URL.
        raise InvalidUrl("The url holds white space, control characters or a backslash.")
    is_pips = bare[:4].lower() == "git+"
    parts = _split(bare[4:] if is_pips else bare)
    host = _check_origin(parts)
    if host not in settings.REGISTRY_ALLOWED_HOSTS:
        raise UnknownHost(host, tuple(settings.REGISTRY_ALLOWED_HOSTS))
    path, _, ref = parts.path.partition("@") if is_pips else (parts.path, "", "")
    scheme = parts.scheme if parts.scheme in _WEB else "https"
    return ParsedUrl(
        url=url,
        address=urlunsplit((scheme, host, parts.path, parts.query, parts.fragment)),
        scheme=parts.scheme,
        host=host.removeprefix("www."),
        segments=_read_path(path),
        ref="/".join(_read_path(ref)),
    )


def _unwrapped(url: str) -> str:
    """Return a URL without blanks, brackets and quotation marks around it."""
    bare = read_address(url.strip().strip(_INVISIBLE_AROUND).strip())
    while len(bare) > 1 and _AROUND.get(bare[0]) == _without_stop(bare)[-1]:
        bare = _without_stop(bare)[1:-1].strip()
    return _without_stop(bare)


def _without_stop(url: str) -> str:
    """Return a URL without the comma or full stop behind it; `..` is a part of a path."""
    if url[-1:] in _AFTER and url[-2:-1] not in ("", ".", "/"):
        url = url[:-1]
    opening = _OPENING.get(url[-1:], "")
    # The end of brackets or quotation marks that began before it.
    return url[:-1] if opening and opening not in url[:-1] else url


def _with_scheme(url: str) -> str:
    """Return a URL for forms that lack a scheme of the web; any other unchanged.

    These are git's short form of SSH, `git@HOST:OWNER/NAME`, the Hub's `hf://OWNER/NAME`, and what
    browsers show and people type: `HOST/OWNER/NAME`, if the host is one of ours.
    """
    if url[: len(_HUB_FILES)].lower() == _HUB_FILES:
        return _HUB_BY_PIP + url[len(_HUB_FILES) :]
    bare = url.removeprefix("//")
    if bare.partition("/")[0].lower() in settings.REGISTRY_ALLOWED_HOSTS:
        return f"https://{bare}"
    user, at, rest = url.partition("@")
    host, colon, path = rest.partition(":")
    if user == _GIT_USER and at and colon and "/" not in host:
        return f"ssh://{_GIT_USER}@{host}/{path}"
    return url


def _check_origin(parts: SplitResult) -> str:
    """Check all that stands before the path, and return the host in lower case.

    Raises:
        InvalidUrl: see `parse_url`.
    """
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in _STANDARD_PORTS or not host:
        raise InvalidUrl("The url must begin with https:// and name a host.")
    user = None if parts.scheme == "ssh" and parts.username == _GIT_USER else parts.username
    if user is not None or parts.password is not None:
        raise InvalidUrl("The url holds credentials. Leave them out: the registry has its own.")
    if parts.scheme == "ssh" and _SSH_BY_HTTPS_PORT.get(host, ("", 0))[1] == parts.port:
        return _SSH_BY_HTTPS_PORT[host][0]
    if parts.port not in (None, _STANDARD_PORTS[parts.scheme]):
        raise InvalidUrl("The url names a port. Only standard ports are allowed.")
    return host


def _read_path(path: str) -> tuple[str, ...]:
    """Return the decoded parts of a path.

    Raises:
        InvalidUrl: one is '.' or '..', holds what cannot be seen, or a slash where none can be.
    """
    decoded = [unquote(segment) for segment in path.split("/") if segment]
    segments = ["/".join(filter(None, each.split("/"))) for each in decoded]
    if any("/" in each for each in decoded[:_SEGMENTS_WITHOUT_SLASH]) or any(
        not each.isprintable() or not {".", ".."}.isdisjoint(each.split("/")) for each in segments
    ):
        raise InvalidUrl("The url's path holds '.', '..', control characters or a misplaced slash.")
    return tuple(filter(None, segments))


def _split(url: str) -> SplitResult:
    """Split a URL, and make sure that its port is a number."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it checks it)
    except ValueError as error:
        raise InvalidUrl("The url is malformed.") from error
    return parts
