"""A registry on loopback that answers what the smoke test asks for, as well or badly as wanted."""

import gzip
import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

STYLE = b"body { color: black } " * 100
STYLE_HASH = hashlib.md5(STYLE, usedforsecurity=False).hexdigest()[:12]
RECORD: dict[str, Any] = {
    "version": "0.2.0",
    "commit": "c0ffee",
    "built_at": "2026-11-25T12:00:00.000Z",
    "migrations": {"artifacts": "0004_uploads_in_parts"},
}
PREFIX = "/stage"
ARTIFACT = "artifacts/dataset/1234"

Answer = tuple[int, bytes, dict[str, str]]


def as_json(data: object, status: int = 200) -> Answer:
    return status, json.dumps(data).encode(), {"Content-Type": "application/json"}


def as_page(text: str, content_type: str = "text/html; charset=utf-8") -> Answer:
    return 200, text.encode(), {"Content-Type": content_type}


def answers(*in_turn: Answer) -> Callable[..., Answer]:
    """Answer differently from time to time; the last answer stays."""
    waiting = list(in_turn)
    return lambda *_: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def health(**changes: object) -> dict[str, object]:
    """A registry that is well, but for the changes."""
    components = [{"id": name, "status": "ok"} for name in ("database", "storage", "tasks")]
    state = {"applied": {"artifacts": RECORD["migrations"]["artifacts"]}, "pending": []}
    return {"components": components, "release": RECORD, "migrations": state} | changes


class FakeRegistry(ThreadingHTTPServer):
    """`answers` maps `METHOD path` to what is answered; tests replace what they want broken."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}{PREFIX}"
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.archive = b""
        self.is_deleted = False
        self.answers: dict[str, Callable[[bytes, dict[str, str]], Answer]] = {
            "GET health": lambda *_: as_json(health()),
            "PUT authenticate": lambda *_: as_json("bearer abc"),
            "POST artifacts": lambda *_: as_json([]),
            "GET docs": lambda *_: as_page("<title>API · Registry</title>"),
            "GET ": lambda *_: as_page(
                f'<link rel="stylesheet" href="{PREFIX}/static/site.{STYLE_HASH}.css">'
            ),
            f"GET static/site.{STYLE_HASH}.css": self.style,
            "POST uploads": lambda *_: as_json(
                {
                    "url": "upload://1",
                    "upload_url": f"{self.url}/bucket",
                    "method": "PUT",
                    "headers": {"Content-Type": "application/zip"},
                },
                201,
            ),
            "PUT bucket": self.receive,
            "POST artifact/dataset": lambda *_: as_json({"metadata": {"id": "1234"}}, 201),
            f"GET {ARTIFACT}/download": lambda *_: (302, b"", {"Location": f"{self.url}/bucket"}),
            "GET bucket": lambda *_: (200, self.bundle(), {"Content-Type": "application/zip"}),
            f"DELETE {ARTIFACT}": self.delete,
            f"GET {ARTIFACT}": lambda *_: as_json({}, 404 if self.is_deleted else 200),
        }

    def style(self, _body: bytes, headers: dict[str, str]) -> Answer:
        if headers.get("accept-encoding") == "gzip":
            return 200, gzip.compress(STYLE), {"Content-Encoding": "gzip"}
        return 200, STYLE, {"Content-Type": "text/css"}

    def receive(self, body: bytes, _headers: dict[str, str]) -> Answer:
        self.archive = body
        return 200, b"", {}

    def bundle(self) -> bytes:
        """The sent files in a zip of the registry's own making."""
        target = BytesIO()
        with zipfile.ZipFile(BytesIO(self.archive)) as sent, zipfile.ZipFile(target, "w") as made:
            for name in sent.namelist():
                made.writestr(f"files/{name}", sent.read(name))
        return target.getvalue()

    def delete(self, _body: bytes, _headers: dict[str, str]) -> Answer:
        self.is_deleted = True
        return as_json({})

    def headers_of(self, request: str) -> dict[str, str]:
        """What came with a request, the first time."""
        return next(headers for asked, headers in self.asked if asked == request)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeRegistry

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = f"{self.command} {self.path.removeprefix(PREFIX).removeprefix('/')}"
        self.server.asked.append((request, headers))
        answer = self.server.answers.get(request, lambda *_: as_json({"error": "none"}, 404))
        status, sent, fields = answer(body, headers)
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_args):
        """Stay silent."""


@contextmanager
def serve() -> Iterator[FakeRegistry]:
    """Run one for as long as the block."""
    with FakeRegistry() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
