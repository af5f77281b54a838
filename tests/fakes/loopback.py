"""A server on loopback that answers as it is told to, well or badly, and keeps what was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """An answer.

    `body` may be an iterator of chunks, which is sent without a length until it ends or the client
    goes away. `cut` closes the connection after so many bytes of the body.
    """

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


def json_reply(data: object, **kwargs) -> Reply:
    return Reply(json.dumps(data).encode(), **kwargs)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Loopback"

    def do_GET(self, body: bytes = b""):
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, self.path, headers, body))
        with suppress(ConnectionError):
            self.send(self.server.reply_to(self.path))

    do_HEAD = do_GET

    def do_POST(self):
        self.do_GET(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def send(self, reply: Reply):
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        plain = isinstance(reply.body, bytes)
        if plain and "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        if not plain or reply.cut is not None:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            for chunk in [reply.body[: reply.cut]] if plain else reply.body:
                self.wfile.write(chunk)
                self.wfile.flush()

    def log_message(self, *_args):
        """Stay silent."""


class Loopback(ThreadingHTTPServer):
    """`routes` maps a path, with or without its query, to a reply or to several in turn."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Reply | list[Reply]] = {}
        self.asked: list[Asked] = []
        self.host = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.host}"

    def handle_error(self, *_args):
        """Stay silent: a client that has heard enough hangs up in the middle."""

    def reply_to(self, path: str) -> Reply:
        found = self.routes.get(path) or self.routes.get(path.partition("?")[0])
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found or Reply(b'{"error": "not found"}', status=404)

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


@contextmanager
def serve(special: Loopback | None = None) -> Iterator[Loopback]:
    """Run a server, by default one like the others, for as long as the block."""
    with special or Loopback() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
