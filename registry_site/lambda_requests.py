"""Requests as AWS hands them to a function, and the answers that it wants back.

Payload 1.0 is that of a REST API and, nearly, of a load balancer; 2.0 that of an HTTP API and of a
function URL. Here they become what a WSGI application takes. What else a function is called with
stands in `lambda_handler.py`.

Source: docs.aws.amazon.com: API Gateway, "Lambda proxy integrations in API Gateway" and "Create
    AWS Lambda proxy integrations for HTTP APIs"; Elastic Load Balancing, "Use Lambda functions as
    targets"; PEP 3333.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

Event = Mapping[str, Any]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Bodies of these types are told as text; all others in base64, which is a third longer.
_TEXT_TYPES = (
    "text/",
    "application/json",
    "application/javascript",
    "application/ecmascript",
    "application/xml",
    "image/svg+xml",
)
# Under AWS's own names the stage leads each address, though the event's path does not tell it.
_NAMES_OF_AWS = "amazonaws.com"


@dataclass(frozen=True)
class Place:
    """Where the function answers.

    Attributes:
        stage: the name of the stage.
        base_path: what leads the paths below a domain of one's own; "" if nothing does.
    """

    stage: str
    base_path: str = ""


def is_request(event: Event) -> bool:
    """Whether an event is a request."""
    return "httpMethod" in event or event.get("version") == "2.0"


def answer_request(
    event: Event, context: Any, *, application: Application, place: Place
) -> dict[str, Any]:
    """Have the application answer a request, and return what AWS makes the answer of."""
    if is_second := event.get("version") == "2.0":
        environ = _second_environ(event, place)
    else:
        environ = _first_environ(event, place)
    # No header of a client comes by these names.
    environ |= {"lambda.event": event, "lambda.context": context}
    answer = _Answer()
    parts = application(environ, answer.start)
    try:
        answer.body = b"".join(parts)
    finally:
        # Django ends a request there: connections are looked at, files closed.
        if close := getattr(parts, "close", None):
            close()
    return _second_result(answer) if is_second else _first_result(answer, event)


@dataclass
class _Answer:
    """What the application says."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def start(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        """Take status and headers: WSGI's `start_response`, for an application that only returns.

        PEP 3333 has it return a function to write with, for applications of before WSGI.
        """
        self.status, self.headers = status, headers

    @property
    def code(self) -> int:
        """The status as a number."""
        return int(self.status.split()[0])


def _first_environ(event: Event, place: Place) -> dict[str, Any]:
    """Return the environment of a request of payload 1.0."""
    context = event.get("requestContext") or {}
    headers = {name: [value] for name, value in (event.get("headers") or {}).items()}
    headers |= event.get("multiValueHeaders") or {}
    sent = [(name, value) for name, values in headers.items() for value in values]
    parameters = event.get("multiValueQueryStringParameters")
    if parameters is None:
        parameters = event.get("queryStringParameters") or {}
    # A load balancer leaves them encoded; a gateway does not.
    safe = "%+" if "elb" in context else ""
    environ = _environ(event, sent)
    path = _text(unquote_to_bytes(event["path"]))
    if _NAMES_OF_AWS in environ.get("HTTP_HOST", "") and "elb" not in context:
        prefix = f"/{place.stage}"
    else:
        prefix = _leading(path, place.base_path)
        path = path.removeprefix(prefix)
    return environ | {
        "SCRIPT_NAME": prefix,
        "PATH_INFO": path,
        "REQUEST_METHOD": event["httpMethod"],
        "QUERY_STRING": urlencode(parameters, doseq=True, safe=safe),
        "REMOTE_ADDR": str((context.get("identity") or {}).get("sourceIp") or ""),
    }


def _second_environ(event: Event, place: Place) -> dict[str, Any]:
    """Return the environment of a request of payload 2.0."""
    context = event["requestContext"]
    headers = dict(event.get("headers") or {})
    if cookies := event.get("cookies"):
        headers["cookie"] = "; ".join(cookies)
    path = _text(unquote_to_bytes(event["rawPath"]))
    # The stage is there under AWS's own names only, and base paths under one's own.
    prefix = _leading(path, str(context.get("stage") or ""), place.base_path)
    return _environ(event, headers.items()) | {
        "SCRIPT_NAME": prefix,
        "PATH_INFO": path.removeprefix(prefix),
        "REQUEST_METHOD": context["http"]["method"],
        "QUERY_STRING": event.get("rawQueryString") or "",
        "REMOTE_ADDR": str(context["http"].get("sourceIp") or ""),
    }


def _environ(event: Event, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return what is the same in both, with each header joined that was sent more than once."""
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    environ: dict[str, Any] = {
        "SERVER_NAME": "lambda",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        key = name.upper().replace("-", "_")
        # For an application `X_Forwarded_For`, which no gateway writes or takes away, is another
        # spelling of `X-Forwarded-For`, and goes before it. nginx and gunicorn drop them likewise.
        if "_" in name or key == "CONTENT_LENGTH":
            continue
        # WSGI's strings have no other letters; no header that we read has them either.
        written = str(value).encode("latin-1", "replace").decode("latin-1")
        variable = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        if variable in environ:
            # Also in other letters it is the same header: none may take the place of another, as
            # a client's `x-forwarded-for` of the gateway's `X-Forwarded-For`.
            written = f"{environ[variable]}{'; ' if key == 'COOKIE' else ', '}{written}"
        environ[variable] = written
    return environ


def _leading(path: str, *names: str) -> str:
    """Return the first of some names that a path begins with, as a prefix; "" if none does."""
    prefixes = (f"/{_text(name.strip('/').encode())}" for name in names if name.strip("/"))
    return next((each for each in prefixes if f"{path}/".startswith(f"{each}/")), "")


def _text(content: bytes) -> str:
    """Return bytes as WSGI has them in strings."""
    return content.decode("latin-1")


def _first_result(answer: _Answer, event: Event) -> dict[str, Any]:
    """Return an answer for payload 1.0, with headers in the form that the request had them."""
    several: dict[str, list[str]] = {}
    for name, value in answer.headers:
        several.setdefault(name, []).append(value)
    result: dict[str, Any] = {"statusCode": answer.code}
    if "elb" in (event.get("requestContext") or {}):
        result["statusDescription"] = answer.status
    if "multiValueHeaders" in event:
        result["multiValueHeaders"] = several
    else:
        result["headers"] = {
            _in_letters(name, number): value
            for name, values in several.items()
            for number, value in enumerate(values)
        }
    return result | _body(answer)


def _in_letters(name: str, number: int) -> str:
    """Return a header's name in other letters for each number, as it is for 0.

    A load balancer without headers of several values takes one value by each name. Only cookies
    have more, and clients read names in any letters.
    """
    return "".join(
        letter.swapcase() if number >> place & 1 else letter for place, letter in enumerate(name)
    )


def _second_result(answer: _Answer) -> dict[str, Any]:
    """Return an answer for payload 2.0."""
    headers: dict[str, str] = {}
    cookies = []
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            cookies.append(value)
        else:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return {"statusCode": answer.code, "headers": headers, "cookies": cookies} | _body(answer)


def _body(answer: _Answer) -> dict[str, Any]:
    """Return the body of an answer: as text where it is some, else in base64."""
    kind = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    if kind.lower().startswith(_TEXT_TYPES):
        try:
            return {"body": answer.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            # In another encoding, or packed: its bytes are told as they are.
            pass
    return {"body": base64.b64encode(answer.body).decode(), "isBase64Encoded": True}
