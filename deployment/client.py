"""The smoke test's HTTP client: it follows no redirect, limits answers and assumes nothing.

It uses the standard library only, so that every machine with this folder can run it.
"""

from __future__ import annotations

import gzip
import http.client
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

from deployment.limits import ANSWER_MAX_BYTES, CALL_TIMEOUT_S, EXCERPT_MAX_CHARS
from deployment.steps import DeploymentFailed


@dataclass(frozen=True)
class Answer:
    """An answer; its body is decompressed.

    Attributes:
        status: the HTTP status; 0 when nobody answered.
        headers: names in lower case.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        """Return the body as text; a body that is not UTF-8 is a failure."""
        try:
            return self.body.decode()
        except UnicodeDecodeError as error:
            self.refuse(f"holds bytes that are no UTF-8 ({error})")

    def json(self) -> Any:
        """Return the body as JSON."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            self.refuse(f"is no JSON ({error})")

    def require(self, *statuses: int) -> Answer:
        """Return this answer if it has one of these statuses; fail otherwise."""
        if self.status not in statuses:
            expected = " or ".join(map(str, statuses))
            self.refuse(f"has status {self.status or 'none'}, not {expected}")
        return self

    def refuse(self, reason: str) -> NoReturn:
        """Fail with this answer and what is wrong with it.

        Raises:
            DeploymentFailed: always.
        """
        request_id = self.headers.get("x-request-id", "")
        where = f"request id {request_id}" if request_id else "the function's log"
        excerpt = self.body[:EXCERPT_MAX_CHARS].decode(errors="replace").strip()
        raise DeploymentFailed(
            f"The answer of {self.url} {reason}: {excerpt or 'no body'}",
            f"Look for {where} in the log (zappa tail STAGE --since 5m).",
        )


class Client:
    """Sends requests to one registry, which may live under a path."""

    def __init__(self, base_url: str) -> None:
        """Keep the address.

        Raises:
            DeploymentFailed: it is not a web address.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise DeploymentFailed(
                f"{base_url!r} is no web address.",
                "Write it as in https://registry.example.com, with the path if there is one.",
            )
        self.base_url = base_url.rstrip("/") + "/"
        self.token = ""

    def send(
        self,
        method: str,
        path: str,
        *,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request with `data` as JSON, and with the token once there is one."""
        sent = {"Accept": "*/*", **(headers or {})}
        body = None
        if data is not None:
            body = json.dumps(data).encode()
            sent["Content-Type"] = "application/json"
        if self.token:
            sent["X-Authorization"] = self.token
        return exchange(method, urljoin(self.base_url, path.lstrip("/")), headers=sent, body=body)


class _AsTheyCome(urllib.request.HTTPErrorProcessor):
    """Returns every answer as it is, because the checks look at redirects and errors too."""

    def http_response(self, request: Any, response: Any) -> Any:  # noqa: ARG002  (urllib's)
        """Return the answer: follow no redirect, raise no error."""
        return response

    https_response = http_response


_opener = urllib.request.build_opener(_AsTheyCome)


def exchange(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """Send one request; where nobody answers, return an answer with status 0."""
    if urlsplit(url).scheme not in ("http", "https"):
        return Answer(url, 0, {}, b"this is no web address")
    request = urllib.request.Request(  # noqa: S310  (the scheme was just checked)
        url, data=body, headers=dict(headers or {}), method=method
    )
    try:
        with _opener.open(request, timeout=CALL_TIMEOUT_S) as response:
            return _read(url, response)
    except (OSError, http.client.HTTPException) as error:
        return Answer(url, 0, {}, str(error).encode())


def _read(url: str, response: Any) -> Answer:
    """Read a whole answer and decompress it."""
    body: bytes = response.read(ANSWER_MAX_BYTES)
    headers = {name.lower(): value for name, value in response.headers.items()}
    if headers.get("content-encoding") == "gzip":
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError) as error:
            return Answer(url, 0, headers, f"what it calls gzip is none: {error}".encode())
    return Answer(url, response.status, headers, body)
