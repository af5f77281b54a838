"""Clients that are slow, deaf or silent."""

import socket
import time

import pytest

from artifacts.server.channel import Channel
from tests.processes import eventually
from tests.unit.server.conftest import BIG_ANSWER, read_all

pytestmark = pytest.mark.slow

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def by_the_letter(client: socket.socket, letter: bytes) -> bytes:
    """Send letters until an answer comes; returns all of it."""
    client.settimeout(0.02)
    while True:
        try:
            client.sendall(letter)
            found = client.recv(65_536)
        except TimeoutError:
            continue
        client.settimeout(30)
        return found + read_all(client)


def test_headers_when_they_come_by_the_letter_then_given_up(quick, running):
    with running.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nX-A: ")
        assert by_the_letter(client, b"a").startswith((b"HTTP/1.1 408 ", b"HTTP/1.0 408 "))


def test_body_when_it_comes_by_the_letter_then_given_up(quick, running):
    with running.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n")
        assert by_the_letter(client, b"a").startswith((b"HTTP/1.1 408 ", b"HTTP/1.0 408 "))
    assert running.application.paths == []


def test_body_when_it_comes_fast_enough_then_waited_for(quick, running, set_limits):
    set_limits(CLIENT_MIN_BYTES_PER_S=1)
    head = b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n"
    with running.connect() as client:
        client.sendall(head + b"x" * 900)
        for _ in range(10):
            time.sleep(0.1)
            client.sendall(b"x" * 10)
        assert read_all(client).endswith(b"1000")


def test_body_when_much_came_at_once_then_that_excuses_no_pause(quick, running):
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n"
    with running.connect() as client:
        client.sendall(head + b"x" * 900_000)
        assert read_all(client).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("sent", [b"", GET], ids=["never-asked", "asked-before"])
def test_connection_when_nothing_is_asked_then_closed(quick, running, sent):
    with running.connect() as client:
        client.sendall(sent)
        found = read_all(client)
    assert (found.count(b"HTTP/1.1 200"), b" 408 " in found) == (bool(sent), False)


def test_answer_when_it_is_not_taken_then_its_thread_is_free_again(quick, one_thread):
    running = one_thread
    deaf = running.connect()
    deaf.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert eventually(lambda: running.application.paths == ["/big"])
    assert b"200 OK" in running.send(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    deaf.close()


def test_answer_when_it_is_taken_steadily_then_it_may_take_long(quick, running, set_limits):
    set_limits(CLIENT_MIN_BYTES_PER_S=1_000_000)
    found = 0
    with running.connect() as client:
        client.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        while chunk := client.recv(1_000_000):
            found += len(chunk)
            time.sleep(0.02)
    assert found > len(BIG_ANSWER)


def test_pipeline_when_answers_are_not_taken_then_the_others_are_served(quick, one_thread):
    running = one_thread
    deaf = running.connect()
    deaf.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
    assert b"200 OK" in running.send(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    deaf.close()


def test_loop_while_a_thread_sends_then_it_does_not_turn_for_that(running, monkeypatch):
    turns = []
    poll = running.server._poll
    monkeypatch.setattr(running.server, "_poll", lambda *given: (turns.append(1), poll(*given)))
    send = Channel.send

    def send_slowly(channel, *given, **named):
        # The answer lies there and the socket would take it, but a thread is about to send it.
        time.sleep(0.5)
        return send(channel, *given, **named)

    monkeypatch.setattr(Channel, "send", send_slowly)
    with running.connect() as client:
        client.sendall(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert read_all(client).startswith(b"HTTP/1.1 200 ")
    assert 0 < len(turns) < 50
