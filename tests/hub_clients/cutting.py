"""A way to the bucket on which long downloads break, and whose links are of no use afterwards."""

import socket
import socketserver
import struct
import threading
from contextlib import suppress
from urllib.parse import urlsplit

CHUNK_BYTES = 262_144
HEAD_MAX_BYTES = 65_536
# Lingering for no time: a socket that is closed is reset (socket(7)).
AT_ONCE = struct.pack("ii", 1, 0)
# What S3 says once the lifetime of a link is over (its error AccessDenied, "Request has expired").
EXPIRED = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: 81\r\n"
    b"Connection: close\r\n\r\n"
    b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>   "
)


class CuttingProxy(socketserver.ThreadingTCPServer):
    """Passes connections on. Of those that fetch by a signed link, it breaks the first few.

    Attributes:
        cuts: after how many bytes each of the next downloads breaks, in turn.
        expires: whether a link of which a download broke has expired from then on.
        asked: what was asked for by signed links: the range, or "" for all; and whether the link
            had expired.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.behind = ("127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.cuts: list[int] = []
        self.expires = False
        self.asked: list[tuple[str, bool]] = []
        self._expired: set[str] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def begin(self, cuts: list[int], *, expires: bool) -> None:
        """Break the next downloads, and forget the last ones."""
        with self._lock:
            self.cuts, self.expires, self.asked = cuts, expires, []
            self._expired.clear()

    def plan(self, link: str, asked: str) -> int | None:
        """Return after how many bytes this download breaks; -1 for a link that has expired."""
        with self._lock:
            has_expired = link in self._expired
            self.asked.append((asked, has_expired))
            if has_expired:
                return -1
            if not self.cuts:
                return None
            if self.expires:
                self._expired.add(link)
            return self.cuts.pop(0)

    def handle_error(self, *_args: object) -> None:
        """Stay silent: a connection that breaks is what this is for."""


class _Connection(socketserver.BaseRequestHandler):
    server: CuttingProxy
    request: socket.socket

    def handle(self) -> None:
        head = self._head()
        if not head:
            return
        method, path = head.split(b" ", 2)[:2]
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        limit = None
        if method == b"GET" and b"X-Amz-Signature" in path:
            query = urlsplit(path.decode()).query
            limit = self.server.plan(query, fields.get(b"range", b"").decode())
        if limit == -1:
            self.request.sendall(EXPIRED)
            return
        with socket.create_connection(self.server.behind) as behind:
            behind.sendall(head)
            back = threading.Thread(target=_pump, args=(self.request, behind, None), daemon=True)
            back.start()
            if _pump(behind, self.request, limit):
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)

    def _head(self) -> bytes:
        """Return what came up to the end of the first request's head, and perhaps a little more."""
        head = b""
        while b"\r\n\r\n" not in head and len(head) < HEAD_MAX_BYTES:
            if not (chunk := self.request.recv(CHUNK_BYTES)):
                return b""
            head += chunk
        return head


def _pump(one: socket.socket, other: socket.socket, limit: int | None) -> bool:
    """Pass bytes on until one side ends, or the limit is reached; whether it was."""
    passed = 0
    with suppress(OSError):
        while chunk := one.recv(CHUNK_BYTES):
            other.sendall(chunk)
            passed += len(chunk)
            if limit is not None and passed >= limit:
                return True
        other.shutdown(socket.SHUT_WR)
    return False
