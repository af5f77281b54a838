"""Only an answer that is whole tells how a program ended."""

import json

import pytest

from artifacts.sandbox.remote import read_answer
from artifacts.sandbox.watching import ProgramRequest, ProgramRun

WHOLE = {
    "is_started": True,
    "exit_status": 0,
    "signal": "",
    "output": " welcome\n",
    "is_timed_out": False,
    "is_too_long": False,
    "requests": None,
}
REQUEST = {
    "host": "policy.example.com:443",
    "method": "GET",
    "status": 200,
    "sent_bytes": 0,
    "received_bytes": 17,
}


def read(**changes: object) -> ProgramRun:
    return read_answer(json.dumps({**WHOLE, **changes}).encode())


def test_answer_when_whole_then_how_it_ended():
    assert read() == ProgramRun(0, "welcome")
    assert read(exit_status=3) == ProgramRun(3, "welcome")
    assert read(exit_status=None, signal="SIGKILL", is_timed_out=True) == ProgramRun(
        -9, "welcome", is_timed_out=True
    )
    assert read(is_too_long=True) == ProgramRun(0, "welcome", is_too_long=True)
    assert read(requests=[]) == ProgramRun(0, "welcome", requests=())
    unanswered = {**REQUEST, "status": None}
    assert read(requests=[REQUEST, unanswered]).requests == (
        ProgramRequest("policy.example.com:443", "GET", 200, 0, 17),
        ProgramRequest("policy.example.com:443", "GET", None, 0, 17),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"exit_status": None},
        {"exit_status": False},
        {"exit_status": "0"},
        {"exit_status": 0.0},
        {"exit_status": -1},
        {"exit_status": 256},
        {"signal": None},
        {"signal": "SIGNOTHING"},
        {"signal": "Signals"},
        {"output": None},
        {"is_started": "yes"},
        {"is_started": None},
        {"is_timed_out": 0},
        {"is_too_long": None},
        {"requests": 0},
        {"requests": {}},
        {"requests": [None]},
        {"requests": [{}]},
        {"requests": [{**REQUEST, "status": "200"}]},
        {"requests": [{**REQUEST, "status": True}]},
        {"requests": [{**REQUEST, "host": None}]},
        {"requests": [{**REQUEST, "more": 1}]},
        {"requests": [REQUEST] * 21},
    ],
)
def test_answer_when_a_part_is_of_another_kind_then_it_did_not_run(changes):
    assert read(**changes).exit_status is None


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"0", b"{}", b"\xff", b'"x"'])
def test_answer_when_it_is_none_then_it_did_not_run(body):
    assert read_answer(body).exit_status is None


@pytest.mark.parametrize("missing", WHOLE)
def test_answer_when_a_part_is_missing_then_it_did_not_run(missing):
    rest = {name: value for name, value in WHOLE.items() if name != missing}
    assert read_answer(json.dumps(rest).encode()).exit_status is None


def test_answer_when_no_wall_stood_then_it_did_not_run_whatever_the_status():
    found = read(is_started=False, output="EACCES")
    assert found.exit_status is None
    assert "EACCES" in found.output


def test_answer_when_the_output_is_long_then_its_end():
    assert len(read(output="x" * 20_000).output) == 10_000
