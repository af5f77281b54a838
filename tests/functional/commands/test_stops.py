"""Stopping ends, whichever signals come and however many. `make stop-test` tries it 500 times."""

import contextlib
import os
import signal
import socket
import time

import pytest

from tests.fakes import hub_server
from tests.performance.registry import Registry
from tests.performance.stops import session_of
from tests.processes import eventually, is_alive

SIGNALS = {
    "term": [signal.SIGTERM],
    "int-term": [signal.SIGINT, signal.SIGTERM],
    "term-term-term": [signal.SIGTERM] * 3,
    "hup-int": [signal.SIGHUP, signal.SIGINT],
}


@pytest.fixture
def registry(tmp_path):
    hub, url = hub_server.start()
    found = Registry(tmp_path / "data", url)
    found.start()
    yield found
    if found.process.poll() is None:
        found.kill()
    hub.shutdown()
    hub.server_close()


@pytest.mark.parametrize("numbers", SIGNALS.values(), ids=SIGNALS)
def test_serve_when_told_to_stop_again_and_again_then_ends_and_leaves_nothing(registry, numbers):
    assert eventually(registry.children)
    (worker,) = registry.children()
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(registry.process.pid, number)
            os.kill(worker, number)
    assert registry.process.wait(60) == 0
    assert session_of(registry.process.pid) == []
    assert not is_alive(worker)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", registry.port))


def test_serve_when_clients_are_in_the_middle_of_something_then_it_ends_all_the_same(registry):
    clients = []
    for text in (
        b"",
        b"GET / HT",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
        b"GET / HTTP/1.1",
    ):
        client = socket.create_connection(("127.0.0.1", registry.port), 10)
        client.sendall(text)
        clients.append(client)
    time.sleep(0.3)
    registry.process.send_signal(signal.SIGINT)
    assert registry.process.wait(60) == 0
    for client in clients:
        client.close()
