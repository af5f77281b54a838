import pytest

from artifacts.exceptions import LinkExpired
from artifacts.storage import links
from artifacts.storage.base import UploadPart


def token(path):
    return path.rpartition("/")[2]


def test_download_link_when_read_says_what_was_signed():
    link = links.read_download(token(links.sign_download("a/b", "x.zip", "application/zip", 60)))
    assert (link.key, link.filename, link.content_type) == ("a/b", "x.zip", "application/zip")


def test_upload_link_when_read_says_what_was_signed():
    link = links.read_upload(token(links.sign_upload("a/b", 5, "ab" * 32, 60)))
    assert (link.key, link.size_bytes, link.sha256) == ("a/b", 5, "ab" * 32)


def test_part_link_when_read_says_what_was_signed():
    part = UploadPart(2, 16, 5, "ab" * 32)
    link = links.read_part(token(links.sign_part("0" * 32, part, 60)))
    assert (link.upload_id, link.number, link.start) == ("0" * 32, 2, 16)
    assert (link.size_bytes, link.sha256) == (5, "ab" * 32)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: "nonsense", id="nonsense"),
        pytest.param(lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), id="forged"),
        pytest.param(lambda text: "A" + text, id="changed"),
    ],
)
def test_link_when_not_signed_here_is_refused(change):
    signed = token(links.sign_download("a/b", "x.zip", "application/zip", 60))
    with pytest.raises(LinkExpired):
        links.read_download(change(signed))


def test_link_when_its_time_is_over_is_refused():
    with pytest.raises(LinkExpired):
        links.read_download(token(links.sign_download("a/b", "x.zip", "application/zip", -1)))


def test_link_when_used_for_the_other_purpose_is_refused():
    with pytest.raises(LinkExpired):
        links.read_upload(token(links.sign_download("a/b", "x.zip", "application/zip", 60)))
    with pytest.raises(LinkExpired):
        links.read_part(token(links.sign_upload("a/b", 5, "ab" * 32, 60)))
