"""Probing a bucket without boto3's client, which takes long to make.

A heartbeat is often the first request of a new instance. Importing boto3 and making its client
takes longer than everything else an instance does to answer, so this module signs and sends the one
request that a heartbeat needs (AWS Signature Version 4). It only recognises success; after any
other answer the caller uses the client, which can tell the errors apart.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from artifacts.limits import HEALTH_PROBE_TIMEOUT_S

_ALGORITHM = "AWS4-HMAC-SHA256"
_NO_BODY = hashlib.sha256(b"").hexdigest()


def is_beating(options: dict[str, Any]) -> bool:
    """Return whether a bucket answers with success.

    Args:
        options: of the storage, as django-storages takes them.

    Returns:
        False also if it cannot be asked this way: the credentials are not in the environment,
        where Lambda puts them, or the bucket has an address of another form.
    """
    if not os.environ.get("AWS_ACCESS_KEY_ID"):
        return False
    address = urlsplit(options["endpoint_url"] or _address(options))
    path = f"/{options['bucket_name']}" if options["addressing_style"] == "path" else "/"
    headers = sign(address.netloc, path, options["region_name"], datetime.now(UTC))
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.netloc, timeout=HEALTH_PROBE_TIMEOUT_S / 2)
    try:
        connection.request("HEAD", path, headers=headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def sign(host: str, path: str, region: str, now: datetime) -> dict[str, str]:
    """Return the headers of a signed HEAD request.

    Source: AWS General Reference, "Create a signed AWS API request"
    """
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    headers = {"host": host, "x-amz-content-sha256": _NO_BODY, "x-amz-date": stamp}
    if token := os.environ.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = token
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"HEAD\n{path}\n\n{lines}\n{names}\n{_NO_BODY}"
    scope = f"{day}/{region}/s3/aws4_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{os.environ['AWS_SECRET_ACCESS_KEY']}".encode()
    for word in (day, region, "s3", "aws4_request", f"{_ALGORITHM}\n{stamp}\n{scope}\n{digest}"):
        key = hmac.digest(key, word.encode(), "sha256")
    credential = f"{os.environ['AWS_ACCESS_KEY_ID']}/{scope}"
    headers["Authorization"] = (
        f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={key.hex()}"
    )
    return headers


def _address(options: dict[str, Any]) -> str:
    """Return the address of the bucket at Amazon."""
    return f"https://{options['bucket_name']}.s3.{options['region_name']}.amazonaws.com"
