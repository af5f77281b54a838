"""Kaggle's pages, single files, and transfers that break."""

import hashlib
import json

import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl, SourceRefused
from artifacts.sources.base import SourceReference
from artifacts.sources.catalogue import find_source
from artifacts.sources.direct import DirectSource, stated_digest
from artifacts.sources.kaggle import KaggleSource
from tests.fakes.loopback import Reply

pytestmark = pytest.mark.django_db
BODY = bytes(range(256)) * 40


def kaggle(server, inquiry, page: bytes | None, status: int = 200):
    server.routes["/datasets/o/n"] = Reply(page or b"", status)
    source, reference = find_source("https://www.kaggle.com/datasets/o/n")
    return source.fetch_snapshot(reference, inquiry)


def json_ld(**facts) -> bytes:
    data = json.dumps({"@type": "Dataset"} | facts)
    return f'<p><script type="application/ld+json">{data}</script>'.encode()


def test_kaggle_when_the_page_describes_itself_then_kept_as_a_link(server, inquiry):
    page = b'<script type="application/ld+json">{broken</script>' + json_ld(
        description="Pictures.",
        license={"name": "CC0"},
        distribution=[{"contentSize": "2060 bytes"}],
    )
    found = kaggle(server, inquiry, page)
    assert (found.readme, found.license, found.files) == ("Pictures.", "CC0", ())
    assert found.facts["size_bytes"] == 2060
    assert "signed in" in found.link_only_reason


@pytest.mark.parametrize("page", [b"", b"<html>", json_ld(license="Unknown"), b"<![x"])
def test_kaggle_when_the_page_says_nothing_then_a_link_all_the_same(server, inquiry, page):
    found = kaggle(server, inquiry, page)
    assert (found.license, found.readme) == ("", "")
    assert found.link_only_reason


def test_kaggle_when_there_is_no_such_page_then_refused(server, inquiry):
    with pytest.raises(SourceRefused, match="does not exist"):
        kaggle(server, inquiry, None, 404)


def test_kaggle_when_bytes_are_asked_for_then_says_why_there_are_none():
    reference = SourceReference(SourceKind.KAGGLE, "o/n", "n", "https://kaggle.com/datasets/o/n")
    with pytest.raises(SourceRefused, match="signed in"):
        KaggleSource().fetch_contents(reference, "", [])


# ------------------------------------------------------------------ single files


@pytest.fixture
def allowed(settings):
    settings.REGISTRY_ALLOWED_HOSTS = ("files.example",)


def test_direct_when_the_url_names_a_file_then_read(allowed):
    source, found = find_source("https://Files.Example/a/model%20one.bin?x=1#part")
    assert isinstance(source, DirectSource)
    assert found.name == "model one.bin"
    assert found.key == "direct:https://files.example/a/model%20one.bin?x=1"


@pytest.mark.parametrize("path", ["", "/", "/folder/", "/" + "x" * 300])
def test_direct_when_the_url_names_no_file_then_refused(allowed, path):
    with pytest.raises(InvalidUrl):
        find_source(f"https://files.example{path}")


def test_direct_when_the_url_is_not_encrypted_then_refused(allowed):
    with pytest.raises(InvalidUrl, match="https"):
        find_source("http://files.example/x.bin")


def direct(server, reply: Reply, inquiry):
    server.routes["/x.bin"] = reply
    url = f"{server.url}/x.bin"
    reference = SourceReference(SourceKind.DIRECT, url, "x.bin", url)
    return DirectSource().fetch_snapshot(reference, inquiry)


def test_direct_when_the_file_is_there_then_size_and_bytes(server, inquiry):
    found = direct(server, Reply(BODY, headers={"ETag": '"1"'}), inquiry)
    (file,) = found.files
    assert (file.path, file.size_bytes, file.digest, file.part.value) == (
        "x.bin", len(BODY), "", "weights",
    )  # fmt: skip
    ((_, chunks),) = DirectSource().fetch_contents(found.reference, "", found.files)
    assert b"".join(chunks) == BODY


def test_direct_when_head_is_not_answered_then_asked_otherwise(server, inquiry):
    server.routes["/x.bin"] = [Reply(status=405), Reply(BODY)]
    url = f"{server.url}/x.bin"
    reference = SourceReference(SourceKind.DIRECT, url, "x.bin", url)
    assert DirectSource().fetch_snapshot(reference, inquiry).size_bytes == len(BODY)


@pytest.mark.parametrize(
    "reply",
    [Reply(status=404), Reply(b"<html>", headers={"Content-Type": "text/html; charset=x"})],
    ids=["absent", "page"],
)
def test_direct_when_there_is_no_file_then_refused(server, inquiry, reply):
    with pytest.raises(SourceRefused):
        direct(server, reply, inquiry)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"repr-digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}, True),
        ({"digest": "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}, True),
        ({"digest": "md5=x"}, False),
        ({}, False),
    ],
)
def test_stated_digest_when_a_server_states_one_then_taken(headers, expected):
    empty = f"sha256:{hashlib.sha256(b'').hexdigest()}"
    assert stated_digest(headers) == (empty if expected else "")
