import json
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from artifacts import middleware
from artifacts.exceptions import StorageUnavailable
from artifacts.request_id import current_request_id, current_route, new_request_id
from artifacts.services.access import authentication
from artifacts.services.upkeep import activity
from artifacts.web.home import views
from tests.secret_watch import lines_of_this_test

pytestmark = pytest.mark.django_db
REST_EVENT = {"requestContext": {"requestId": "of-rest", "identity": {"sourceIp": "192.0.2.7"}}}
URL_EVENT = {"requestContext": {"requestId": "of-url", "http": {"sourceIp": "192.0.2.8"}}}


@pytest.fixture
def lines(caplog):
    """All lines since the test began, the quiet ones as well, as they are written."""
    caplog.set_level("DEBUG", logger="artifacts")
    return lambda: [json.loads(line) for line in lines_of_this_test().splitlines()]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_request_when_answered_then_its_id_is_in_the_header_and_new_each_time(client):
    first, second = client.get("/tracks"), client.get("/tracks", headers={"X-Request-Id": "mine"})
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert second["X-Request-Id"] != "mine"


def test_request_when_answered_then_one_line_with_its_route_and_without_secrets(client, lines):
    answer = client.get("/content/a-secret-link")
    (line,) = lines()
    assert line.pop("duration_ms") > 0
    assert line.pop("asctime")
    assert line == {
        "levelname": "INFO",
        "name": "artifacts.middleware",
        "request_id": answer["X-Request-Id"],
        "route": "/content/<str:token>",
        "message": "request.answered",
        "method": "GET",
        "status": 404,
        "size_bytes": len(answer.content),
        "user": "-",
        "address": "127.0.0.1",
    }


@pytest.mark.parametrize(
    ("event", "address"), [(REST_EVENT, "192.0.2.7"), (URL_EVENT, "192.0.2.8")], ids=["rest", "url"]
)
def test_request_when_a_gateway_brought_it_then_its_word_for_the_address_and_both_ids(
    client, lines, event, address
):
    context = SimpleNamespace(aws_request_id="of-lambda")
    given = {"lambda.event": event, "lambda.context": context}
    client.get("/tracks", headers={"X-Forwarded-For": "203.0.113.1"}, **given)
    (line,) = lines()
    assert line["address"] == address
    assert line["gateway_request_id"] == event["requestContext"]["requestId"]
    assert line["lambda_request_id"] == "of-lambda"


def test_request_when_its_token_is_known_then_the_user_is_named(admin_api, lines):
    admin_api.post("/artifacts", [{"name": "*"}])
    assert [line["user"] for line in lines() if line["message"] == "request.answered"] == ["ada"]


def test_request_when_staff_ask_then_the_user_is_named(client, administrator, lines):
    client.force_login(administrator)
    client.get("/admin/")
    assert [line["user"] for line in lines() if line["message"] == "request.answered"] == ["ada"]


def test_request_when_nobody_asked_who_it_is_then_the_line_does_not_ask(
    client, administrator, django_assert_num_queries, lines
):
    client.force_login(administrator)
    with django_assert_num_queries(0):
        client.get("/no/such/path")
    assert lines()[-1]["user"] == "-"


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("/health", "DEBUG"),
        ("/static/registry/site.css", "DEBUG"),
        ("/static/registry/no-such.css", "INFO"),
        ("/tracks", "INFO"),
    ],
)
def test_request_when_it_is_a_probe_or_a_file_that_is_answered_well_then_a_quiet_line(
    client, lines, path, level
):
    client.get(path).close()
    told = [line for line in lines() if line["message"] == "request.answered"]
    assert [line["levelname"] for line in told] == [level]


def test_request_when_it_takes_long_then_its_one_line_is_a_warning(client, lines, set_limits):
    set_limits(REQUEST_SLOW_S=0.0)
    client.get("/tracks")
    (line,) = lines()
    assert (line["message"], line["levelname"], line["status"]) == ("request.slow", "WARNING", 200)


@pytest.mark.parametrize(
    ("error", "event", "level", "status"),
    [
        (StorageUnavailable("The bucket is away."), "request.failed", "WARNING", 503),
        (OperationalError("gone"), "database.failed", "ERROR", 503),
        (KeyError("a-bug"), "request.crashed", "ERROR", 500),
    ],
    ids=["registry", "database", "bug"],
)
@pytest.mark.parametrize("door", ["api", "page"])
def test_request_when_it_fails_then_one_line_says_who_asked_and_why(
    client, lines, monkeypatch, error, event, level, status, door
):
    def fail(*_given, **_named):
        raise error

    monkeypatch.setattr(authentication, "check_credentials", fail)
    monkeypatch.setattr(views, "render", fail)
    if door == "api":
        body = {"user": {"name": "a", "is_admin": False}, "secret": {"password": "b"}}
        answer = client.put("/authenticate", json.dumps(body), content_type="application/json")
    else:
        answer = client.get("/")
    assert answer.status_code == status
    (line,) = lines()
    assert (line["message"], line["levelname"], line["status"]) == (event, level, status)
    assert line["address"] == "127.0.0.1"
    assert ("exc_info" in line) == (level == "ERROR")


def test_request_when_one_failed_before_then_the_next_is_well(client, lines, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(views, "render", None)
        client.get("/")
    client.get("/tracks")
    assert [line["message"] for line in lines()] == ["request.crashed", "request.answered"]


def test_request_id_when_outside_of_a_request_then_a_dash():
    assert (current_request_id(), current_route()) == ("-", "-")


def test_request_id_when_inside_then_the_same_everywhere():
    with new_request_id() as request_id:
        assert current_request_id() == request_id
    assert current_request_id() == "-"


@pytest.mark.parametrize("path", ["/no/such/path", "/artifact", "/artifacts/", "/users/x/y"])
def test_path_when_it_is_not_there_then_json_says_so(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_path_when_it_is_below_the_staff_site_then_a_page_says_so(client, administrator):
    client.force_login(administrator)
    answer = client.get("/admin/no/such/page/")
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_request_when_answered_then_counted_once_the_answer_is_sent(monkeypatch, rf):
    counted = []
    monkeypatch.setattr(activity, "count", lambda *given: counted.append(given))
    answer = middleware.RequestMiddleware(lambda _request: HttpResponse("x"))(rf.get("/"))
    assert counted == []
    answer.close()
    (given,) = counted
    *known, took_s, address = given
    assert known == ["GET (no such path)", 200, ""]
    assert took_s >= 0
    assert address == "127.0.0.1"


@pytest.mark.parametrize(
    ("status", "slow_s", "noted"),
    [(200, 5.0, []), (404, 5.0, []), (200, -1.0, [200]), (500, 5.0, [500]), (503, 5.0, [503])],
)
def test_request_when_failed_or_slow_then_noted(monkeypatch, rf, status, slow_s, noted):
    found = []
    monkeypatch.setattr(activity, "note_failed", lambda _route, code, _took_s: found.append(code))
    monkeypatch.setattr(middleware, "REQUEST_SLOW_S", slow_s)
    middleware.RequestMiddleware(lambda _request: HttpResponse(status=status))(rf.get("/"))
    assert found == noted


def test_request_when_nobody_states_its_address_then_no_client_is_counted(monkeypatch, rf):
    counted = []
    monkeypatch.setattr(activity, "count", lambda *given: counted.append(given))
    request = rf.get("/", REMOTE_ADDR="")
    middleware.RequestMiddleware(lambda _request: HttpResponse())(request).close()
    assert counted[0][-1] == ""
