import json
import socket
import time

import pytest

from artifacts import functions
from artifacts.exceptions import FunctionBusy, FunctionUnavailable
from tests.fakes.loopback import Loopback, Reply, json_reply, serve

PATH = "/2015-03-31/functions/registry-dev/invocations"
EVENT = {"registry_task": "7d9f8d0e-0000-4000-8000-000000000000"}


@pytest.fixture
def cloud(monkeypatch, settings):
    """What stands in for Lambda's own address."""
    settings.AWS_LAMBDA_FUNCTION_NAME = "registry-dev"
    functions._make_client.cache_clear()
    with serve() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", server.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        yield server
    functions._make_client.cache_clear()


def test_send_event_when_lambda_takes_it_then_nobody_waits_for_the_result(cloud: Loopback):
    cloud.routes[PATH] = Reply(status=202)
    functions.send_event(EVENT)
    (asked,) = cloud.asked
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", PATH, EVENT)
    assert asked.headers["x-amz-invocation-type"] == "Event"


def test_send_event_when_sent_again_then_over_the_same_client(cloud: Loopback):
    cloud.routes[PATH] = Reply(status=202)
    functions.send_event(EVENT)
    first = functions._client()
    functions.send_event(EVENT)
    assert functions._client() is first
    assert len(cloud.asked) == 2


def test_send_event_when_sent_by_one_that_was_woken_then_lambda_sees_no_loop(
    cloud: Loopback, monkeypatch
):
    trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "registry-dev")
    cloud.routes[PATH] = Reply(status=202)
    for lineage in (";Lineage=1:68fd508a:15", ""):
        monkeypatch.setenv("_X_AMZN_TRACE_ID", f"{trace}{lineage}")
        functions.send_event(EVENT)
    monkeypatch.delenv("_X_AMZN_TRACE_ID")
    functions.send_event(EVENT)
    sent = [asked.headers.get("x-amzn-trace-id") for asked in cloud.asked]
    assert sent == [trace, trace, None]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(json_reply({"message": "broken"}, status=500), id="error"),
        pytest.param(json_reply({"message": "Rate exceeded"}, status=429), id="throttled"),
        pytest.param(json_reply({"message": "no such function"}, status=404), id="absent"),
    ],
)
def test_send_event_when_lambda_refuses_then_said_after_one_attempt(cloud: Loopback, reply):
    cloud.routes[PATH] = reply
    with pytest.raises(FunctionUnavailable, match="did not take"):
        functions.send_event(EVENT)
    assert len(cloud.asked) == 1


def test_send_event_when_lambda_says_nothing_then_not_waited_for_long(
    cloud, monkeypatch, set_limits
):
    set_limits(WAKE_UP_READ_TIMEOUT_S=0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(FunctionUnavailable, match="timeout"):
            functions.send_event(EVENT)
        assert time.monotonic() - started < 5


def test_send_event_when_nobody_listens_then_said(cloud, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1")
    with pytest.raises(FunctionUnavailable):
        functions.send_event(EVENT)


def test_send_event_when_this_process_is_no_function_then_said(settings):
    settings.AWS_LAMBDA_FUNCTION_NAME = ""
    with pytest.raises(FunctionUnavailable, match="no function"):
        functions.send_event(EVENT)


OTHER = "/2015-03-31/functions/registry-programs/invocations?Qualifier=code-1"


def call() -> bytes:
    return functions.call_function("registry-programs", "code-1", b'{"program": ""}')


def test_call_when_it_answers_then_once_and_by_its_version(cloud: Loopback):
    cloud.routes[OTHER] = json_reply({"x": 1})
    assert json.loads(call()) == {"x": 1}
    (asked,) = cloud.asked
    assert (asked.method, json.loads(asked.body)) == ("POST", {"program": ""})
    assert asked.path == OTHER


def test_call_when_the_function_fails_then_what_it_says(cloud: Loopback):
    body = {"errorType": "Error", "errorMessage": "The bucket answered 403"}
    reply = json_reply(body, headers={"X-Amz-Function-Error": "Unhandled"})
    cloud.routes[OTHER] = reply
    with pytest.raises(FunctionUnavailable, match=r"failed: .*The bucket answered 403"):
        call()


@pytest.mark.parametrize(
    ("status", "kind", "raised"),
    [
        (404, "ResourceNotFoundException", FunctionUnavailable),
        (403, "AccessDeniedException", FunctionUnavailable),
        (429, "TooManyRequestsException", FunctionBusy),
        (500, "ServiceException", FunctionUnavailable),
    ],
)
def test_call_when_lambda_refuses_then_once(cloud: Loopback, status, kind, raised):
    reply = json_reply({"Message": "no"}, status=status, headers={"X-Amzn-ErrorType": kind})
    cloud.routes[OTHER] = reply
    with pytest.raises(FunctionUnavailable) as caught:
        call()
    assert type(caught.value) is raised
    assert len(cloud.asked) == 1


def test_call_when_nobody_listens_then_unavailable(cloud: Loopback, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1")
    functions.forget_client()
    with pytest.raises(FunctionUnavailable, match="did not answer"):
        call()
