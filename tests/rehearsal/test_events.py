import base64
import json

import pytest

from tests.rehearsal.events import Door, NoSuchRoute, Request, to_answer, to_event

AWS_HOST = "abc.execute-api.us-east-1.amazonaws.com"
OWN_REST = Door("rest", "dev")
STAGED_REST = Door("rest", "dev", AWS_HOST)
HTTP = Door("http", "dev", AWS_HOST)
URL = Door("url")
DOORS = [OWN_REST, HTTP, URL]
GET = Request("GET", "/a", (("Host", "registry.example"),))


def test_rest_event_when_names_repeat_then_keeps_every_value():
    headers = (("Host", "registry.example"), ("Accept", "a"), ("Accept", "b"))
    event = to_event(Request("GET", "/a%20b?x=1&x=2&y=", headers), OWN_REST)
    assert event["path"] == "/a%20b"
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""]}
    assert event["queryStringParameters"] == {"x": "2", "y": ""}
    assert event["multiValueHeaders"]["Accept"] == ["a", "b"]
    assert event["headers"]["Host"] == "registry.example"


def test_second_version_when_names_repeat_then_joins_headers_and_keeps_the_query():
    headers = (("Host", "x"), ("Accept", "a"), ("Accept", "b"), ("Cookie", "s=1; t=2"))
    event = to_event(Request("GET", "/a?x=1&x=2", headers), URL)
    assert (event["rawPath"], event["rawQueryString"]) == ("/a", "x=1&x=2")
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert event["headers"]["accept"] == "a,b"
    assert event["cookies"] == ["s=1", "t=2"]
    assert "cookie" not in event["headers"]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.kind)
def test_event_when_the_client_says_how_it_came_then_the_door_says_it_instead(door):
    lies = (("X-Forwarded-Proto", "http"), ("X-Forwarded-For", "6.6.6.6"), ("Connection", "close"))
    request = Request("GET", "/dev/a", (("Host", "x"), *lies), client="9.9.9.9")
    headers = {name.lower(): value for name, value in to_event(request, door)["headers"].items()}
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-for"].startswith("9.9.9.9")
    assert "connection" not in headers


def test_stage_when_the_host_is_amazons_then_is_taken_off_the_path_of_a_rest_event_only():
    request = Request("GET", "/dev/artifacts?x=1", (("Host", "127.0.0.1"),))
    event = to_event(request, STAGED_REST)
    assert (event["path"], event["requestContext"]["path"]) == ("/artifacts", "/dev/artifacts")
    assert event["headers"]["Host"] == AWS_HOST
    assert to_event(request, HTTP)["rawPath"] == "/dev/artifacts"
    assert to_event(Request("GET", "/dev"), STAGED_REST)["path"] == "/"


@pytest.mark.parametrize("path", ["/", "/artifacts", "/developers"])
def test_stage_when_the_path_leads_elsewhere_then_no_route(path):
    with pytest.raises(NoSuchRoute):
        to_event(Request("GET", path), STAGED_REST)


def test_body_when_a_rest_api_takes_binary_then_always_encoded():
    json_body = Request("POST", "/", (("Content-Type", "application/json"),), b'{"a":"\xc3\xa9"}')
    event = to_event(json_body, OWN_REST)
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == json_body.body
    assert to_event(json_body, Door("rest", "dev", takes_binary=False))["isBase64Encoded"] is False


@pytest.mark.parametrize(
    ("content_type", "is_encoded"),
    [("application/json; charset=utf-8", False), ("text/plain", False), ("application/zip", True)],
)
def test_body_when_at_a_function_url_then_encoded_unless_text(content_type, is_encoded):
    event = to_event(Request("POST", "/", (("Content-Type", content_type),), b"abc"), URL)
    assert event["isBase64Encoded"] is is_encoded
    assert event["body"] == ("YWJj" if is_encoded else "abc")
    assert "body" not in to_event(GET, URL)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.kind)
def test_answer_when_encoded_then_the_bytes(door):
    body = bytes(range(256))
    result = {
        "statusCode": 200,
        "headers": {"Content-Type": "application/zip"},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    answer = to_answer(result, GET, door)
    assert (answer.status, answer.body) == (200, body)
    assert ("Content-Type", "application/zip") in answer.headers


def test_answer_when_a_rest_api_takes_no_binary_then_the_client_gets_base64():
    result = {"statusCode": 200, "body": "YWJj", "isBase64Encoded": True}
    answer = to_answer(result, GET, Door("rest", "dev", takes_binary=False))
    assert answer.body == b"YWJj"


def test_cookies_when_several_then_all_arrive():
    both = {"Set-Cookie": ["a=1", "b=2"]}
    rest = {"statusCode": 200, "headers": {"set-cookie": "b=2"}, "multiValueHeaders": both}
    assert to_answer(rest, GET, OWN_REST).headers == (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    by_url = {"statusCode": 200, "cookies": ["a=1", "b=2"]}
    assert to_answer(by_url, GET, URL).headers == (("set-cookie", "a=1"), ("set-cookie", "b=2"))


def test_headers_when_a_rest_api_keeps_the_name_for_itself_then_remapped():
    result = {"statusCode": 401, "headers": {"WWW-Authenticate": "Bearer", "offset": "3"}}
    assert to_answer(result, GET, OWN_REST).headers == (
        ("x-amzn-Remapped-WWW-Authenticate", "Bearer"),
        ("offset", "3"),
    )
    assert to_answer(result, GET, URL).headers == (("WWW-Authenticate", "Bearer"), ("offset", "3"))


@pytest.mark.parametrize("method_and_status", [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_body_when_http_has_none_then_dropped(method_and_status):
    method, status = method_and_status
    result = {"statusCode": status, "body": "text"}
    assert to_answer(result, Request(method, "/"), OWN_REST).body == b""


@pytest.mark.parametrize(
    "result",
    [
        None,
        "text",
        {"body": "no status"},
        {"statusCode": "200"},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "no base64!", "isBase64Encoded": True},
    ],
    ids=json.dumps,
)
def test_rest_answer_when_the_result_is_malformed_then_502(result):
    answer = to_answer(result, GET, OWN_REST)
    assert (answer.status, json.loads(answer.body)) == (502, {"message": "Internal server error"})


def test_answer_of_a_function_url_when_the_result_has_no_status_then_it_is_the_body():
    assert to_answer({"a": 1}, GET, URL).body == b'{"a": 1}'
