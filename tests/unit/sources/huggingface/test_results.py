"""Results in `.eval_results/`: which files are opened, and how far they were read."""

import pytest

from artifacts.enums import SourceKind
from artifacts.limits import RESULTS_FILES_MAX
from artifacts.rules.reading import ReadState
from artifacts.sources.huggingface.results import choose_results, fetch_results
from tests.factories.evidence import listed, make_model
from tests.fakes.loopback import Reply
from tests.unit.sources.huggingface.conftest import COMMIT

FIRST, SECOND, THIRD = (f".eval_results/{name}.yaml" for name in ("a", "b", "c"))
RESULT = b"- dataset: {id: tea/kettles, task_id: default}\n  value: 71.5\n"


def model(*paths: str, **changes):
    files = listed(dict.fromkeys(("README.md", *paths), 100))
    return make_model(files=files, commit=COMMIT, **changes)


def place(path: str) -> str:
    return f"/acme/robot/raw/{COMMIT}/{path}"


def test_results_when_files_are_there_then_as_many_as_requests_are_left():
    known = model(THIRD, FIRST, SECOND, "eval_results/x.yaml")
    assert choose_results(known, 8) == (FIRST, SECOND)[:RESULTS_FILES_MAX]
    assert choose_results(known, 1) == (FIRST,)
    assert choose_results(known, 0) == choose_results(known, -1) == ()
    assert choose_results(model(FIRST, origin=SourceKind.GITHUB), 8) == ()


def test_results_when_fetched_then_read_at_the_commit(hub, inquiry):
    hub.routes[place(FIRST)] = Reply(body=RESULT)
    found = fetch_results(model(FIRST), [FIRST], inquiry)
    assert [each.quote for each in found.results] == ["tea/kettles default: 71.5"]
    assert found.results[0].path == FIRST
    assert found.readings["results"].state == ReadState.READ


def test_results_when_there_are_none_then_absent(hub, inquiry):
    assert fetch_results(model(), [], inquiry).readings["results"].state == ReadState.ABSENT


@pytest.mark.parametrize(
    ("reply", "state", "words"),
    [
        (Reply(body=b"value: 5"), ReadState.UNREADABLE, "no list"),
        (Reply(body=b"- [" * 9), ReadState.UNREADABLE, "no valid YAML"),
        (Reply(body=b"#" * 300_000), ReadState.UNREADABLE, "bytes"),
        (
            Reply(status=404, headers={"X-Error-Code": "EntryNotFound"}),
            ReadState.UNREADABLE,
            "give",
        ),
        (Reply(status=500), ReadState.NOT_ASKED, "was not read"),
    ],
    ids=["no list", "no YAML", "too long", "gone", "the Hub fails"],
)
def test_results_when_they_cannot_be_read_then_said_why(hub, inquiry, pauses, reply, state, words):
    hub.routes[place(FIRST)] = reply
    reading = fetch_results(model(FIRST), [FIRST], inquiry).readings["results"]
    assert (reading.state, reading.path) == (state, FIRST)
    assert words in reading.reason


def test_results_when_some_are_not_opened_then_said(hub, inquiry):
    hub.routes[place(FIRST)] = Reply(body=RESULT)
    found = fetch_results(model(FIRST, SECOND, THIRD), [FIRST], inquiry)
    assert len(found.results) == 1
    assert found.readings["results"].state == ReadState.NOT_OPENED
    assert f"{SECOND} and others were not opened" in found.readings["results"].reason
    nothing = fetch_results(model(FIRST), [], inquiry).readings["results"]
    assert nothing.state == ReadState.NOT_ASKED
    elsewhere = fetch_results(model(FIRST, origin=SourceKind.GITHUB), [], inquiry)
    assert elsewhere.readings["results"].state == ReadState.NOT_OPENED
