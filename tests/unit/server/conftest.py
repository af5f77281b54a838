"""A server with an application of a few lines, and clients that write what they like."""

import socket
import threading
from collections.abc import Callable

import pytest

from artifacts.server.listener import Server

WAIT_S = 30
BIG_ANSWER = b"x" * 40_000_000
# More than what the kernel takes for a client that does not read.
LONG_ANSWER = b"x" * 5_000_000


class Application:
    """Answers with how long the body was, or as its path says."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.threads: list[str] = []
        self.may_go_on = threading.Event()

    def __call__(self, environ, start_response):
        self.paths.append(environ["PATH_INFO"])
        self.threads.append(threading.current_thread().name)
        received = 0
        while chunk := environ["wsgi.input"].read(65_536):
            received += len(chunk)
        if environ["PATH_INFO"] == "/slow":
            self.may_go_on.wait(WAIT_S)
        if environ["PATH_INFO"] == "/crash":
            raise RuntimeError("a mistake")
        if environ["PATH_INFO"] == "/big":
            # By pieces, as a view would that does not know the length before.
            start_response("200 OK", [("Content-Length", str(len(BIG_ANSWER)))])
            return (BIG_ANSWER[i : i + 65_536] for i in range(0, len(BIG_ANSWER), 65_536))
        text = str(received).encode()
        if environ["PATH_INFO"].startswith(("/long", "/content/")):
            text = LONG_ANSWER
        start_response("200 OK", [("Content-Length", str(len(text)))])
        return [text]


class Running:
    """A server in a thread of the test's."""

    def __init__(self, threads: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.meanwhile = meanwhile
        self.application = Application()
        self.server = Server("127.0.0.1", 0)
        self.port = self.server.effective_port
        self.over = False
        self.server.open(self.application, threads)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        self.server.serve(lambda: self.over, self.meanwhile)
        self.server.stop()

    def connect(self) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.port), WAIT_S)
        found.settimeout(WAIT_S)
        return found

    def send(self, request: bytes) -> bytes:
        """Send something and return all that comes until the server closes."""
        with self.connect() as client:
            client.sendall(request)
            return read_all(client)

    def stop(self) -> None:
        self.over = True
        self.application.may_go_on.set()
        self.thread.join(WAIT_S)
        assert not self.thread.is_alive()


def read_all(client: socket.socket) -> bytes:
    found = b""
    while chunk := client.recv(65_536):
        found += chunk
    return found


@pytest.fixture
def running():
    found = Running(threads=2)
    yield found
    found.stop()


@pytest.fixture
def one_thread():
    found = Running(threads=1)
    yield found
    found.stop()


@pytest.fixture
def quick(monkeypatch, set_limits):
    """Clients have a moment only."""
    set_limits(HEADERS_TIMEOUT_S=0.3, IDLE_TIMEOUT_S=0.3, SLOW_TRANSFER_WINDOW_S=0.3)
    monkeypatch.setattr("artifacts.server.listener._LOOK_S", 0.05)
    monkeypatch.setattr("artifacts.server.listener._LOOP_S", 0.05)
