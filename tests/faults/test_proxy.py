"""The proxy and the stand-ins that the matrix trusts."""

import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress

import psycopg
import pytest

from tests.fakes.loopback import Reply, serve
from tests.faults.proxy import Proxies
from tests.faults.stand_ins import http, postgres_refusal, s3_error

SILENCE_S = 0.3


@pytest.fixture
def proxies():
    made = Proxies()
    yield made
    made.close()


@pytest.fixture
def web(proxies):
    with serve() as server:
        server.routes["/x"] = Reply(b"from the component")
        yield proxies.to("127.0.0.1", server.server_port)


@pytest.fixture
def echo(proxies):
    """A door to a server that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk(connection):
        with connection, suppress(ConnectionError):
            while data := connection.recv(100):
                connection.sendall(data)

    def work():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed at the end of the test
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=work, daemon=True).start()
    yield proxies.to("127.0.0.1", listener.getsockname()[1])
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def get(url: str, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def connect(proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=SILENCE_S)


def test_open_when_asked_then_the_component_answers(web):
    assert get(f"{web.url}/x") == (200, b"from the component")


def test_stopped_when_asked_then_connections_are_refused_until_it_opens(web):
    web.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(web)
    web.open()
    assert get(f"{web.url}/x") == (200, b"from the component")


def test_stopped_when_a_connection_is_open_then_it_breaks(echo):
    with connect(echo) as connection:
        connection.sendall(b"a")
        assert connection.recv(1) == b"a"
        echo.stop()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_silent_when_connected_then_nothing_comes_until_it_opens(echo):
    echo.fall_silent()
    with connect(echo) as connection:
        connection.sendall(b"late")
        with pytest.raises(TimeoutError):
            connection.recv(4)
        echo.open()
        assert connection.recv(4) == b"late"


def test_silent_when_a_connection_was_open_then_it_stops_where_it_is(echo):
    with connect(echo) as connection:
        connection.sendall(b"a")
        assert connection.recv(1) == b"a"
        echo.fall_silent()
        connection.sendall(b"b")
        with pytest.raises(TimeoutError):
            connection.recv(1)
        echo.open()
        assert connection.recv(1) == b"b"


def test_speaking_when_asked_then_the_stand_in_answers_instead(web):
    web.speak(http(503, "busy", Retry_After="7"))
    assert get(f"{web.url}/x") == (503, b"busy")
    web.open()
    assert get(f"{web.url}/x") == (200, b"from the component")


def test_speaking_when_a_connection_is_open_then_it_breaks(echo):
    with connect(echo) as connection:
        connection.sendall(b"a")
        assert connection.recv(1) == b"a"
        echo.speak(http(500))
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_s3_error_when_spoken_then_code_and_date_are_as_told(web):
    web.speak(s3_error(403, "RequestTimeTooSkewed"))
    status, body = get(f"{web.url}/bucket/key")
    assert (status, b"<Code>RequestTimeTooSkewed</Code>" in body) == (403, True)


def test_postgres_refusal_when_spoken_then_psycopg_knows_the_error(proxies):
    proxy = proxies.to("127.0.0.1", 9)
    proxy.speak(postgres_refusal("53300", "sorry, too many clients already"))
    started_s = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="too many clients already"):
        psycopg.connect(f"postgres://any@{proxy.host}/any", connect_timeout=5)
    assert time.monotonic() - started_s < 3
