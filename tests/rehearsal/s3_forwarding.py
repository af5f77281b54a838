"""Hands S3's requests for a bucket on to the server that keeps it.

Whoever deploys has one address for all of AWS. Signatures name the host that was asked and the key
of whoever asks, so each request is signed anew. What that server does not know is moto's, which
has a bucket of the same name.
"""

import io
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

TIMEOUT_S = 60.0
# What of a bucket SeaweedFS does not know, or knows other principals for.
LEFT_TO_MOTO = ("publicAccessBlock", "policy")
# What belongs to one connection, or to the signature that was.
NOT_FORWARDED = frozenset(
    {
        "host", "authorization", "connection", "content-length", "transfer-encoding", "expect",
        "accept-encoding", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    }
)  # fmt: skip


def asks_for_bucket(environ: Environ) -> str:
    """Return the bucket that a request to S3 names; "" for one to another service."""
    signed = environ.get("HTTP_AUTHORIZATION", "") + environ.get("QUERY_STRING", "")
    is_for_s3 = "/s3/aws4_request" in urllib.parse.unquote(signed)
    return environ["PATH_INFO"].split("/")[1] if is_for_s3 else ""


def forward_to(url: str, *, moto: App, access_key: str, secret_key: str, region: str) -> App:
    """Return what answers a request with what the server at `url` says to it.

    Args:
        moto: has the bucket, too, empty, for what that server does not answer.
    """
    signer = S3SigV4Auth(Credentials(access_key, secret_key), "s3", region)
    opener = urllib.request.build_opener(_NoRedirect)

    def answer(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if query.startswith(LEFT_TO_MOTO):
            return moto(environ, start)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        is_bucket = not environ["PATH_INFO"].strip("/").partition("/")[2]
        if is_bucket and not query and environ["REQUEST_METHOD"] in {"PUT", "DELETE"}:
            moto(environ | {"wsgi.input": io.BytesIO(body)}, lambda *_: None)
        fields = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        path = urllib.parse.quote(environ["PATH_INFO"].encode("latin-1"))
        request = AWSRequest(
            method=environ["REQUEST_METHOD"],
            url=f"{url}{path}" + (f"?{query}" if query else ""),
            data=body,
            headers={name: value for name, value in fields.items() if name not in NOT_FORWARDED},
        )
        signer.add_auth(request)
        sent = urllib.request.Request(
            request.url, body or None, dict(request.headers.items()), method=request.method
        )
        try:
            with opener.open(sent, timeout=TIMEOUT_S) as said:
                status, found, headers = said.status, said.read(), said.headers
        except urllib.error.HTTPError as error:
            with error:
                status, found, headers = error.code, error.read(), error.headers
        kept = [pair for pair in headers.items() if pair[0].lower() not in NOT_FORWARDED]
        if request.method == "HEAD":
            kept += [("Content-Length", headers.get("Content-Length", "0"))]
        else:
            kept += [("Content-Length", str(len(found)))]
        start(f"{status} ", kept)
        return [found]

    return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None
