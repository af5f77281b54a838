"""Smoke test of content: announces, uploads, registers and downloads one megabyte.

A function cannot answer with that many bytes, so no route of the registry does. The check therefore
covers presigned URLs both ways, the task that stores the content, and its wake-up.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import time
import zipfile
from http import HTTPStatus
from urllib.parse import urljoin

from deployment.client import Answer, Client, exchange
from deployment.limits import CONTENT_PAUSE_MAX_S, CONTENT_TIMEOUT_S, PAYLOAD_BYTES
from deployment.steps import DeploymentFailed

_MEMBER = "payload.bin"


def check_binary(client: Client) -> str:
    """Upload random bytes, register, download and compare them; then delete the artifact."""
    payload = secrets.token_bytes(PAYLOAD_BYTES)
    artifact_url = _upload(client, _make_zip(payload))
    name = f"smoke-{secrets.token_hex(4)}"
    # A data set needs no rating, so the test depends on no other site.
    answer = client.send("POST", "artifact/dataset", data={"url": artifact_url, "name": name})
    artifact_id = answer.require(201).json()["metadata"]["id"]
    path = f"artifacts/dataset/{artifact_id}"
    try:
        bundle = _download(client, path)
    finally:
        deleted = client.send("DELETE", path)
    if _digest(_read_member(bundle)) != _digest(payload):
        bundle.refuse("holds other bytes than were sent")
    deleted.require(200)
    client.send("GET", path).require(404)
    return f"{len(payload):,} bytes sent and fetched back"


def _upload(client: Client, archive: bytes) -> str:
    """Upload a zip to the address that the registry gives; return the URL to register it by."""
    announced = client.send(
        "POST",
        "uploads",
        data={
            "filename": "smoke.zip",
            "size_bytes": len(archive),
            "sha256": hashlib.sha256(archive).hexdigest(),
        },
    )
    target = announced.require(201).json()
    sent = exchange(target["method"], target["upload_url"], headers=target["headers"], body=archive)
    sent.require(200, 201, 204)
    url: str = target["url"]
    return url


def _download(client: Client, path: str) -> Answer:
    """Download an artifact's bundle, waiting until the task has stored the content."""
    ends_at = time.monotonic() + CONTENT_TIMEOUT_S
    while True:
        redirect = client.send("GET", f"{path}/download")
        if redirect.status != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > ends_at:
            break
        asked_for = redirect.headers.get("retry-after", "")
        pause_s = float(asked_for) if asked_for.isdecimal() else CONTENT_PAUSE_MAX_S
        time.sleep(min(pause_s, CONTENT_PAUSE_MAX_S))
    if redirect.status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise DeploymentFailed(
            f"After {CONTENT_TIMEOUT_S:.0f} s the uploaded bytes are still not kept: tasks are "
            "not being done.",
            "See the tasks component of /health/components, and that the function may invoke "
            "itself and gets its scheduled events (zappa status STAGE).",
        )
    redirect.require(302)
    # The signed URL is the credential: S3 refuses a request that carries a second one.
    return exchange("GET", urljoin(redirect.url, redirect.headers["location"])).require(200)


def _make_zip(payload: bytes) -> bytes:
    """Return a zip that holds the payload."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("README.md", "# Smoke test\n\nMade by a deployment, removed by it.\n")
        archive.writestr(_MEMBER, payload)
    return target.getvalue()


def _read_member(bundle: Answer) -> bytes:
    """Return the payload that a bundle holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle.body)) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(_MEMBER)]
            return archive.read(name)
    except (zipfile.BadZipFile, ValueError) as error:
        bundle.refuse(f"is no zip with the payload in it ({error})")


def _digest(data: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()
