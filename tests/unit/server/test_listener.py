"""Who is let in, and how it ends."""

import resource
import socket

import pytest

from artifacts.limits import CONNECTIONS_MAX, OPEN_FILES_WANTED
from artifacts.server import listener
from artifacts.server.channel import State
from artifacts.server.listener import PortTaken, Server
from artifacts.storage.links import sign_download
from tests.processes import eventually
from tests.unit.server.conftest import Running, read_all

pytestmark = pytest.mark.slow

LAST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
PIECES = {
    "silent": b"",
    "headers": b"GET / HTTP/1.1\r\nX-A: ",
    "body": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
    "kept": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_connections_when_hundreds_wait_then_a_new_one_is_answered(running, set_limits, piece):
    set_limits(CONNECTIONS_MAX=20)
    waiting = []
    for _ in range(60):
        client = running.connect()
        client.sendall(piece)
        waiting.append(client)
    assert b"200 OK" in running.send(LAST)
    assert len(running.server.active_channels) <= 20
    for client in waiting:
        client.close()


def test_connections_when_room_is_made_then_not_by_those_that_are_answered(running, set_limits):
    set_limits(CONNECTIONS_MAX=5)
    busy = running.connect()
    busy.sendall(LAST.replace(b"/ ", b"/slow ", 1))
    assert eventually(lambda: running.application.paths == ["/slow"])
    waiting = [running.connect() for _ in range(20)]
    assert b"200 OK" in running.send(LAST)
    running.application.may_go_on.set()
    assert b"200 OK" in read_all(busy)
    for client in (busy, *waiting):
        client.close()


def ask_and_not_read(running, path):
    client = running.connect()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return client


@pytest.mark.parametrize("path", ["/long", "/content/made-up"])
def test_connections_when_hundreds_do_not_read_then_a_new_one_is_answered(
    running, set_limits, path
):
    set_limits(CONNECTIONS_MAX=8)
    deaf = [ask_and_not_read(running, path) for _ in range(12)]
    assert b"200 OK" in running.send(LAST)
    assert len(running.server.active_channels) <= 8
    for client in deaf:
        client.close()


def test_connections_when_room_is_made_then_not_by_who_takes_a_file(running, set_limits):
    set_limits(CONNECTIONS_MAX=4)
    path = sign_download("blobs/a", "a.zip", "application/zip", 60)
    taking = ask_and_not_read(running, path)
    channels = running.server.active_channels
    assert eventually(lambda: {each.state for each in [*channels.values()]} == {State.TAKING_FILE})
    deaf = [ask_and_not_read(running, "/long") for _ in range(8)]
    assert b"200 OK" in running.send(LAST)
    # A client with so small a window takes minutes: that it is still served is enough.
    assert State.TAKING_FILE in {each.state for each in [*channels.values()]}
    for client in (taking, *deaf):
        client.close()


def test_requests_one_by_one_then_one_thread_answers_them_all():
    running = Running(threads=8)
    assert eventually(lambda: running.server.task_dispatcher.active_count == 0)
    for _ in range(20):
        assert b"200 OK" in running.send(LAST)
        assert eventually(lambda: running.server.task_dispatcher.active_count == 0)
    assert len(running.application.threads) == 20
    assert len(set(running.application.threads)) == 1
    running.stop()


def test_requests_side_by_side_then_each_has_a_thread():
    running = Running(threads=3)
    slow = [running.connect() for _ in range(3)]
    for client in slow:
        client.sendall(LAST.replace(b"/ ", b"/slow ", 1))
    assert eventually(lambda: len(set(running.application.threads)) == 3)
    running.application.may_go_on.set()
    assert [b"200 OK" in read_all(client) for client in slow] == [True] * 3
    for client in slow:
        client.close()
    running.stop()


def test_loop_when_requests_come_then_its_other_work_is_done_only_now_and_then(monkeypatch):
    monkeypatch.setattr(listener, "_LOOK_S", 3_600)
    looks = []
    running = Running(threads=1, meanwhile=lambda: looks.append(1))
    for _ in range(20):
        assert b"200 OK" in running.send(LAST)
    assert len(looks) == 1
    running.stop()


def test_files_when_connections_are_many_then_a_process_may_have_so_many(running):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert OPEN_FILES_WANTED > CONNECTIONS_MAX * 3
    assert soft >= min(OPEN_FILES_WANTED, hard) or hard == resource.RLIM_INFINITY


def test_stop_when_a_request_is_being_answered_then_it_is_finished_and_others_are_closed():
    running = Running(threads=2)
    busy, idle, half = running.connect(), running.connect(), running.connect()
    half.sendall(PIECES["body"])
    busy.sendall(LAST.replace(b"/ ", b"/slow ", 1))
    assert eventually(lambda: running.application.paths == ["/slow"])
    running.over = True
    assert read_all(idle) == b""
    assert read_all(half) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.port), 5)
    running.application.may_go_on.set()
    assert b"200 OK" in read_all(busy)
    running.stop()
    for client in (busy, idle, half):
        client.close()


def test_stop_when_a_request_takes_for_ever_then_it_is_cut_off(monkeypatch, set_limits):
    set_limits(SERVER_GRACE_S=0.3)
    monkeypatch.setattr(listener, "_THREADS_END_S", 0.1)
    running = Running(threads=1)
    busy = running.connect()
    busy.sendall(LAST.replace(b"/ ", b"/slow ", 1))
    assert eventually(lambda: running.application.paths == ["/slow"])
    running.over = True
    running.thread.join(30)
    assert not running.thread.is_alive()
    running.application.may_go_on.set()
    busy.close()


def test_port_when_somebody_has_it_then_says_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match="PORT") as caught:
            Server("127.0.0.1", taken.getsockname()[1])
    assert "Another program listens there" in str(caught.value)
