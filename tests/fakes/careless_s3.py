"""An S3 server that lies: it stands before a real one and forgets what it was told.

It cannot stand before one that looks at signatures, because what it forgets is signed: moto does
not. What it does wrong can be changed while it runs.
"""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

# What each lie keeps from the server behind, by the beginnings of headers' names.
FORGOTTEN = {
    "conditions": ("if-none-match", "if-match"),
    "digests": ("x-amz-checksum-sha256", "x-amz-sdk-checksum-algorithm"),
    "ranges": ("range",),
}
# What each refuses: status, S3's word, and whether a request is meant.
REFUSALS = {
    "deletes_many": (400, "MissingContentMD5", lambda method, query: "delete" in query),
    "begun": (501, "NotImplemented", lambda method, query: method == "GET" and "uploads" in query),
    "full": (507, "QuotaExceeded", lambda method, query: method in ("PUT", "POST")),
    "credentials": (400, "ExpiredToken", lambda method, query: True),
    "heads": (
        403,
        "AccessDenied",
        lambda method, query: method == "HEAD" and "X-Amz-Date" in query,
    ),
}
_HOP = ("connection", "transfer-encoding", "content-length", "date", "server")


@dataclass
class CarelessS3:
    """A running server. `lies` holds names of `FORGOTTEN`, `REFUSALS`, or "copies"."""

    behind: str
    lies: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve(behind: str, *lies: str) -> Iterator[CarelessS3]:
    """Run a server before another one for as long as the block."""
    careless = CarelessS3(behind, set(lies))

    class Handler(_Handler):
        server_is = careless

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    careless.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield careless
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on, without what is forgotten."""

    server_is: CarelessS3
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        for lie in self.server_is.lies & set(REFUSALS):
            status, word, is_meant = REFUSALS[lie]
            if is_meant(self.command, query):
                self._refuse(status, word)
                return
        if "copies" in self.server_is.lies and "x-amz-copy-source" in self.headers:
            self._refuse(501, "NotImplemented")
            return
        forgotten = {"connection", "expect"}
        for lie in self.server_is.lies:
            forgotten.update(FORGOTTEN.get(lie, ()))
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in forgotten
        }
        connection = http.client.HTTPConnection(urlsplit(self.server_is.behind).netloc, timeout=30)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            self._answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

    def _refuse(self, status: int, word: str) -> None:
        text = f"<Error><Code>{word}</Code><Message>{word}</Message></Error>".encode()
        self._answer(status, [("Content-Type", "application/xml")], text)

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        size = len(body)
        for name, value in headers:
            if self.command == "HEAD" and name.lower() == "content-length":
                size = int(value)
            if name.lower() not in _HOP or name.lower() == "date":
                self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
