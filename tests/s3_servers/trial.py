"""The whole registry on one S3 server: uploads as the README says, in parts, swapped; downloads."""

import hashlib
import io
import json
import time
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import readme
from tests.fakes import hub_server
from tests.performance.registry import Registry
from tests.s3_servers.servers import Server

REGION = "us-east-1"
BUCKET = "registry"
WAIT_S = 60.0


class Failed(Exception):
    """The registry does not work on this server; the text says at what."""


def make_bucket(server: Server, name: str = BUCKET) -> None:
    import boto3

    boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
    ).create_bucket(Bucket=name)


def work_on(server: Server, folder: Path) -> str:
    """Work with a registry on a server.

    Returns:
        "" if it works whole, or the sentence by which it refuses the server.

    Raises:
        Failed: neither.
    """
    make_bucket(server)
    hub, hub_url = hub_server.start()
    registry = Registry(folder / "data", hub_url, **_settings(server))
    try:
        try:
            registry.start()
        except RuntimeError:
            log = registry.log.read_text()
            refusal = [line for line in log.splitlines() if line.startswith("CommandError: ")]
            if refusal:
                return refusal[0].removeprefix("CommandError: ")
            raise
        registry.sign_in()
        _use(registry, folder)
    finally:
        if registry.process is not None and registry.process.poll() is None:
            registry.stop()
        hub.shutdown()
        hub.server_close()
    return ""


def _settings(server: Server) -> dict[str, str]:
    return {
        "REGISTRY_STORAGE": "s3",
        "AWS_STORAGE_BUCKET_NAME": BUCKET,
        "AWS_ENDPOINT_URL": server.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": server.access_key,
        "AWS_SECRET_ACCESS_KEY": server.secret_key,
    }


def _use(registry: Registry, folder: Path) -> None:
    """Register and download in every way."""
    small = _zipped(b"small")
    told = readme.upload(small, folder, registry=registry.url, token=registry.token)
    _download(registry, json.loads(told)["metadata"]["id"], "small")
    _swap(registry)
    status, body = registry.ask(
        "POST", "/artifact/model", {"url": "https://huggingface.co/acme/robot"}
    )
    _require(status == 201, f"registering from the Hub: {status}")
    found = body["metadata"]["id"]
    _download(registry, found, "README.md")
    in_parts = _upload_in_parts(registry, _zipped(b"x" * 17_000_000))
    _download(registry, in_parts, "xxxx")
    status, _ = registry.ask("DELETE", f"/artifacts/model/{found}")
    _require(status == 200, f"deleting: {status}")


def _swap(registry: Registry) -> None:
    """Announce one zip and send another of the same size."""
    announced, sent = _zipped(b"good"), _zipped(b"evil")
    upload = _announce(registry, announced)
    answered = _put(upload, sent)
    status, body = registry.ask("POST", "/artifact/model", {"url": upload["url"]})
    _require(400 <= status < 500, f"swapped bytes: sent {answered}, registered {status} {body!r}")


def _upload_in_parts(registry: Registry, data: bytes) -> str:
    """Send a zip in parts and register it."""
    upload = _announce(registry, data, in_parts=True)
    size, path = upload["part_size_bytes"], f"/uploads/{upload['id']}"
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    digests = [hashlib.sha256(piece).hexdigest() for piece in pieces]
    wanted = [{"number": number, "sha256": each} for number, each in enumerate(digests, 1)]
    _, signed = registry.ask("POST", f"{path}/parts", {"parts": wanted})
    for target, piece in zip(signed["parts"], pieces, strict=True):
        status = _put(target, piece)
        _require(status == 200, f"PUT of a part: {status}")
    status, state = registry.ask("POST", f"{path}/complete", {"sha256": digests})
    _require(status == 202, f"joining parts: {status} {state!r}")
    ends_at = time.monotonic() + WAIT_S
    while state["state"] == "checking" and time.monotonic() < ends_at:
        time.sleep(0.2)
        _, state = registry.ask("GET", path)
    body = {"url": upload["url"], "name": "in-parts"}
    status, answer = registry.ask("POST", "/artifact/model", body)
    _require(status == 201, f"registering parts: {status} {answer!r}, {state}")
    return answer["metadata"]["id"]


def _announce(registry: Registry, data: bytes, **changes: Any) -> Any:
    body = {"filename": "a.zip", "size_bytes": len(data), **changes}
    body["sha256"] = hashlib.sha256(data).hexdigest()
    status, upload = registry.ask("POST", "/uploads", body)
    _require(status == 201, f"announcing an upload: {status} {upload!r}")
    return upload


def _put(target: Any, data: bytes) -> int:
    """Send bytes to where they may go; the answer's status."""
    headers = {"Content-Type": "", **target["headers"]}
    request = urllib.request.Request(target["upload_url"], data, headers, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def _download(registry: Registry, artifact_id: str, word: str) -> None:
    """Have the zip, and what HEAD says of it."""
    path = f"/artifacts/model/{artifact_id}/download"
    ends_at = time.monotonic() + WAIT_S
    status, body = registry.ask("GET", path)
    while status == 503 and time.monotonic() < ends_at:
        time.sleep(0.5)
        status, body = registry.ask("GET", path)
    _require(status == 200, f"downloading: {status} {body!r:.200}")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
        names = " ".join(archive.namelist())
    _require(word.encode() in inside or word in names, "the download holds something else")
    status = _head(registry, path)
    _require(status == 200, f"HEAD of a download: {status}")


def _head(registry: Registry, path: str) -> int:
    """Follow the link of a HEAD with HEAD, as curl does; urllib would follow it with GET."""
    first = urlsplit(registry.url)
    answer = _asked("HEAD", first.netloc, path, {"X-Authorization": registry.token})
    address = urlsplit(answer.headers["Location"])
    return _asked("HEAD", address.netloc, f"{address.path}?{address.query}", {}).status


def _asked(method: str, host: str, path: str, headers: dict[str, str]) -> HTTPResponse:
    connection = HTTPConnection(host, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def _zipped(text: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("README.md"), b"# A model\n" + text)
    return target.getvalue()


def _require(holds: bool, seen: str) -> None:  # noqa: FBT001  (reads as an assertion)
    if not holds:
        raise Failed(seen)
