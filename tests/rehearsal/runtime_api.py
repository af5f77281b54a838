"""Lambda's Runtime API, version 2018-06-01, for one execution environment.

The runtime client inside asks for the next invocation, answers it, and asks again. From its asking
until the next invocation arrives the environment is frozen, as on AWS: whatever a program wants to
do after its answer does not happen. Who is frozen, and how, is the business of `instance.py`.

Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import queue
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

VERSION = "/2018-06-01/runtime"
# "Invocation payload (request and response)": 6 MB each, and the service's own envelope.
RESPONSE_MAX_BYTES = 6_291_556
TOO_LARGE = json.dumps(
    {
        "errorMessage": f"Response payload size exceeded maximum allowed payload size"
        f" ({RESPONSE_MAX_BYTES} bytes).",
        "errorType": "Function.ResponseSizeTooLarge",
    }
).encode()


@dataclass
class Invocation:
    """One call of the function, on its way."""

    payload: bytes
    arn: str
    timeout_s: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    kind: Literal["", "response", "error"] = ""
    body: bytes = b""
    is_answered: threading.Event = field(default_factory=threading.Event)

    def answer(self, kind: Literal["response", "error"], body: bytes) -> None:
        """Take the first answer; a second is ignored."""
        if not self.is_answered.is_set():
            self.kind, self.body = kind, body
            self.is_answered.set()


class RuntimeApi:
    """Serves one runtime client on a port of its own."""

    def __init__(self, freeze: Callable[[], None], thaw: Callable[[], None]) -> None:
        self.freeze = freeze
        self.thaw = thaw
        self.init_error = b""
        self.started_at: float | None = None  # when the first invocation was asked for
        self.waiting: queue.Queue[Invocation | None] = queue.Queue()
        self.current: Invocation | None = None
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.api = self
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.2,), daemon=True).start()

    def hand_over(self, invocation: Invocation) -> None:
        self.waiting.put(invocation)

    def restore(self) -> None:
        """Be frozen once, after the start, and come back, as by SnapStart."""
        self.freeze()
        self.thaw()

    def next(self) -> Invocation | None:
        """Wait for an invocation, frozen meanwhile; None when the environment ends."""
        if self.started_at is None:
            self.started_at = time.monotonic()
        try:
            invocation = self.waiting.get_nowait()
        except queue.Empty:
            self.freeze()
            invocation = self.waiting.get()
            self.thaw()
        self.current = invocation
        return invocation

    def close(self) -> None:
        self.waiting.put(None)
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A frozen client never closes its connections: nobody waits for the threads that serve them.
    block_on_close = False
    api: RuntimeApi


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, *_args: object) -> None:
        """Say nothing: the instances' logs are what counts."""

    def do_GET(self) -> None:
        if self.path == f"{VERSION}/restore/next":
            self.server.api.restore()
            self.reply(200)
            return
        if self.path != f"{VERSION}/invocation/next":
            self.reply(404)
            return
        invocation = self.server.api.next()
        if invocation is None:
            self.close_connection = True
            return
        deadline_ms = int((time.time() + invocation.timeout_s) * 1000)
        self.reply(
            200,
            invocation.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.id,
                "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
                "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
            },
        )

    def do_POST(self) -> None:
        body = self.read_body()
        api = self.server.api
        if self.path == f"{VERSION}/init/error":
            api.init_error = body
            self.reply(202, b'{"status":"OK"}')
            return
        current = api.current
        parts = self.path.removeprefix(f"{VERSION}/invocation/").split("/")
        if current is None or len(parts) != 2 or parts[0] != current.id:
            self.reply(400, b'{"errorType":"InvalidRequestID"}')
        elif parts[1] == "response" and len(body) > RESPONSE_MAX_BYTES:
            current.answer("error", TOO_LARGE)
            self.reply(413, b'{"errorType":"RequestEntityTooLarge"}')
        elif parts[1] == "response":
            current.answer("response", body)
            self.reply(202, b'{"status":"OK"}')
        elif parts[1] == "error":
            current.answer("error", body)
            self.reply(202, b'{"status":"OK"}')
        else:
            self.reply(404)

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while length := int(self.rfile.readline().strip() or b"0", 16):
            chunks.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
