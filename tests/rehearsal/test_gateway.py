import http.client
import json
import threading

import pytest

from tests.rehearsal import gateway as gateways
from tests.rehearsal.events import REQUEST_MAX_BYTES, Door
from tests.rehearsal.functions import NoInstanceFree, NoSuchFunction
from tests.rehearsal.gateway import Gateway
from tests.rehearsal.instance import Outcome

OWN_DOMAIN = Door("rest", "dev")


class Function:
    """Stands for what is deployed: keeps events, answers what it is told to."""

    def __init__(self):
        self.events = []
        self.result = {"statusCode": 200, "body": "ok"}
        self.error = None

    def __call__(self, payload):
        event = json.loads(payload)
        self.events.append(event)
        if isinstance(self.error, Exception):
            raise self.error
        return Outcome(json.dumps(self.result).encode(), self.error or "")


@pytest.fixture
def function():
    return Function()


@pytest.fixture
def open_gateway(function):
    opened = []

    def open_gateway(door=OWN_DOMAIN):
        gateway = Gateway(lambda: door, function)
        opened.append(gateway)
        return gateway

    yield open_gateway
    for gateway in opened:
        gateway.close()


def ask(gateway, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(gateway.url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.headers)
    finally:
        connection.close()


def test_request_when_sent_then_the_function_gets_it_and_its_result_comes_back(
    open_gateway, function
):
    function.result = {"statusCode": 201, "headers": {"offset": "7"}, "body": "é"}
    status, body, headers = ask(open_gateway(), "POST", "/artifacts?x=1", b"[]", {"X-A": "b"})
    assert (status, body.decode(), headers["offset"]) == (201, "é", "7")
    [event] = function.events
    assert (event["httpMethod"], event["path"]) == ("POST", "/artifacts")
    assert event["headers"]["X-A"] == "b"


def test_request_when_in_chunks_then_put_together(open_gateway, function):
    door = Door("rest", "dev", takes_binary=False)
    ask(open_gateway(door), "POST", "/", iter([b"ab", b"cd"]))
    assert function.events[0]["body"] == "abcd"


def test_head_when_answered_then_the_length_without_the_body(open_gateway, function):
    function.result = {"statusCode": 200, "headers": {"Content-Length": "5"}, "body": "hello"}
    status, body, headers = ask(open_gateway(Door("url")), "HEAD", "/")
    assert (status, body) == (200, b"")
    assert headers["Content-Length"] == "0"


@pytest.mark.parametrize("kind", ["rest", "url"])
def test_request_when_larger_than_the_door_takes_then_413_and_nothing_is_run(
    open_gateway, function, kind, monkeypatch
):
    monkeypatch.setitem(REQUEST_MAX_BYTES, kind, 1_000)
    status, body, _ = ask(open_gateway(Door(kind, "dev")), "POST", "/", b"x" * 1_001)
    assert (status, json.loads(body)) == (413, {"message": "Request Too Long"})
    assert ask(open_gateway(Door(kind, "dev")), "POST", "/", b"x" * 1_000)[0] == 200
    assert len(function.events) == 1


def test_event_when_larger_than_lambda_takes_then_413(open_gateway, function):
    # Base64 makes 4.8 MB to 6.4.
    assert ask(open_gateway(), "POST", "/", b"x" * 4_800_000)[0] == 413
    assert function.events == []


def test_function_when_it_takes_too_long_then_504(open_gateway, function, monkeypatch):
    monkeypatch.setitem(gateways.GATEWAY_MAX_S, "rest", 0.2)
    is_over = threading.Event()
    gateway = open_gateway()
    gateway.invoke = lambda _event: is_over.wait(5)
    status, body, _ = ask(gateway, "GET", "/")
    is_over.set()
    assert (status, json.loads(body)) == (504, {"message": "Endpoint request timed out"})


@pytest.mark.parametrize(
    ("error", "status"),
    [("Unhandled", 502), (NoSuchFunction("f"), 500), (NoInstanceFree("busy"), 500)],
    ids=["the function fails", "there is none", "none is free"],
)
def test_function_when_it_cannot_answer_then_says_what_aws_says(
    open_gateway, function, error, status
):
    function.error = error
    found, body, _ = ask(open_gateway(), "GET", "/")
    assert (found, json.loads(body)) == (status, {"message": "Internal server error"})


def test_door_when_nothing_is_deployed_then_403(open_gateway, function):
    gateway = open_gateway(None)
    assert ask(gateway, "GET", "/")[0] == 403
    assert function.events == []


def test_stage_when_it_is_missing_in_the_path_then_403(open_gateway, function):
    gateway = open_gateway(Door("rest", "dev", "a.execute-api.us-east-1.amazonaws.com"))
    status, body, _ = ask(gateway, "GET", "/health")
    assert (status, json.loads(body)) == (403, {"message": "Missing Authentication Token"})
    assert ask(gateway, "GET", "/dev/health")[0] == 200
    assert [event["path"] for event in function.events] == ["/health"]
