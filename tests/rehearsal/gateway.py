"""The front door: HTTP on loopback, events behind it.

One gateway stands for one address: a REST API's stage, an HTTP API's, or a function URL. It knows
the limits that AWS has there, and answers as AWS does when the function fails.
"""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.rehearsal.events import (
    REQUEST_MAX_BYTES,
    Answer,
    Door,
    NoSuchRoute,
    Request,
    message,
    to_answer,
    to_event,
)
from tests.rehearsal.functions import NoInstanceFree, NoSuchFunction
from tests.rehearsal.instance import Outcome

# API Gateway's integration timeout; a function URL has none but the function's own.
GATEWAY_MAX_S = {"rest": 29.0, "http": 30.0, "url": 900.0}
# The event with its base64 body, as Lambda takes it.
EVENT_MAX_BYTES = 6_291_556

Invoke = Callable[[bytes], Outcome]
Open = Callable[[], Door | None]


class NotAllowed(Exception):
    """The gateway may not call the function. Its clients are told nothing, nor is a log."""


class Gateway:
    """Serves from its making until `close`.

    Args:
        door: says what stands here at this moment; None when nothing is deployed.
        invoke: runs an event on the function.
    """

    def __init__(self, door: Open, invoke: Invoke) -> None:
        self.door = door
        self.invoke = invoke
        self.calls = ThreadPoolExecutor(64, thread_name_prefix="gateway")
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.gateway = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.calls.shutdown(wait=False, cancel_futures=True)

    def answer(self, request: Request) -> Answer:
        """Turn a request into an event, run it, and turn its result into an answer."""
        door = self.door()
        if door is None:
            return message(403, "Forbidden")
        if len(request.body) > REQUEST_MAX_BYTES[door.kind]:
            return message(413, "Request Too Long")
        try:
            event = json.dumps(to_event(request, door)).encode()
        except NoSuchRoute:
            return message(403, "Missing Authentication Token")
        if len(event) > EVENT_MAX_BYTES:
            return message(413, "Request Too Long")
        try:
            outcome = self.calls.submit(self.invoke, event).result(GATEWAY_MAX_S[door.kind])
        except NotInTime:
            return message(504, "Endpoint request timed out")
        except (NoSuchFunction, NoInstanceFree, NotAllowed):
            return message(500, "Internal server error")
        if outcome.error:
            return message(502, "Internal server error")
        return to_answer(outcome.value, request, door)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    gateway: Gateway


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    # A client that keeps its connection and sends nothing is let go after this.
    timeout = 75
    server: _Server

    def log_message(self, *_args: object) -> None:
        """Say nothing: the instances' logs are what counts."""

    def do_any(self) -> None:
        body = self._body()
        headers = tuple((name, value) for name, value in self.headers.items())
        request = Request(self.command, self.path, headers, body, self.client_address[0])
        try:
            self._send(self.server.gateway.answer(request))
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_any

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            chunks = []
            while length := int(self.rfile.readline().strip() or b"0", 16):
                chunks.append(self.rfile.read(length))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        sized = False
        for name, value in answer.headers:
            low = name.lower()
            if low in {"connection", "transfer-encoding"}:
                continue
            # A HEAD answer tells the length of what a GET would bring.
            if low == "content-length" and self.command != "HEAD":
                continue
            sized |= low == "content-length"
            self.send_header(name, value)
        if not sized and answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()
