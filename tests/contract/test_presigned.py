"""What every bucket's addresses do when clients use them, asked of real S3 servers."""

from http import HTTPStatus
from urllib import error, request

import pytest

from tests.contract.conftest import TRIED, make_store

TYPE = "application/octet-stream"
DATA = bytes(range(256)) * 4


@pytest.fixture(params=["tried"] if TRIED else [pytest.param("seaweed", marks=pytest.mark.s3)])
def store(request, tmp_path):
    return make_store(request, tmp_path)


def asked(method: str, url: str, **headers: str):
    """Ask for an address; status, headers and body of the answer."""
    wanted = request.Request(url, method=method, headers=headers)
    try:
        with request.urlopen(wanted, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, b""


@pytest.fixture
def address(store):
    store.create("a/b", DATA, TYPE)

    def address(method: str) -> str:
        return store.download_url(
            "a/b", filename="ä.zip", content_type="application/zip", expires_s=60, method=method
        )

    return address


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_download_url_when_used_for_its_method_then_answers_size_and_name(address, method):
    status, headers, body = asked(method, address(method))
    assert (status, headers["Content-Length"]) == (HTTPStatus.OK, "1024")
    assert body == (DATA if method == "GET" else b"")
    if method == "GET":
        assert 'filename="a.zip"' in headers["Content-Disposition"]


def test_download_url_when_used_for_the_other_method_then_refused(store, address):
    if "stays_private" in getattr(store, "broken", ()):
        pytest.skip("this server looks at no signature, and says so when it is tried")
    assert asked("HEAD", address("GET"))[0] == HTTPStatus.FORBIDDEN
    assert asked("GET", address("HEAD"))[0] == HTTPStatus.FORBIDDEN


def test_download_url_when_asked_for_a_range_then_answers_that(address):
    status, _, body = asked("GET", address("GET"), Range="bytes=10-19")
    assert (status, body) == (HTTPStatus.PARTIAL_CONTENT, DATA[10:20])
