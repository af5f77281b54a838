"""Every request to the outside is sent by this module.

It applies time limits, bounded retries that honour Retry-After, size limits on what is received,
and rules for hosts and addresses; it follows redirects itself, and turns every fault into one of
the registry's errors.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import DEFAULT_POOLBLOCK
from urllib3.exceptions import HTTPError

from artifacts.exceptions import (
    SourceRefused,
    SourceTooLarge,
    SourceUnavailable,
    TooMuchToRead,
    Unreadable,
)
from artifacts.limits import (
    ATTEMPTS_MAX,
    CONNECT_TIMEOUT_S,
    JSON_MAX_BYTES,
    READ_TIMEOUT_S,
    REDIRECTS_MAX,
)
from artifacts.rules.documents import read_json
from artifacts.sources import silence
from artifacts.sources.addresses import AddressRefused, CheckedAdapter
from artifacts.sources.answers import is_passing, judge, read_body
from artifacts.sources.destinations import check_url, origin, redirected, shown
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.retries import pause_before

logger = logging.getLogger(__name__)

USER_AGENT = "trustworthy-model-registry/0.1"
_REDIRECTS = (301, 302, 303, 307, 308)
# For a request just before its deadline, since a timeout of zero is an error.
_SHORTEST_TIMEOUT_S = 0.1
_POOL_CONNECTIONS = 32
_local = threading.local()


@dataclass(frozen=True)
class Answer:
    """A complete, small answer.

    Attributes:
        status: 2xx, 304 or one of the statuses that the caller accepts.
        headers: names are compared ignoring case.
        url: after redirects.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """Return the body as data.

        Raises:
            SourceUnavailable: it is no JSON (sources in trouble answer with HTML), or reading it
                takes longer than a request may; a task has more time.
            SourceTooLarge: it has more values than we read.
        """
        host = urlsplit(self.url).hostname
        try:
            return read_json(self.body, f"The answer of {host}", depth_max=None)
        except TooMuchToRead as error:
            kind = SourceUnavailable if error.try_later else SourceTooLarge
            raise kind(error.message) from error
        except Unreadable as error:
            raise SourceUnavailable(f"{host} did not answer with JSON. Try again later.") from error

    def text(self) -> str:
        """Return the body as text, replacing bytes that are not UTF-8."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Client:
    """Sends requests to one source.

    Attributes:
        base_url: the address of the source; credentials go to this origin only.
        token: sent as a bearer token to that origin, "" for none.
        headers: sent with every request.
        aliases: hosts by whose names the source's answers may call it. A mirror hands out the
            addresses of what it mirrors; they are asked for at the mirror.
    """

    base_url: str
    token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()

    def get(  # noqa: PLR0913  (what a request is made of, each with its usual value)
        self,
        path: str,
        *,
        inquiry: Inquiry,
        max_bytes: int = JSON_MAX_BYTES,
        accept: str = "application/json",
        method: str = "GET",
        also: tuple[int, ...] = (),
        cut: bool = False,
        etag: str = "",
        content: bytes | None = None,
    ) -> Answer:
        """Return a complete answer, retrying while that can help and there is time.

        Args:
            path: below the base, or a full URL.
            also: further statuses that count as answers, as in `(404,)`; others become errors.
            cut: cut a longer body at `max_bytes` instead of refusing it.
            etag: of a cached answer; a 304 means that it is still valid (RFC 9110, 13.1.2).
            content: JSON to send.

        Raises:
            SourceUnavailable, SourceRefused: see `answers.judge`, and `silence.require_speaking`.
        """
        silence.require_speaking(self.base_url, inquiry)
        url = self.make_url(path)
        written = {"Content-Type": "application/json"} if content is not None else {}
        headers = {"Accept": accept, **written, **self.headers}
        headers |= {"If-None-Match": etag} if etag else {}
        waited_s = 0.0
        for attempt in range(1, ATTEMPTS_MAX + 1):
            asked_at = time.monotonic()
            try:
                with self.open(
                    url, headers, inquiry=inquiry, method=method, content=content
                ) as response:
                    self._judge(response, also, inquiry)
                    body = (
                        b""
                        if method == "HEAD"
                        else read_body(response, max_bytes, inquiry, cut=cut)
                    )
                    silence.note_answer(self.base_url, inquiry)
                    return Answer(response.status_code, response.headers, body, response.url)
            except SourceUnavailable as error:
                waited_s = max(waited_s, time.monotonic() - asked_at)
                pause_s = pause_before(attempt + 1, error.retry_after_s)
                if attempt == ATTEMPTS_MAX or pause_s is None or pause_s >= inquiry.deadline.left_s:
                    silence.note_failure(self.base_url, error.message, waited_s, inquiry)
                    raise
                cause = type(error.__cause__).__name__ if error.__cause__ else ""
                extra = {"url": shown(url), "reason": error.message, "cause": cause}
                logger.info("outbound.retry", extra=extra)
                time.sleep(pause_s)
        raise AssertionError("unreachable: the last attempt returns or raises")

    @contextmanager
    def open(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        inquiry: Inquiry,
        method: str = "GET",
        content: bytes | None = None,
    ) -> Iterator[requests.Response]:
        """Send one request, follow its redirects, and yield the answer with its body unread.

        Raises:
            SourceUnavailable: no answer came.
            SourceRefused: a redirect leads to a forbidden address.
        """
        for _ in range(REDIRECTS_MAX + 1):
            check_url(url)
            inquiry.check_time(str(urlsplit(url).hostname))
            response = _send(method, url, self._headers_for(url, headers), inquiry, content)
            if not is_passing(response.status_code):
                inquiry.note_answer(self.base_url)
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                with _translated(url):
                    try:
                        yield response
                    finally:
                        response.close()
                return
            response.close()
            # The source has answered; the target of its redirect may be anybody's.
            inquiry.note_speech(self.base_url)
            if content is not None:
                raise SourceRefused(f"{urlsplit(url).hostname} redirects a question elsewhere.")
            target = redirected(url, response.headers["location"])
            # A mirror that sends us from a page to the original of the same page lacks it.
            at_base = self.rebase(target)
            url = target if at_base == url else at_base
        raise SourceRefused(f"{urlsplit(url).hostname} redirects in a circle.")

    def _judge(self, response: requests.Response, also: tuple[int, ...], inquiry: Inquiry) -> None:
        """Judge an answer's status; a source that refuses is not silent."""
        try:
            judge(response, also)
        except SourceRefused:
            silence.note_answer(self.base_url, inquiry)
            raise

    def make_url(self, path: str) -> str:
        """Return the URL of a path below the base, or a full URL unchanged."""
        return path if "://" in path else self.base_url + path

    def rebase(self, url: str) -> str:
        """Return the address below the base for one that names the source by an alias.

        Any other address comes back unchanged; the caller decides whether to ask there.
        """
        named = origin(url)
        is_alias = any(
            named in (("https", alias, 443), ("http", alias, 80)) for alias in self.aliases
        )
        if not is_alias or named == origin(self.base_url):
            return url
        parts = urlsplit(url)
        return self.make_url(urlunsplit(("", "", parts.path or "/", parts.query, "")))

    def _headers_for(self, url: str, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers for one hop, with credentials only for the base's own origin."""
        sent = {"User-Agent": USER_AGENT, **headers}
        if origin(url) != origin(self.base_url):
            return {name: sent[name] for name in sent if name.lower() != "authorization"}
        return sent | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


def _send(
    method: str, url: str, headers: dict[str, str], inquiry: Inquiry, content: bytes | None
) -> requests.Response:
    """Send one request over this thread's session."""
    timeout_s = max(_SHORTEST_TIMEOUT_S, min(READ_TIMEOUT_S, inquiry.deadline.left_s))
    with _translated(url):
        return _session().request(
            method,
            url,
            headers=headers,
            data=content,
            timeout=(min(CONNECT_TIMEOUT_S, timeout_s), timeout_s),
            allow_redirects=False,
            stream=True,
        )


class _Session(requests.Session):
    """A session that leaves redirects alone."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002  (theirs)
        """Return None, as if no answer were a redirect.

        Even if told not to follow redirects, requests prepares the next one: it reads the whole
        body of the redirect into memory, however long, and fails on addresses that are no URL.
        """
        return None


def _session() -> requests.Session:
    """Return this thread's session; sessions keep connections open and are not thread-safe."""
    session = getattr(_local, "session", None)
    if session is None:
        session = _Session()
        # Proxies from the environment would bypass the address check; .netrc holds credentials.
        session.trust_env = False
        # Cookies of one source must reach neither another source nor the next request.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        adapter = CheckedAdapter(pool_maxsize=_POOL_CONNECTIONS, pool_block=DEFAULT_POOLBLOCK)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        _local.session = session
    return session


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Turn the library's errors into the registry's."""
    host = urlsplit(url).hostname
    try:
        yield
    except AddressRefused as error:
        raise SourceRefused(
            f"{host} leads to no public address. An operator can allow a private one with "
            "REGISTRY_PRIVATE_HOSTS."
        ) from error
    except (requests.RequestException, HTTPError, OSError) as error:
        raise SourceUnavailable(f"{host} does not answer. Try again later.") from error
