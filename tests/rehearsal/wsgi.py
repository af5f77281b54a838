"""Requests and answers of the services' interfaces: bodies, JSON, refusals."""

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote
from xml.sax.saxutils import escape

from tests.rehearsal.iam.guard import Guard, Refusal
from tests.rehearsal.iam.policies import Policy
from tests.rehearsal.iam.requests import signer_of

Start = Callable[..., Any]
Environ = dict[str, Any]


def read_body(environ: Environ) -> bytes:
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        return stream.read()
    return stream.read(int(environ.get("CONTENT_LENGTH") or 0))


def with_body(environ: Environ, body: bytes) -> Environ:
    return environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def reply(
    start: Start, status: int, body: dict[str, Any] | bytes, headers: dict[str, str] | None = None
) -> list[bytes]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(data))}
    start(f"{status} ", list((fields | (headers or {})).items()))
    return [data]


def refuse(start: Start, status: int, kind: str, text: str) -> list[bytes]:
    body = {"Type": "User", "Message": text, "message": text}
    return reply(start, status, body, {"x-amzn-errortype": kind})


def guarded(environ: Environ, guard: Guard) -> tuple[Environ, Refusal | None]:
    """Judge a request; return it as it can be read once more, and why it is refused."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith(("HTTP_", "CONTENT_"))
    }
    words = environ.get("QUERY_STRING", "")
    query = {name: values[-1] for name, values in parse_qs(words).items()}
    if not guard.judges(headers, query):
        return environ, None
    # Packages on their way to a bucket are not read before they are let in.
    signer = signer_of(headers, query)
    body = b""
    if (signer and signer[2] != "s3") or "delete" in words:
        body = read_body(environ)
        environ = with_body(environ, body)
    target = environ.get("RAW_URI") or f"{quote(environ['PATH_INFO'])}?{words}"
    return environ, guard.look(environ["REQUEST_METHOD"], target, headers, body)


def is_policy_of_bucket(environ: Environ) -> bool:
    """Say whether a request is about the policy of a bucket."""
    is_one = environ["PATH_INFO"].strip("/").count("/") == 0
    return is_one and environ.get("QUERY_STRING", "").partition("=")[0] == "policy"


def keep_policy(environ: Environ, start: Start, guard: Guard) -> list[bytes]:
    """Keep a bucket's policy with the guard: moto would judge it too, without its conditions."""
    bucket = environ["PATH_INFO"].strip("/")
    if environ["REQUEST_METHOD"] == "PUT":
        text = read_body(environ).decode()
        guard.of_buckets[bucket] = Policy("bucket", text, is_of_resource=True)
        return reply(start, 204, b"")
    if environ["REQUEST_METHOD"] == "DELETE":
        guard.of_buckets.pop(bucket, None)
        return reply(start, 204, b"")
    if bucket not in guard.of_buckets:
        text = "The bucket policy does not exist"
        return tell(start, Refusal(404, "NoSuchBucketPolicy", text, "s3"))
    return reply(start, 200, guard.of_buckets[bucket].text.encode())


def tell(start: Start, refusal: Refusal) -> list[bytes]:
    """Refuse in the form of the service that was asked."""
    if not refusal.in_xml:
        body = {"__type": refusal.kind, "Message": refusal.text, "message": refusal.text}
        return reply(start, refusal.status, body, {"x-amzn-errortype": refusal.kind})
    error = f"<Error><Code>{refusal.kind}</Code><Message>{escape(refusal.text)}</Message></Error>"
    text = error if refusal.service == "s3" else f"<ErrorResponse>{error}</ErrorResponse>"
    return reply(start, refusal.status, text.encode(), {"Content-Type": "text/xml"})
