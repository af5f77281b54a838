import hashlib
import io

import pytest

from artifacts.exceptions import ContentTooLarge, InvalidRequest
from artifacts.storage.announced import write_exactly
from artifacts.storage.links import UploadLink

DATA = b"the announced bytes"


@pytest.fixture
def link() -> UploadLink:
    return UploadLink("a/b", len(DATA), hashlib.sha256(DATA).hexdigest(), expires_at=0)


def test_bytes_when_they_are_those_announced_are_written(link):
    target = io.BytesIO()
    write_exactly(target, link, [DATA[:5], b"", DATA[5:]], "file")
    assert target.getvalue() == DATA


@pytest.mark.parametrize(
    "chunks", [[DATA[:-1]], [], [DATA[:-1] + b"?"]], ids=["few", "no", "other"]
)
def test_bytes_when_others_arrive_are_refused_in_the_clients_word(link, chunks):
    with pytest.raises(InvalidRequest, match="Send the part again"):
        write_exactly(io.BytesIO(), link, chunks, "part")


def test_bytes_when_more_arrive_are_refused_before_they_are_written(link):
    target = io.BytesIO()
    with pytest.raises(ContentTooLarge):
        write_exactly(target, link, [DATA, b"!"], "file")
    assert target.getvalue() == DATA
