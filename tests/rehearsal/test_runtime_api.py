import http.client
import json
import threading
import time

import pytest

from tests.rehearsal.runtime_api import RESPONSE_MAX_BYTES, VERSION, Invocation, RuntimeApi


class Client:
    """What the runtime inside an instance does."""

    def __init__(self, address):
        self.address = address

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.address, timeout=10)
        try:
            connection.request(method, f"{VERSION}{path}", body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.headers)
        finally:
            connection.close()


@pytest.fixture
def states():
    return []


@pytest.fixture
def api(states):
    api = RuntimeApi(lambda: states.append("frozen"), lambda: states.append("thawed"))
    yield api
    api.close()


@pytest.fixture
def client(api):
    return Client(api.address)


def handed(api, payload=b'{"a": 1}', timeout_s=30.0):
    invocation = Invocation(payload, "arn:aws:lambda:us-east-1:123456789012:function:f", timeout_s)
    api.hand_over(invocation)
    return invocation


def test_next_when_an_event_waits_then_brings_it_with_its_deadline(api, client):
    invocation = handed(api, timeout_s=30.0)
    status, body, headers = client.ask("GET", "/invocation/next")
    assert (status, json.loads(body)) == (200, {"a": 1})
    assert headers["Lambda-Runtime-Aws-Request-Id"] == invocation.id
    assert headers["Lambda-Runtime-Invoked-Function-Arn"].endswith(":function:f")
    left_s = int(headers["Lambda-Runtime-Deadline-Ms"]) / 1000 - time.time()
    assert 28 < left_s <= 30


def test_next_when_nothing_waits_then_frozen_until_something_does(api, client, states):
    found = []
    asking = threading.Thread(target=lambda: found.append(client.ask("GET", "/invocation/next")))
    asking.start()
    while not states:
        time.sleep(0.005)
    assert (states, found) == (["frozen"], [])
    handed(api)
    asking.join(5)
    assert states == ["frozen", "thawed"]
    assert found[0][0] == 200


def test_response_when_sent_then_answers_the_invocation(api, client):
    invocation = handed(api)
    client.ask("GET", "/invocation/next")
    status, _, _ = client.ask("POST", f"/invocation/{invocation.id}/response", b'{"ok":true}')
    assert status == 202
    assert invocation.is_answered.is_set()
    assert (invocation.kind, invocation.body) == ("response", b'{"ok":true}')


def test_response_when_sent_in_chunks_then_put_together(api, client):
    invocation = handed(api)
    client.ask("GET", "/invocation/next")
    path = f"/invocation/{invocation.id}/response"
    assert client.ask("POST", path, iter([b'"ab', b'cd"']))[0] == 202
    assert invocation.body == b'"abcd"'


def test_response_when_larger_than_lambda_takes_then_413_and_an_error(api, client):
    invocation = handed(api)
    client.ask("GET", "/invocation/next")
    path = f"/invocation/{invocation.id}/response"
    assert client.ask("POST", path, b"x" * (RESPONSE_MAX_BYTES + 1))[0] == 413
    assert invocation.kind == "error"
    assert json.loads(invocation.body)["errorType"] == "Function.ResponseSizeTooLarge"


def test_response_when_as_large_as_lambda_takes_then_202(api, client):
    invocation = handed(api)
    client.ask("GET", "/invocation/next")
    path = f"/invocation/{invocation.id}/response"
    assert client.ask("POST", path, b"x" * RESPONSE_MAX_BYTES)[0] == 202
    assert invocation.kind == "response"


def test_error_when_reported_then_answers_the_invocation(api, client):
    invocation = handed(api)
    client.ask("GET", "/invocation/next")
    assert client.ask("POST", f"/invocation/{invocation.id}/error", b'{"e":1}')[0] == 202
    assert (invocation.kind, invocation.body) == ("error", b'{"e":1}')


def test_response_when_of_another_invocation_then_refused(api, client):
    invocation = handed(api)
    client.ask("GET", "/invocation/next")
    assert client.ask("POST", "/invocation/other/response", b"{}")[0] == 400
    assert not invocation.is_answered.is_set()


def test_init_error_when_reported_then_kept(api, client):
    assert client.ask("POST", "/init/error", b'{"errorType":"Runtime.X"}')[0] == 202
    assert api.init_error == b'{"errorType":"Runtime.X"}'


def test_unknown_path_when_asked_then_404(client):
    assert client.ask("GET", "/invocation/last")[0] == 404
