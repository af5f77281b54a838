"""The judgement of the matrix: it finds what is wrong."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.faults import operations, trial
from tests.faults.client import Answer
from tests.faults.operations import BACK, LOST, Cast, Spare
from tests.faults.scenarios import STORAGE
from tests.faults.trial import Observed, faults_of

SCENARIO = STORAGE[0]
CAST = Cast("x", "kept-1", "link", "digest", "replaced-1", {LOST: Spare("deleted-1", "u")})
ID = {"x-request-id": "1"}


def answer(status: int, body: object = "", seconds: float = 0.1, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, seconds, ID | names, json.dumps(body).encode())


def error(status: int, code: str, message: str, **headers: str) -> Answer:
    return answer(status, {"error": {"code": code, "message": message}}, 0.1, **headers)


LOST_STORAGE = error(503, "storage_unavailable", "Try again later.", retry_after="5")


@pytest.mark.parametrize(
    ("phase", "given", "problems"),
    [
        (LOST, {"download": LOST_STORAGE, "read": answer(200)}, 0),
        (LOST, {"download": error(500, "internal_error", "Try again.")}, 1),
        (LOST, {"download": replace(LOST_STORAGE, seconds=SCENARIO.within_s + 1)}, 1),
        (LOST, {"read": Answer(0, 1.0)}, 1),
        (BACK, {"download": answer(302)}, 0),
        (BACK, {"download": LOST_STORAGE}, 1),
    ],
    ids=["as expected", "another status", "too slow", "no answer", "back", "still lost"],
)
def test_note_when_an_answer_is_not_as_expected_then_a_problem(phase, given, problems):
    seen = Observed(SCENARIO)
    seen.note(phase, given)
    assert len(seen.problems) == problems


def test_note_when_a_component_is_lost_then_keeps_cells_and_the_slowest():
    seen = Observed(SCENARIO)
    seen.note(LOST, {"download": replace(LOST_STORAGE, seconds=7.0), "read": answer(200)})
    seen.note(BACK, {"download": replace(answer(302), seconds=7.5)})
    assert seen.cells == {"download": "503 storage_unavailable", "read": "200"}
    assert seen.slowest == ("download", 7.0)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (LOST_STORAGE, 0),
        (error(503, "x", "Try again later."), 1),
        (error(503, "x", "It broke.", retry_after="5"), 1),
        (error(500, "x", "It broke."), 1),
        (answer(200), 0),
        (Answer(503, 0.1, {}, b"<Error>the bucket's own</Error>"), 0),
    ],
    ids=["whole", "no Retry-After", "no advice", "500 without advice", "fine", "not ours"],
)
def test_faults_of_when_an_error_lacks_something_then_named(given, faults):
    assert len(faults_of(given)) == faults


class FakeLane:
    """Lists what it is told to."""

    def __init__(self, *there: str) -> None:
        self.there = set(there)

    def listed(self) -> set[str]:
        return self.there


@pytest.mark.parametrize(
    ("there", "digest", "found"),
    [
        (["kept-1", "new-1"], "digest", []),
        (["kept-1"], "digest", ["registered, and gone"]),
        (["new-1"], "digest", ["registered, and gone"]),
        (["kept-1", "new-1", "deleted-1"], "digest", ["deleted, and there"]),
        (["kept-1", "new-1"], "another", ["the content is another"]),
    ],
    ids=["nothing lost", "new one gone", "old one gone", "deletion undone", "content changed"],
)
def test_losses_when_looked_for_then_found(monkeypatch, there, digest, found):
    monkeypatch.setattr(operations, "link_to", lambda _lane, artifact_id: artifact_id)
    monkeypatch.setattr(operations, "digest_at", lambda _link: digest)
    answers = {
        "register model": answer(202, {"metadata": {"id": "new-1"}}),
        "delete": answer(200, {"deleted": "deleted-1"}),
    }
    seen = Observed(SCENARIO)
    before = {"kept-1", "deleted-1"}
    lane: Any = FakeLane(*there)
    trial._look_for_losses(lane, seen, CAST, before, (answers,))
    assert len(seen.problems) == len(found)
    assert all(word in said for word, said in zip(found, seen.problems, strict=True))
