import gzip
import itertools
import logging
import threading

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import ATTEMPTS_MAX, REDIRECTS_MAX
from artifacts.sources.http import Client
from artifacts.sources.inquiry import Inquiry
from tests.fakes.loopback import Reply, json_reply, serve

TOKEN = "hf_very_secret"
LIMITED = Reply(status=429)


class CountedInquiry(Inquiry):
    """Is over at the given check, however fast this machine is; says when it was looked at."""

    def __init__(self, checks: int) -> None:
        super().__init__(30)
        self.checks = checks
        self.looked_at = threading.Semaphore(0)

    def check_time(self, waiting_for: str) -> None:
        self.checks -= 1
        self.looked_at.release()
        if self.checks <= 0:
            raise SourceUnavailable(f"{waiting_for} took too long to answer.")


def get(server, path="/x", **kwargs):
    kwargs.setdefault("inquiry", Inquiry(30))
    return Client(server.url, TOKEN).get(path, **kwargs)


def test_get_when_answered_then_status_headers_and_body(server):
    server.routes["/x"] = json_reply({"a": 1}, headers={"X-Thing": "yes"})
    answer = get(server)
    assert (answer.status, answer.headers["x-thing"], answer.json()) == (200, "yes", {"a": 1})
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_get_when_asked_twice_then_no_cookie_comes_back(server):
    server.routes["/x"] = json_reply({}, headers={"Set-Cookie": "track=me; Path=/"})
    get(server)
    get(server)
    assert ["cookie" in asked.headers for asked in server.asked] == [False, False]


def test_get_when_environment_names_a_proxy_then_it_is_not_used(server, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.routes["/x"] = json_reply({})
    assert get(server).status == 200


def test_text_when_bytes_are_no_utf8_then_replaced(server):
    server.routes["/x"] = Reply(b"caf\xe9")
    assert get(server).text() == "caf\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(b"x" * 1_001), id="length-stated"),
        pytest.param(Reply(itertools.repeat(b"x" * 100)), id="endless"),
        pytest.param(
            Reply(gzip.compress(b"x" * 10_000_000), headers={"Content-Encoding": "gzip"}),
            id="gzip-bomb",
        ),
    ],
)
def test_get_when_body_is_longer_than_allowed_then_refused_or_cut(server, reply):
    server.routes["/x"] = reply
    with pytest.raises(SourceRefused, match="over 1,000 bytes"):
        get(server, max_bytes=1_000)
    assert get(server, max_bytes=1_000, cut=True).body == b"x" * 1_000


def test_get_when_body_has_exactly_the_allowed_size_then_whole(server):
    server.routes["/x"] = Reply(gzip.compress(b"x" * 1_000), headers={"Content-Encoding": "gzip"})
    assert get(server, max_bytes=1_000).body == b"x" * 1_000


def test_get_when_body_drips_then_given_up_at_the_deadline(server):
    inquiry = CountedInquiry(checks=5)

    def drip():
        while inquiry.looked_at.acquire(timeout=10):
            yield b"x"

    server.routes["/x"] = Reply(drip())
    with pytest.raises(SourceUnavailable, match="took too long"):
        get(server, inquiry=inquiry)


def test_get_when_server_is_silent_then_unavailable_once_the_time_is_over(server):
    released = threading.Event()

    def hang():
        released.wait(10)
        yield b""

    server.routes["/x"] = Reply(hang(), headers={"Content-Length": "5"})
    with pytest.raises(SourceUnavailable, match="does not answer"):
        get(server, inquiry=Inquiry(0.2))
    released.set()
    assert len(server.asked) == 1


def test_get_when_time_is_over_then_nothing_is_asked(server):
    with pytest.raises(SourceUnavailable, match="took too long"):
        get(server, inquiry=Inquiry(0))
    assert server.asked == []


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(LIMITED, id="limited"),
        pytest.param(Reply(status=500), id="broken"),
        pytest.param(Reply(status=503, headers={"Retry-After": "2"}), id="busy"),
        pytest.param(Reply(status=408), id="request-timeout"),
        pytest.param(Reply(b"[1, 2]", cut=3), id="cut-off"),
        pytest.param(
            Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), id="encoding-is-a-lie"
        ),
    ],
)
def test_get_when_a_fault_passes_then_answered_after_a_pause(server, pauses, failing):
    server.routes["/x"] = [failing, json_reply([1])]
    assert get(server).json() == [1]
    assert len(pauses) == 1
    assert pauses[0] >= float(failing.headers.get("Retry-After", 0.1))


def test_get_when_a_fault_stays_then_unavailable_after_all_attempts(server, pauses):
    server.routes["/x"] = Reply(status=502)
    with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1 is in trouble \(status 502\)"):
        get(server)
    assert len(server.asked) == ATTEMPTS_MAX
    assert len(pauses) == ATTEMPTS_MAX - 1


@pytest.mark.parametrize(
    ("headers", "status", "wait_s"),
    [
        ({"Retry-After": "21"}, 429, 21.0),
        ({"Retry-After": "600"}, 503, 600.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, 403, 86_400.0),
        ({"RateLimit": '"api";r=0;t=55'}, 429, 55.0),
    ],
    ids=["retry-after", "maintenance", "github", "hub"],
)
def test_get_when_source_wants_a_long_pause_then_that_is_passed_on(
    server, pauses, headers, status, wait_s
):
    server.routes["/x"] = Reply(status=status, headers=headers)
    with pytest.raises(SourceUnavailable) as raised:
        get(server)
    assert raised.value.retry_after_s == wait_s
    assert (len(server.asked), pauses) == (1, [])


def test_get_when_the_pause_passes_the_deadline_then_not_waited(server, pauses):
    server.routes["/x"] = Reply(status=429, headers={"Retry-After": "15"})
    with pytest.raises(SourceUnavailable):
        get(server, inquiry=Inquiry(10))
    assert (len(server.asked), pauses) == (1, [])


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "status 400"), (401, "wants credentials"), (403, "status 403"), (302, "status 302")],
)
def test_get_when_source_says_no_then_refused_at_once(server, status, words):
    server.routes["/x"] = Reply(status=status)
    with pytest.raises(SourceRefused, match=words):
        get(server)
    assert len(server.asked) == 1


def test_get_when_status_is_one_of_the_callers_then_answered(server):
    assert get(server, "/absent", also=(404,)).status == 404


def test_head_when_answered_then_headers_without_waiting_for_a_body(server):
    server.routes["/x"] = Reply(b"12345")
    answer = get(server, method="HEAD")
    assert (answer.headers["content-length"], answer.body) == ("5", b"")


def test_get_when_redirected_within_the_source_then_token_goes_along(server):
    server.routes["/x"] = Reply(status=307, headers={"Location": "/y"})
    server.routes["/y"] = json_reply("there")
    assert get(server).json() == "there"
    assert [asked.headers.get("authorization") for asked in server.asked] == [f"Bearer {TOKEN}"] * 2


def test_get_when_answered_then_each_answer_of_the_source_is_counted(server, pauses):
    inquiry = Inquiry(30)
    server.routes["/x"] = Reply(status=307, headers={"Location": "/y"})
    server.routes["/y"] = [Reply(status=503), Reply(status=429), json_reply({})]
    get(server, "/y", inquiry=inquiry)
    assert inquiry.count_answers(server.url) == 1
    server.routes["/y"] = json_reply({})
    get(server, inquiry=inquiry)
    assert inquiry.count_answers(server.url) == 3
    assert inquiry.count_answers("https://elsewhere.example") == 0


def test_get_when_redirected_to_another_origin_then_token_stays_home(server, settings):
    with serve() as other:
        settings.REGISTRY_PRIVATE_HOSTS = (server.host, other.host)
        server.routes["/x"] = Reply(status=302, headers={"Location": f"{other.url}/y"})
        other.routes["/y"] = Reply(status=302, headers={"Location": f"{server.url}/z"})
        server.routes["/z"] = json_reply("back")
        assert get(server).json() == "back"
        assert "authorization" not in other.asked[0].headers
        assert server.asked[1].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1:1/",
        "file:///etc/passwd",
        "http://user:pw@127.0.0.1/",
        "http://[",
    ],
    ids=["metadata", "private", "file", "credentials", "no-url"],
)
def test_get_when_redirected_where_requests_may_not_go_then_refused(server, location):
    server.routes["/x"] = Reply(status=302, headers={"Location": location})
    with pytest.raises(SourceRefused):
        get(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize(("hops", "arrives"), [(REDIRECTS_MAX, True), (REDIRECTS_MAX + 1, False)])
def test_get_when_redirected_often_then_followed_up_to_the_limit(server, hops, arrives):
    for hop in range(hops):
        server.routes[f"/{hop}"] = Reply(status=302, headers={"Location": f"/{hop + 1}"})
    server.routes[f"/{hops}"] = json_reply("end")
    if arrives:
        assert get(server, "/0").json() == "end"
    else:
        with pytest.raises(SourceRefused, match="circle"):
            get(server, "/0")


def test_get_when_redirect_has_an_endless_body_then_it_is_not_read(server):
    server.routes["/x"] = Reply(
        itertools.repeat(b"x" * 1_000), status=302, headers={"Location": "/y"}
    )
    server.routes["/y"] = json_reply("there")
    assert get(server).json() == "there"


def test_get_when_it_fails_then_no_token_in_message_or_log(server, pauses, caplog):
    caplog.set_level(logging.DEBUG)
    server.routes["/x"] = Reply(status=500)
    with pytest.raises(SourceUnavailable) as raised:
        get(server, "/x?signature=also-secret")
    told = raised.value.message + "".join(
        str(vars(each)) for each in caplog.records if each.name.startswith("artifacts")
    )
    assert "outbound.retry" in told
    assert TOKEN not in told
    assert "also-secret" not in told


def test_get_when_asked_again_then_connection_is_kept(server):
    server.routes["/x"] = json_reply({})
    connections = []
    accept = server.process_request
    server.process_request = lambda *args: (connections.append(1), accept(*args))
    get(server)
    get(server)
    assert (len(server.asked), len(connections)) == (2, 1)
