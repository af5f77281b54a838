"""What API Gateway and function URLs make of a request, and of a function's result.

Pure translation, no sockets: `gateway.py` has those. Three doors exist: a REST API (payload 1.0),
an HTTP API and a function URL (payload 2.0).

Source: docs.aws.amazon.com, API Gateway "Set up Lambda proxy integrations", "Quotas" and
"Important notes"; Lambda "Creating and managing Lambda function URLs" and "Lambda quotas".
"""

import base64
import binascii
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

# API Gateway's limit; a function URL ends at Lambda's own.
REQUEST_MAX_BYTES = {"rest": 10_485_760, "http": 10_485_760, "url": 6_291_456}
# Hop-by-hop, or replaced by what the door itself says.
NOT_FORWARDED = frozenset(
    {
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization",
        "te", "trailer", "transfer-encoding", "upgrade",
        "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto",
    }
)  # fmt: skip
# A REST API keeps these names for itself and renames the function's.
REMAPPED = frozenset(
    {
        "authorization", "connection", "content-length", "content-md5", "date", "expect", "host",
        "server", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
        "www-authenticate",
    }
)  # fmt: skip
TEXT_TYPES = (
    "text/",
    "application/json",
    "application/javascript",
    "application/xml",
    "application/x-www-form-urlencoded",
)
HAS_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire; `target` is path and query, still encoded."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    client: str = "127.0.0.1"

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True)
class Answer:
    """What goes back to the client."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Door:
    """What stands in front of the function.

    `host` is the name under which AWS would be called; then the stage leads every path. Without it
    the door is a domain of one's own: clients' Host stays, and no stage is seen.
    `takes_binary` is a REST API's `binaryMediaTypes: */*`; the others decide by content type.
    """

    kind: Literal["rest", "http", "url"]
    stage: str = "$default"
    host: str = ""
    takes_binary: bool = True


class NoSuchRoute(Exception):
    """The path does not lead to the stage."""


def message(status: int, text: str) -> Answer:
    """Return one of the gateway's own answers."""
    body = json.dumps({"message": text}).encode()
    return Answer(status, (("Content-Type", "application/json"),), body)


def to_event(request: Request, door: Door) -> dict[str, Any]:
    """Return the event that the function is invoked with.

    Raises:
        NoSuchRoute: the door has a stage in its paths, and this is another.
    """
    path, _, query = request.target.partition("?")
    if door.host and door.kind != "url":
        inside = path.removeprefix(f"/{door.stage}")
        if inside == path or not (inside == "" or inside.startswith("/")):
            raise NoSuchRoute(path)
    else:
        inside = path
    if door.kind == "rest":
        return _first_version(request, door, path, inside or "/", query)
    return _second_version(request, door, path, query)


def _first_version(
    request: Request, door: Door, path: str, inside: str, query: str
) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in (*_forwarded(request), *_said_by_the_door(request, door)):
        headers.setdefault(name, []).append(value)
    parameters: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters.setdefault(name, []).append(value)
    body, is_encoded = _body(request, is_binary=door.takes_binary)
    return {
        "resource": "/{proxy+}" if inside != "/" else "/",
        "path": inside,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {n: v[-1] for n, v in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
        "pathParameters": {"proxy": inside[1:]} if inside != "/" else None,
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "rehearsal",
            "domainName": door.host or request.header("host"),
            "httpMethod": request.method,
            "identity": {"sourceIp": request.client, "userAgent": request.header("user-agent")},
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": str(uuid.uuid4()),
            "requestTimeEpoch": int(time.time() * 1000),
            "stage": door.stage,
        },
        "body": body,
        "isBase64Encoded": is_encoded,
    }


def _second_version(request: Request, door: Door, path: str, query: str) -> dict[str, Any]:
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in (*_forwarded(request), *_said_by_the_door(request, door)):
        low = name.lower()
        if low == "cookie":
            cookies += [cookie.strip() for cookie in value.split(";")]
        else:
            headers[low] = f"{headers[low]},{value}" if low in headers else value
    is_text = request.header("content-type").startswith(TEXT_TYPES)
    body, is_encoded = _body(request, is_binary=not is_text)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012" if door.kind == "http" else "anonymous",
            "apiId": "rehearsal",
            "domainName": headers["host"],
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.client,
                "userAgent": request.header("user-agent"),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": door.stage if door.kind == "http" else "$default",
            "timeEpoch": int(time.time() * 1000),
        },
        "isBase64Encoded": is_encoded,
    }
    if cookies:
        event["cookies"] = cookies
    if query:
        joined: dict[str, str] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            joined[name] = f"{joined[name]},{value}" if name in joined else value
        event["queryStringParameters"] = joined
    if body is not None:
        event["body"] = body
    return event


def _forwarded(request: Request) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in request.headers if name.lower() not in NOT_FORWARDED)


def _said_by_the_door(request: Request, door: Door) -> Iterable[tuple[str, str]]:
    # A REST API names the proxy in front of it as well; the others name the client alone.
    proxy = ", 10.0.0.1" if door.kind == "rest" else ""
    return (
        ("Host", door.host or request.header("host")),
        ("X-Forwarded-For", f"{request.client}{proxy}"),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
        ("X-Amzn-Trace-Id", f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}"),
    )


def _body(request: Request, *, is_binary: bool) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    if is_binary:
        return base64.b64encode(request.body).decode("ascii"), True
    return request.body.decode("utf-8", "replace"), False


def to_answer(result: Any, request: Request, door: Door) -> Answer:
    """Return the answer that a function's result becomes; 502 when it has not the right form."""
    broken = message(502, "Internal server error")
    if door.kind != "rest" and not (isinstance(result, dict) and "statusCode" in result):
        result = {
            "statusCode": 200,
            "body": result if isinstance(result, str) else json.dumps(result),
        }
    if not isinstance(result, dict) or not isinstance(result.get("statusCode"), int):
        return broken
    text = result.get("body")
    if not (text is None or isinstance(text, str)):
        return broken
    body = (text or "").encode()
    if result.get("isBase64Encoded") and (door.kind != "rest" or door.takes_binary):
        try:
            body = base64.b64decode(text or "", validate=True)
        except binascii.Error:
            return broken
    headers = _headers_of(result, door)
    if request.method == "HEAD" or result["statusCode"] in HAS_NO_BODY:
        body = b""
    return Answer(result["statusCode"], headers, body)


def _headers_of(result: dict[str, Any], door: Door) -> tuple[tuple[str, str], ...]:
    several: dict[str, list[str]] = (
        (result.get("multiValueHeaders") or {}) if door.kind == "rest" else {}
    )
    several_names = {name.lower() for name in several}
    pairs = [
        (name, str(value))
        for name, value in (result.get("headers") or {}).items()
        if name.lower() not in several_names
    ]
    pairs += [(name, str(value)) for name, values in several.items() for value in values]
    if door.kind != "rest":
        pairs = [(name, value) for name, value in pairs if name.lower() != "content-length"]
        return tuple(pairs + [("set-cookie", cookie) for cookie in result.get("cookies") or []])
    return tuple(
        (f"x-amzn-Remapped-{name}" if name.lower() in REMAPPED else name, value)
        for name, value in pairs
    )
