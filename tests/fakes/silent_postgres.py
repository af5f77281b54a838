"""A PostgreSQL server that lets clients in, answers as often as it is told to, then says nothing.

It speaks as much of the protocol as a client needs to come in ("Message Formats" in PostgreSQL's
documentation), and answers every query with an empty result.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PARAMETERS = {"server_version": "16.0", "client_encoding": "UTF8", "TimeZone": "UTC"}


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


READY = message(b"Z", b"I")
EMPTY = message(b"I") + READY
WELCOME = (
    message(b"R", struct.pack("!i", 0))
    + b"".join(message(b"S", f"{name}\0{value}\0".encode()) for name, value in PARAMETERS.items())
    + READY
)


class Handler(socketserver.StreamRequestHandler):
    server: "SilentPostgres"

    def handle(self):
        if self.server.is_welcoming:
            length = struct.unpack("!i", self.rfile.read(4))[0]
            self.rfile.read(length - 4)
            self.wfile.write(WELCOME)
            for _ in range(self.server.answers):
                self.read_message()
                self.wfile.write(EMPTY)
        self.server.over.wait()

    def read_message(self):
        self.rfile.read(1)
        self.rfile.read(struct.unpack("!i", self.rfile.read(4))[0] - 4)


class SilentPostgres(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, answers: int, *, is_welcoming: bool):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.is_welcoming = answers, is_welcoming
        self.over = threading.Event()

    @property
    def url(self) -> str:
        port = self.server_address[1]
        return f"postgres://somebody@127.0.0.1:{port}/registry?sslmode=disable&gssencmode=disable"

    def handle_error(self, *_args):
        """A client that hangs up is no news here."""


@contextmanager
def silent_postgres(answers: int = 0, *, is_welcoming: bool = True) -> Iterator[SilentPostgres]:
    """Run such a server for as long as the block."""
    with SilentPostgres(answers, is_welcoming=is_welcoming) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
