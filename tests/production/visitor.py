"""Who comes from outside: over TLS, one connection a request, with the certificate looked at."""

import hashlib
import http.client
import io
import json
import ssl
import uuid
import zipfile
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.production.machine import ADMIN, PASSWORD, Broken, Machine

ANSWER_WITHIN_S = 90.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def data(self) -> Any:
        return json.loads(self.body)


def send(
    url: str, method: str, body: bytes | None, headers: dict[str, str], trusted: ssl.SSLContext
) -> Answer:
    """Send one request.

    Raises:
        OSError, http.client.HTTPException: there was no whole answer.
    """
    parts = urlsplit(url)
    if parts.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.netloc, timeout=ANSWER_WITHIN_S, context=trusted
        )
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=ANSWER_WITHIN_S)
    try:
        connection.request(method, f"{parts.path or '/'}?{parts.query}".rstrip("?"), body, headers)
        answer = connection.getresponse()
        stated = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, stated, answer.read())
    finally:
        connection.close()


class Visitor:
    """A client of the registry, perhaps signed in."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.trusted = ssl.create_default_context(cafile=str(machine.certificate))
        self.token = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask the registry, or whatever it sends one to."""
        url = path if "://" in path else self.machine.url + path
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token and url.startswith(self.machine.url):
            given.setdefault("X-Authorization", self.token)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            given.setdefault("Content-Type", "application/json")
        return send(url, method, body, given, self.trusted)

    def sign_in(self) -> None:
        body = {"user": {"name": ADMIN, "is_admin": True}, "secret": {"password": PASSWORD}}
        answer = self.ask("PUT", "/authenticate", body)
        if answer.status != 200:
            raise Broken(f"signing in answered {answer.status}: {answer.body!r}")
        self.token = answer.data

    def register(self) -> tuple[str, bytes]:
        """Upload a zip of one's own and register it.

        Returns:
            The artifact's id, and the one file that it has.
        """
        name = f"own-{uuid.uuid4().hex}"
        sent, content = made_zip(name)
        announced = {
            "filename": f"{name}.zip",
            "size_bytes": len(sent),
            "sha256": hashlib.sha256(sent).hexdigest(),
        }
        place = self.expect(201, "POST", "/uploads", announced).data
        answer = send(place["upload_url"], "PUT", sent, place["headers"], self.trusted)
        if answer.status not in (200, 201, 204):
            raise Broken(f"PUT of an upload answered {answer.status}: {answer.body[:300]!r}")
        named = {"name": name, "url": place["url"]}
        registered = self.expect(201, "POST", "/artifact/dataset", named).data
        return registered["metadata"]["id"], content

    def download(self, artifact_id: str, **headers: str) -> Answer:
        """Follow the redirect of a download."""
        answer = self.expect(302, "GET", f"/artifacts/dataset/{artifact_id}/download")
        return self.ask("GET", answer.headers["location"], **headers)

    def download_is_ready(self, artifact_id: str) -> bool:
        return self.ask("GET", f"/artifacts/dataset/{artifact_id}/download").status == 302

    def expect(self, status: int, method: str, path: str, body: Any = None) -> Answer:
        answer = self.ask(method, path, body)
        if answer.status != status:
            raise Broken(f"{method} {path} answered {answer.status}: {answer.body[:300]!r}")
        return answer


def made_zip(name: str) -> tuple[bytes, bytes]:
    """A zip whose files are told by its name, and the content of its one file of data."""
    content = hashlib.sha256(name.encode()).digest() * 4_096
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("README.md", name)
        made.writestr("data.bin", content)
    return held.getvalue(), content


def content_of(bundle: bytes) -> bytes:
    """The file of data in a bundle that was downloaded."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        name = next(each for each in archive.namelist() if each.endswith("data.bin"))
        return archive.read(name)
