import pytest
from django.test import RequestFactory

from artifacts.client_address import UNKNOWN_ADDRESS, client_address, comes_from_proxy


def seen(remote: str = "198.51.100.7", forwarded: str | None = None, event: dict | None = None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    if event is not None:
        request.META["lambda.event"] = event
    return client_address(request)


def rest(source: str) -> dict:
    return {"requestContext": {"identity": {"sourceIp": source}}}


@pytest.mark.parametrize("forged", ["1.2.3.4", "1.2.3.4, 5.6.7.8", "198.51.100.7, 1.2.3.4", ","])
def test_address_when_nobody_is_trusted_then_no_header_changes_it(forged):
    assert seen(forwarded=forged) == "198.51.100.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        (2, "1.2.3.4, 203.0.113.5, 10.0.0.9", "203.0.113.5"),
        # Fewer entries than there are proxies: the request came past them.
        (2, "203.0.113.5", "203.0.113.5"),
        (1, None, "10.0.0.1"),
        (1, "1.2.3.4, 10.0.0.1, 203.0.113.5", "203.0.113.5"),
    ],
)
def test_address_when_proxies_are_trusted_then_counted_from_the_end(
    settings, proxies, forwarded, expected
):
    settings.REGISTRY_TRUSTED_PROXIES = proxies
    assert seen("10.0.0.1", forwarded) == expected


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        # However many of them stand in a row, and whatever was sent before.
        ("10.0.0.1", "1.2.3.4, 203.0.113.5, 10.9.9.9, 192.0.2.7", "203.0.113.5"),
        ("10.0.0.1", "10.0.0.9, 203.0.113.5", "203.0.113.5"),
        ("::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("2001:db8::1", "203.0.113.5", "203.0.113.5"),
        # A socket of the file system has no address.
        ("", "203.0.113.5", "203.0.113.5"),
        ("", "203.0.113.5, ,", "203.0.113.5"),
        # Somebody of the house.
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("", None, UNKNOWN_ADDRESS),
        ("", "what is this", UNKNOWN_ADDRESS),
        # No proxy of ours: not a word of it.
        ("198.51.100.7", "203.0.113.5, 10.0.0.1", "198.51.100.7"),
        ("192.0.2.8", "203.0.113.5", "192.0.2.8"),
    ],
)
def test_address_when_proxies_are_named_then_the_first_that_is_none_of_them(
    settings, remote, forwarded, expected
):
    settings.REGISTRY_TRUSTED_PROXIES = ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "unix")
    assert seen(remote, forwarded) == expected


def test_address_when_no_socket_is_named_then_who_comes_by_one_is_not_believed(settings):
    settings.REGISTRY_TRUSTED_PROXIES = ("10.0.0.0/8",)
    assert seen("", "203.0.113.5") == UNKNOWN_ADDRESS


@pytest.mark.parametrize(
    ("trusted", "remote", "event", "expected"),
    [
        (0, "10.0.0.1", None, False),
        (1, "10.0.0.1", None, True),
        (("10.0.0.0/8",), "10.0.0.1", None, True),
        (("10.0.0.0/8",), "11.0.0.1", None, False),
        (("10.0.0.0/8",), "", None, False),
        (("10.0.0.0/8",), "not an address", None, False),
        (("unix",), "", None, True),
        (("unix",), "10.0.0.1", None, False),
        # The gateway writes these headers itself.
        (0, "6.6.6.6", rest("203.0.113.5"), True),
    ],
)
def test_proxy_when_a_request_comes_then_known_by_its_peer(
    settings, trusted, remote, event, expected
):
    settings.REGISTRY_TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "10.0.0.1"}, REMOTE_ADDR=remote)
    if event is not None:
        request.META["lambda.event"] = event
    assert comes_from_proxy(request) is expected


@pytest.mark.parametrize(
    ("event", "forwarded", "expected"),
    [
        # A regional gateway, and one that CloudFront stands before.
        (rest("203.0.113.5"), "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        (rest("203.0.113.5"), "1.2.3.4, 203.0.113.5, 130.176.1.1", "203.0.113.5"),
        ({"requestContext": {"http": {"sourceIp": "203.0.113.5"}}}, "9.9.9.9", "203.0.113.5"),
        # A load balancer says it in the header alone, at its end.
        ({"requestContext": {"elb": {}}}, "1.2.3.4, 203.0.113.5", "203.0.113.5"),
        ({}, None, UNKNOWN_ADDRESS),
        ({"requestContext": None}, None, UNKNOWN_ADDRESS),
    ],
    ids=["gateway", "edge", "function-url", "load-balancer", "nothing", "null"],
)
def test_address_when_on_lambda_then_the_gateways_word_counts(event, forwarded, expected):
    # The other argument is what somebody made of the header, which is a client's own word.
    assert seen("6.6.6.6", forwarded, event) == expected


def test_address_when_a_proxy_stands_before_the_gateway_then_what_it_added(settings):
    settings.REGISTRY_TRUSTED_PROXIES = 1
    assert seen("x", "1.2.3.4, 203.0.113.5, 10.0.0.9", rest("10.0.0.9")) == "203.0.113.5"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNKNOWN_ADDRESS),
        ("not an address", UNKNOWN_ADDRESS),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_address_when_written_in_any_form_then_one_for_a_customer(remote, expected):
    assert seen(remote) == expected
