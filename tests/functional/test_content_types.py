"""A stranger's `Content-Type` chooses neither an error of ours nor what the process remembers."""

import encodings
import io
from encodings.aliases import aliases
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from registry_site import wsgi

pytestmark = pytest.mark.django_db
FORM = b"--x\r\nContent-Disposition: form-data; name%s\r\n\r\nabc\r\n--x--\r\n"
PATHS = ("/tracks", "/sign-in", "/a/x", "/health", "/static/registry/site.css", "/nothing")
# Names of charsets, of codecs that are none, and what is no name.
CHARSETS = sorted({*aliases.values(), "idna", "punycode", "undefined", "unicode_escape", "\0"})
TYPES = (
    *(f"text/plain; charset={each}" for each in CHARSETS),
    "text/plain; x*=no-charset''a", "multipart/form-data; boundary*=no-charset''x",
    "multipart/form-data; boundary=x; charset=hex", "text/plain; charset*=hex''utf-8",
    "text/plain; charset=" + "x" * 5_000, ";" * 3_000,
)  # fmt: skip


def status_of(method: str, path: str, content_type: str, body: bytes = b"") -> int:
    """Ask as a server does: the test client makes requests where Django does, but later."""
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": "localhost",
        "QUERY_STRING": "q=%ff&next=%ff&windowMinutes=%ff", "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip
    setup_testing_defaults(environ)
    said: list[str] = []
    answer: Any = wsgi.application(environ, lambda status, *_: said.append(status))
    answer.close()
    return int(said[0][:3])


@pytest.mark.parametrize("path", PATHS)
def test_request_when_its_type_is_any_then_no_mistake_of_ours(path):
    found = {each: status_of("GET", path, each) for each in TYPES}
    assert {each: status for each, status in found.items() if status >= 500} == {}


@pytest.mark.parametrize("content_type", TYPES[-6:])
def test_form_when_its_type_is_odd_then_refused(content_type):
    assert status_of("POST", "/sign-in", content_type, FORM % b"=a") in (400, 403)


@pytest.mark.parametrize("name", [b"*=no-charset''a", b"*=hex''a", b"=a; filename*=zlib''a"])
def test_form_when_a_part_is_in_an_odd_charset_then_refused(name):
    content_type = "multipart/form-data; boundary=x"
    assert status_of("POST", "/sign-in", content_type, FORM % name) in (400, 403)


def test_request_when_it_makes_up_charsets_then_none_is_kept():
    status_of("GET", "/tracks", "text/plain; charset=made-up-first")
    before = len(encodings._cache)
    for number in range(50):
        status_of("GET", "/tracks", f"text/plain; charset=made-up-{number}")
    assert len(encodings._cache) == before
