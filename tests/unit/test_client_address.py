import pytest
from django.test import RequestFactory

from artifacts.client_address import UNKNOWN_ADDRESS, client_address


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
    # What Zappa makes of the header, which is a client's own word.
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
