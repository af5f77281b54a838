import json

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.limits import LISTED_SIZE_MAX_BYTES
from artifacts.rules.reading import ReadState
from artifacts.sources.kaggle import KaggleSource, _size_bytes, read_page
from tests.fakes.loopback import Reply

DATASET = {"@type": "Dataset", "name": "tea"}


def script(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(script(DATASET), id="alone"),
        pytest.param(script({"@type": "Person"}) + script(DATASET), id="second"),
        pytest.param(script([{"@type": "Person"}, DATASET]), id="in-a-list"),
        pytest.param(script(DATASET) + "<![fault[", id="before-a-fault"),
        pytest.param("<script>var x = '</p>'</script>" + script(DATASET), id="after-a-script"),
        pytest.param(
            "<script type='application/ld+json'>{</script>" + script(DATASET), id="broken"
        ),
    ],
)
def test_read_page_when_a_data_set_is_described_then_found(page):
    assert read_page(page) == DATASET


@pytest.mark.parametrize(
    "page",
    [
        "",
        script("Dataset"),
        script({"@type": ["Thing"]}),
        f"<script>{json.dumps(DATASET)}</script>",
        f'<script type="application/ld+json">{"[" * 100_000}</script>',
    ],
    ids=["empty", "text", "other-type", "other-script", "too-deep"],
)
def test_read_page_when_no_data_set_is_described_then_empty(page):
    assert read_page(page) == {}


@pytest.mark.parametrize(
    ("stated", "size_bytes"),
    [
        ("2060 bytes", 2060),
        (f"{LISTED_SIZE_MAX_BYTES + 1} bytes", LISTED_SIZE_MAX_BYTES),
        ("9" * 5_000 + " bytes", None),
        ("2 GB", None),
        (7, None),
    ],
    ids=["bytes", "over", "absurd", "unit", "number"],
)
def test_size_when_stated_then_only_what_can_be_right(stated, size_bytes):
    assert _size_bytes({"distribution": [{"contentSize": stated}]}) == size_bytes


@pytest.mark.parametrize("distribution", [None, [], {}, ["x"], "x"], ids=str)
def test_size_when_form_is_another_then_none(distribution):
    assert _size_bytes({"distribution": distribution}) is None


@pytest.mark.parametrize("status", [401, 403])
def test_snapshot_when_kaggle_wants_a_browser_then_a_link_without_facts(server, inquiry, status):
    server.routes["/datasets/o/n"] = Reply(status=status)
    source = KaggleSource()
    found = source.fetch_snapshot(source.parse("https://kaggle.com/datasets/o/n"), inquiry)
    assert (found.facts["page"], found.facts["size_bytes"]) == ({}, None)
    assert found.facts["readings"]["card"]["state"] == ReadState.NOT_OPENED
    assert found.link_only_reason


def test_snapshot_when_kaggle_is_busy_then_unavailable(server, inquiry, pauses):
    server.routes["/datasets/o/n"] = Reply(status=429)
    source = KaggleSource()
    with pytest.raises(SourceUnavailable):
        source.fetch_snapshot(source.parse("https://kaggle.com/datasets/o/n"), inquiry)
