"""What sources answer is read in time proportional to its length, whatever it is."""

from collections.abc import Callable

import pytest

from artifacts.exceptions import SourceRefused
from artifacts.sources.direct import stated_digest
from artifacts.sources.http import Answer
from artifacts.sources.huggingface import client
from artifacts.sources.kaggle import read_page
from artifacts.sources.retries import wait_asked_for
from tests.growth import repeated, too_fast

pytestmark = pytest.mark.no_cover  # coverage would be measured as well, and is dearer than the work


def link(text: str) -> object:
    return client._next_page(Answer(200, {"link": text}, b"", "https://hub.example"))


def digest(text: str) -> object:
    return stated_digest({"repr-digest": text})


def header(name: str) -> Callable[[str], object]:
    return lambda text: wait_asked_for({name: text})


@pytest.mark.parametrize(
    ("work", "start", "unit"),
    [
        pytest.param(link, "", "<", id="links"),
        pytest.param(link, "", "<x>;", id="links-without-relation"),
        pytest.param(link, "<x>;", " ", id="blanks"),
        pytest.param(header("ratelimit"), "", ";r=0", id="policies"),
        pytest.param(header("ratelimit"), ";r=0", ";", id="parameters"),
        pytest.param(header("retry-after"), "", "9", id="seconds"),
        pytest.param(header("retry-after"), "", "Sun, 06 Nov ", id="dates"),
        pytest.param(header("retry-after"), "", "(", id="comments"),
        pytest.param(digest, "", "sha-256=:", id="digests"),
        pytest.param(read_page, "", "<script </script", id="scripts"),
        pytest.param(read_page, "<script type='application/ld+json'>", "</x>", id="ends"),
        pytest.param(read_page, "", "<a b='", id="attributes"),
    ],
)
def test_sources_when_an_answer_is_hostile_then_time_grows_as_it_does(work, start, unit):
    assert too_fast(work, repeated(unit, "!", start)) == ""


def test_next_page_when_its_address_is_none_then_refused():
    with pytest.raises(SourceRefused):
        link('<http://[>; rel="next"')
