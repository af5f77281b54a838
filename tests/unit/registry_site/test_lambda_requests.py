"""Requests as AWS hands them over. The rehearsal's own translation stands for AWS where it can."""

import binascii
from wsgiref.validate import validator

import pytest

from registry_site.lambda_requests import Place, answer_request, is_request
from tests.rehearsal.events import Door, Request, to_answer, to_event

PLACE = Place("dev", "models")
AWS = "abc.execute-api.us-east-1.amazonaws.com"
BYTES = bytes(range(256))
DOORS = {
    "gateway": Door("rest", "dev", AWS),
    "domain": Door("rest", "dev"),
    "http-api": Door("http", "dev", AWS),
    "http-api-domain": Door("http"),
    "function-url": Door("url", host="abc.lambda-url.us-east-1.on.aws"),
}
HEADERS = (("Host", "registry.example"), ("User-Agent", "x"))


class Application:
    """Keeps what it is given, and answers what it is told to."""

    def __init__(
        self, body=b"{}", headers=(("Content-Type", "application/json"),), status="200 OK"
    ):
        self.body, self.headers, self.status = body, list(headers), status
        self.closed = 0

    def __call__(self, environ, start_response):
        self.environ = environ
        self.read = environ["wsgi.input"].read(1000)
        start_response(self.status, self.headers)
        return self

    def __iter__(self):
        yield self.body

    def close(self):
        self.closed += 1


def ask(door: Door, request: Request, application: Application):
    """What a client gets."""
    event = to_event(request, door)
    assert is_request(event)
    result = answer_request(event, "context", application=application, place=PLACE)
    assert application.environ["lambda.event"] is event
    assert application.environ["lambda.context"] == "context"
    return to_answer(result, request, door)


def under(door: Door, target: str) -> str:
    """A path as a client writes it at a door."""
    return f"/dev{target}" if door.host == AWS else target


@pytest.fixture(params=list(DOORS.values()), ids=list(DOORS))
def door(request):
    return request.param


def test_request_when_it_comes_by_any_door_then_the_application_sees_the_same(door):
    application = Application()
    request = Request(
        "POST",
        under(door, "/artifact/byName/caf%C3%A9%2F1%FF?a=1&a=2&b=%C3%A9+x&c="),
        (*HEADERS, ("Content-Type", "text/x"), ("X-Own", "1"), ("X-Own", "2")),
        BYTES,
        "203.0.113.9",
    )
    assert ask(door, request, application).status == 200
    seen = application.environ
    assert seen["PATH_INFO"].encode("latin-1") == "/artifact/byName/café/1".encode() + b"\xff"
    assert seen["SCRIPT_NAME"] == ("/dev" if door.host == AWS else "")
    assert seen["QUERY_STRING"] == "a=1&a=2&b=%C3%A9+x&c="
    assert seen["REQUEST_METHOD"] == "POST"
    assert seen["CONTENT_TYPE"] == "text/x"
    assert seen["HTTP_X_OWN"].replace(" ", "") == "1,2"
    assert seen["HTTP_HOST"] == (door.host or "registry.example")
    assert seen["REMOTE_ADDR"] == "203.0.113.9"
    assert seen["wsgi.url_scheme"] == "https"
    assert application.closed == 1


@pytest.mark.parametrize("door", [DOORS["gateway"], DOORS["domain"]], ids=["gateway", "domain"])
def test_body_when_it_is_bytes_then_as_it_was_sent(door):
    application = Application()
    request = Request("PUT", under(door, "/uploads/content/x"), HEADERS, BYTES)
    ask(door, request, application)
    assert application.read == BYTES
    assert application.environ["CONTENT_LENGTH"] == "256"
    ask(door, Request("GET", under(door, "/health"), HEADERS), application)
    assert application.read == b""
    assert application.environ["CONTENT_LENGTH"] == "0"


@pytest.mark.parametrize(
    ("kind", "body", "encoding"),
    [
        ("application/json", '{"é": 1}'.encode(), None),
        ("text/html; charset=utf-8", "é".encode(), None),
        ("application/zip", BYTES, None),
        ("text/css", BYTES, "gzip"),
        ("text/plain; charset=latin-1", b"\xe9", None),
        ("application/json", b"", None),
    ],
    ids=["json", "page", "zip", "packed", "other-text", "nothing"],
)
def test_answer_when_of_any_kind_then_its_bytes_arrive_by_any_door(door, kind, body, encoding):
    headers = [("Content-Type", kind), ("X-Request-Id", "1")]
    headers += [("Content-Encoding", encoding)] if encoding else []
    headers += [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/")]
    answer = ask(
        door,
        Request("GET", under(door, "/health"), HEADERS),
        Application(body, headers, "404 Not Found"),
    )
    assert answer.status == 404
    assert answer.body == body
    told = sorted((name.lower(), value) for name, value in answer.headers)
    assert told == sorted((name.lower(), value) for name, value in headers)


def test_text_when_it_is_some_then_told_as_text():
    event = to_event(Request("GET", "/health", HEADERS), DOORS["domain"])
    result = answer_request(event, None, application=Application(b"{}"), place=PLACE)
    assert (result["body"], result["isBase64Encoded"]) == ("{}", False)
    # A gateway refuses members that it does not know.
    assert set(result) == {"statusCode", "multiValueHeaders", "body", "isBase64Encoded"}


def test_application_when_asked_then_as_wsgi_has_it(door):
    # The validator is strict about PEP 3333, and wants the iterable closed by whoever asks.
    application = Application()
    event = to_event(Request("GET", under(door, "/health?x=1"), HEADERS), door)

    def strict(environ, start_response):
        environ = {name: value for name, value in environ.items() if "lambda" not in name}
        return validator(lambda *given: [application(*given).body])(environ, start_response)

    assert answer_request(event, None, application=strict, place=PLACE)["statusCode"] == 200


@pytest.mark.parametrize(
    ("door", "target", "prefix", "path"),
    [
        ("domain", "/models/health", "/models", "/health"),
        ("domain", "/models", "/models", ""),
        ("domain", "/modelship", "", "/modelship"),
        ("domain", "/dev/health", "", "/dev/health"),
        ("gateway", "/dev/developers", "/dev", "/developers"),
        ("gateway", "/dev/models/x", "/dev", "/models/x"),
        ("gateway", "/dev", "/dev", "/"),
        ("http-api", "/dev/developers", "/dev", "/developers"),
        ("http-api-domain", "/models/health", "/models", "/health"),
        ("function-url", "/health", "", "/health"),
    ],
)
def test_prefix_when_stage_or_base_path_leads_then_taken_off_at_a_slash(door, target, prefix, path):
    application = Application()
    ask(DOORS[door], Request("GET", target, HEADERS), application)
    assert application.environ["SCRIPT_NAME"] == prefix
    assert application.environ["PATH_INFO"] == path


def test_headers_when_one_is_another_in_disguise_then_only_the_real_one_is_seen(door):
    application = Application()
    lies = (("X_Forwarded_Proto", "http"), ("x_authorization", "bearer x"), ("Content_Type", "a"))
    ask(door, Request("GET", under(door, "/health"), (*HEADERS, *lies)), application)
    assert application.environ["HTTP_X_FORWARDED_PROTO"] == "https"
    assert "HTTP_X_AUTHORIZATION" not in application.environ
    assert "CONTENT_TYPE" not in application.environ


def test_cookies_when_in_several_headers_then_one(door):
    application = Application()
    cookies = (("Cookie", "a=1"), ("Cookie", "b=2"))
    ask(door, Request("GET", under(door, "/health"), (*HEADERS, *cookies)), application)
    assert application.environ["HTTP_COOKIE"] == "a=1; b=2"


def test_headers_when_they_have_letters_that_none_may_have_then_no_error():
    event = to_event(Request("GET", "/", (*HEADERS, ("X-A", "\u65e5"))), DOORS["domain"])
    application = Application()
    answer_request(event, None, application=application, place=PLACE)
    assert application.environ["HTTP_X_A"] == "?"


def balanced(**members) -> dict:
    """What a load balancer sends."""
    host = "registry.us-east-1.elb.amazonaws.com"
    return {
        "requestContext": {"elb": {"targetGroupArn": "arn"}},
        "httpMethod": "GET",
        "path": "/users/a%20b",
        "queryStringParameters": {"x": "a%20b+c"},
        "headers": {"host": host, "x-forwarded-for": "203.0.113.9"},
        "body": "",
        "isBase64Encoded": False,
    } | members


def test_request_when_a_load_balancer_sends_it_then_as_it_wants_it_answered():
    application = Application()
    result = answer_request(balanced(), None, application=application, place=PLACE)
    assert result["statusDescription"] == "200 OK"
    assert result["headers"] == {"Content-Type": "application/json"}
    assert application.environ["SCRIPT_NAME"] == ""
    assert application.environ["PATH_INFO"] == "/users/a b"
    assert application.environ["QUERY_STRING"] == "x=a%20b+c"
    several = balanced(headers=None, multiValueHeaders={"host": ["x"], "accept": ["a", "b"]})
    result = answer_request(several, None, application=application, place=PLACE)
    assert result["multiValueHeaders"] == {"Content-Type": ["application/json"]}
    assert application.environ["HTTP_ACCEPT"] == "a, b"


def test_request_when_the_console_tries_it_then_answered():
    event = {"httpMethod": "GET", "path": "/health", "headers": None, "multiValueHeaders": None,
             "queryStringParameters": None, "requestContext": {"stage": "test-invoke-stage"},
             "body": None}  # fmt: skip
    application = Application()
    assert answer_request(event, None, application=application, place=PLACE)["statusCode"] == 200
    assert application.environ["QUERY_STRING"] == ""


def test_application_when_its_body_breaks_off_then_ended_all_the_same():
    class Broken(Application):
        def __iter__(self):
            yield b"x"
            raise ZeroDivisionError

    application = Broken()
    event = to_event(Request("GET", "/health", HEADERS), DOORS["domain"])
    with pytest.raises(ZeroDivisionError):
        answer_request(event, None, application=application, place=PLACE)
    assert application.closed == 1


def test_body_when_it_is_no_base64_then_an_error():
    event = to_event(Request("PUT", "/x", HEADERS, b"x"), DOORS["domain"]) | {"body": "a"}
    with pytest.raises(binascii.Error):
        answer_request(event, None, application=Application(), place=PLACE)


@pytest.mark.parametrize(
    "event",
    [{"version": "0", "detail-type": "Scheduled Event"}, {"manage": "migrate"}, {}],
    ids=["schedule", "command", "nothing"],
)
def test_event_when_it_is_no_request_then_not_taken_for_one(event):
    assert not is_request(event)


def test_length_when_a_header_says_another_then_that_of_the_body_counts():
    application = Application()
    event = to_event(Request("PUT", "/x", HEADERS, b"four"), DOORS["domain"])
    event["multiValueHeaders"]["Content-Length"] = ["999"]
    answer_request(event, None, application=application, place=PLACE)
    assert application.environ["CONTENT_LENGTH"] == "4"
    assert "HTTP_CONTENT_LENGTH" not in application.environ


def test_header_when_sent_in_other_letters_too_then_it_takes_no_place_of_another():
    application = Application()
    event = to_event(Request("GET", "/health", HEADERS, client="203.0.113.9"), DOORS["domain"])
    event["multiValueHeaders"]["x-forwarded-for"] = ["198.51.100.1"]
    answer_request(event, None, application=application, place=PLACE)
    assert "203.0.113.9" in application.environ["HTTP_X_FORWARDED_FOR"].split(", ")


def test_cookies_when_a_load_balancer_takes_one_value_by_name_then_none_is_lost():
    cookies = [("Set-Cookie", f"{name}=1") for name in "abcd"]
    application = Application(headers=[("Content-Type", "text/html"), *cookies])
    headers = answer_request(balanced(), None, application=application, place=PLACE)["headers"]
    told = [(name.title(), value) for name, value in headers.items()]
    assert told == [("Content-Type", "text/html"), *cookies]


def test_base_path_when_it_is_a_slash_then_none():
    application = Application()
    event = to_event(Request("GET", "//health", HEADERS), DOORS["domain"])
    answer_request(event, None, application=application, place=Place("dev", "/"))
    assert application.environ["SCRIPT_NAME"] == ""


def test_request_when_it_has_no_headers_then_answered():
    event = to_event(Request("GET", "/health", HEADERS), DOORS["http-api-domain"])
    event["headers"] = None
    result = answer_request(event, None, application=Application(), place=PLACE)
    assert result["statusCode"] == 200
