"""The one way out: every request to the outside leaves through this file.

Time limits, bounded retries that honour Retry-After, size caps on what is really received, host and
address rules, redirects followed by hand, and every fault turned into the registry's words.
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
from urllib.parse import urlsplit

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
from artifacts.sources.answers import judge, read_body
from artifacts.sources.base import Deadline
from artifacts.sources.destinations import check_url, origin, redirected, shown
from artifacts.sources.retries import pause_before

logger = logging.getLogger(__name__)

USER_AGENT = "trustworthy-model-registry/0.1"
_REDIRECTS = (301, 302, 303, 307, 308)
# Not now: the same will be asked again (RFC 9110, RFC 6585).
_PASSING = (408, 429)
# For a request at the very end of its deadline; a time limit of zero is an error.
_SHORTEST_TIMEOUT_S = 0.1
_POOL_CONNECTIONS = 32
_local = threading.local()


@dataclass(frozen=True)
class Answer:
    """A whole, small answer.

    Attributes:
        status: 2xx, 304 or one of the statuses that the caller asked to see.
        headers: names are compared without regard to case.
        url: after redirects.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> Any:
        """Return the body as data.

        Raises:
            SourceUnavailable: it is no JSON; sources answer pages of HTML when they are in trouble.
                Or reading it takes longer than a request may: a task can.
            SourceTooLarge: it has more values than are read.
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
        """Return the body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Client:
    """Sends requests to one source.

    Attributes:
        base_url: where the source is; credentials go to this origin only.
        token: sent as a bearer token to the base's origin, "" for none.
        headers: sent with every request.
    """

    base_url: str
    token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(  # noqa: PLR0913  (what a request is made of, each with its usual value)
        self,
        path: str,
        *,
        deadline: Deadline,
        max_bytes: int = JSON_MAX_BYTES,
        accept: str = "application/json",
        method: str = "GET",
        also: tuple[int, ...] = (),
        cut: bool = False,
        etag: str = "",
        content: bytes | None = None,
    ) -> Answer:
        """Return a whole answer, trying again while that can help and there is time.

        Args:
            path: below the base, or a whole URL.
            also: statuses that are answers too, as in `(404,)`; others become errors.
            cut: a longer body is cut at `max_bytes` instead of refused.
            etag: of an answer that is kept; a 304 says that it still holds (RFC 9110, 13.1.2).
            content: JSON to send.

        Raises:
            SourceUnavailable, SourceRefused: see `answers.judge`.
        """
        url = self.url_of(path)
        headers = {"Accept": accept, **self.headers}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"Content-Type": "application/json"} if content is not None else {}
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                with self.open(
                    url, headers, deadline=deadline, method=method, content=content
                ) as response:
                    judge(response, also)
                    body = (
                        b""
                        if method == "HEAD"
                        else read_body(response, max_bytes, deadline, cut=cut)
                    )
                    silence.note_answer(self.base_url)
                    return Answer(response.status_code, response.headers, body, response.url)
            except SourceUnavailable as error:
                pause_s = pause_before(attempt + 1, error.retry_after_s)
                if attempt == ATTEMPTS_MAX or pause_s is None or pause_s >= deadline.left_s:
                    silence.note_failure(self.base_url)
                    raise
                logger.info("outbound.retry", extra={"url": shown(url), "reason": error.message})
                time.sleep(pause_s)
        raise AssertionError("unreachable: the last attempt returns or raises")

    @contextmanager
    def open(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        deadline: Deadline,
        method: str = "GET",
        content: bytes | None = None,
    ) -> Iterator[requests.Response]:
        """Send one request, follow its redirects, and give the answer with its body unread.

        Raises:
            SourceUnavailable: no answer came.
            SourceRefused: a redirect leads where requests may not go.
        """
        for _ in range(REDIRECTS_MAX + 1):
            check_url(url)
            deadline.check(str(urlsplit(url).hostname))
            response = _send(method, url, self._headers_for(url, headers), deadline, content)
            if response.status_code not in _PASSING and response.status_code < 500:  # noqa: PLR2004  (its own faults)
                deadline.note_answer(self.base_url)
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                with _translated(url):
                    try:
                        yield response
                    finally:
                        response.close()
                return
            response.close()
            if content is not None:
                raise SourceRefused(f"{urlsplit(url).hostname} redirects a question elsewhere.")
            url = redirected(url, response.headers["location"])
        raise SourceRefused(f"{urlsplit(url).hostname} redirects in a circle.")

    def url_of(self, path: str) -> str:
        """Return the URL of a path below the base; a whole URL stays as it is."""
        return path if "://" in path else self.base_url + path

    def _headers_for(self, url: str, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers for one hop: the token is for the base's own origin."""
        mine = origin(url) == origin(self.base_url)
        credentials = {"Authorization": f"Bearer {self.token}"} if self.token and mine else {}
        return {"User-Agent": USER_AGENT, **headers, **credentials}


def _send(
    method: str, url: str, headers: dict[str, str], deadline: Deadline, content: bytes | None
) -> requests.Response:
    """Send one request over this thread's session."""
    timeout_s = max(_SHORTEST_TIMEOUT_S, min(READ_TIMEOUT_S, deadline.left_s))
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
        """Say that there is none.

        Even when told not to follow, the library looks ahead: it reads the whole body of the
        redirect into memory, however long, and trips over addresses that are no URL.
        """
        return None


def _session() -> requests.Session:
    """Return this thread's session; they keep connections open, and are not thread-safe."""
    session = getattr(_local, "session", None)
    if session is None:
        session = _Session()
        # Proxies and .netrc of the environment would take requests past the address check.
        session.trust_env = False
        # One source's cookies are no business of another's, nor of the next request's.
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
        logger.info("outbound.failed", extra={"host": host, "reason": type(error).__name__})
        raise SourceUnavailable(f"{host} does not answer. Try again later.") from error
