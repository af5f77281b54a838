"""Whatever a header holds, reading it takes time in proportion to its length."""

import pytest

from tests.growth import repeated, too_fast

# Not covered: what is measured here is the work, and not coverage.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Type", "Cookie",
    "Forwarded", "Host", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Origin",
    "Range", "Referer", "User-Agent", "X-Authorization", "X-Forwarded-For", "X-Request-Id",
)  # fmt: skip
UNITS = (" ", ",", ";", "=", '"', "a,", "a;a=", 'a="', "W/", "*/*,", ";q=0.", "<", "-", "\\", "1.")
# What servers take in one header.
SIZES = (4_000, 16_000)


@pytest.mark.parametrize("name", HEADERS)
def test_request_when_a_header_is_long_then_time_grows_as_it_does(client, name):
    path = "/artifacts/model/some-id" if name == "X-Authorization" else "/tracks"

    def ask(value: str) -> None:
        assert client.get(path, headers={name: value}).status_code < 500

    grown = {
        unit: found
        for unit in UNITS
        if (found := too_fast(ask, repeated(unit, "!", "A" * 20), SIZES))
    }
    assert grown == {}
