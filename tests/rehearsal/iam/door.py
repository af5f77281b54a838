"""A door in front of a bucket's server: who may not is told so, all else passes as it is.

Bytes go through unchanged, the head of a request included, so that what was signed stays signed
(the name that clients call is the door's own). Requests on a connection come one after the other;
answers are handed on as they come, without being read.
"""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable
from urllib.parse import parse_qs

from tests.rehearsal.iam.guard import Guard, Refusal

CHUNK_BYTES = 262_144
HEAD_MAX_BYTES = 65_536
# A deletion of 1,000 objects, whose names have 1,024 bytes at most.
DELETION_MAX_BYTES = 4_000_000


class Door:
    """Serves on a port of 127.0.0.1 from its making until `close`."""

    def __init__(self, port: int, guard: Guard) -> None:
        """Stand in front of a port of this machine."""
        self.server = _Server(("127.0.0.1", 0), _Connection)
        self.server.behind = port
        self.server.guard = guard
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128
    behind: int
    guard: Guard


class _Connection(socketserver.StreamRequestHandler):
    rbufsize = CHUNK_BYTES
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        with (
            contextlib.suppress(ConnectionError),
            socket.create_connection(("127.0.0.1", self.server.behind)) as behind,
        ):
            behind.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = threading.Thread(target=self._hand_back, args=(behind,), daemon=True)
            answers.start()
            while self._hand_on(behind):
                pass
            with contextlib.suppress(OSError):
                behind.shutdown(socket.SHUT_WR)
            answers.join()

    def _hand_back(self, behind: socket.socket) -> None:
        """Bring answers to the client until there are no more."""
        with contextlib.suppress(OSError):
            while chunk := behind.recv(CHUNK_BYTES):
                self.connection.sendall(chunk)
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _hand_on(self, behind: socket.socket) -> bool:
        """Bring one request to the server, if it may be; say whether another may follow."""
        head = self._read_head()
        if not head:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", 0))
        query = {name: values[-1] for name, values in parse_qs(target.partition("?")[2]).items()}
        body = b""
        if method == "POST" and "?delete" in target:
            body = self.rfile.read(min(length, DELETION_MAX_BYTES))
        guard = self.server.guard
        if guard.judges(headers, query) and (refusal := guard.look(method, target, headers, body)):
            self._refuse(refusal, method)
            return False
        behind.sendall(head + body)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            self._hand_on_chunks(behind.sendall)
        else:
            self._hand_on_bytes(length - len(body), behind.sendall)
        return True

    def _read_head(self) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline(HEAD_MAX_BYTES)
            if not line or len(head) > HEAD_MAX_BYTES:
                return b""
            head += line
        return head

    def _hand_on_bytes(self, length: int, send: Callable[[bytes], None]) -> None:
        while length > 0:
            chunk = self.rfile.read1(min(length, CHUNK_BYTES))
            if not chunk:
                return
            send(chunk)
            length -= len(chunk)

    def _hand_on_chunks(self, send: Callable[[bytes], None]) -> None:
        while line := self.rfile.readline(HEAD_MAX_BYTES):
            send(line)
            length = int(line.partition(b";")[0], 16)
            self._hand_on_bytes(length + 2 if length else 0, send)
            if not length:
                while (trailer := self.rfile.readline(HEAD_MAX_BYTES)) not in {b"", b"\r\n"}:
                    send(trailer)
                send(b"\r\n")
                return

    def _refuse(self, refusal: Refusal, method: str) -> None:
        text = f"<Error><Code>{refusal.kind}</Code><Message>{refusal.text}</Message></Error>"
        body = b"" if method == "HEAD" else text.encode()
        self.wfile.write(
            f"HTTP/1.1 {refusal.status} {refusal.kind}\r\nContent-Type: application/xml\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )
