"""What the end of a program means, where it runs, and where its zip lies."""

import io
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from artifacts.exceptions import (
    ContentPending,
    FunctionBusy,
    FunctionUnavailable,
    MonitorsBusy,
    MonitorUnavailable,
)
from artifacts.sandbox.function import code_version
from artifacts.sandbox.monitors import MonitorTask, NodeMissing
from artifacts.sandbox.watching import ProgramRequest, ProgramRun
from artifacts.services.content import monitor_hosts
from artifacts.services.content.monitor_runs import judge_on_zip, require_runnable, said_in
from artifacts.storage.base import StoredObject
from artifacts.storage.store import get_store

TASK = MonitorTask("", "robot", "ursula", "eve")


class Elsewhere:
    """A store whose objects are no files of this machine."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def stat(self, key: str) -> StoredObject:
        return StoredObject(key, len(self.data), datetime.now(UTC))

    def open(self, _key: str) -> io.BytesIO:
        return io.BytesIO(self.data)

    def download_url(self, key: str, *, filename: str, content_type: str, expires_s: int) -> str:
        assert (filename, content_type) == ("model.zip", "application/zip")
        return f"https://bucket.example/{key}?for={expires_s}"


@pytest.fixture
def runs(monkeypatch):
    """How programs end here, and the zips that they were given."""

    class Runs:
        result = ProgramRun(0, "welcome")
        zips: list[tuple[Path, bytes]] = []
        hosts: tuple[str, ...] = ()

        def __call__(self, _task, *, node, zip_path, hosts):
            assert node == "/node"
            self.hosts = hosts
            self.zips.append((zip_path, zip_path.read_bytes()))
            return self.result

    made = Runs()
    made.zips = []
    monkeypatch.setattr(monitor_hosts, "find_node", lambda _stated: "/node")
    monkeypatch.setattr(monitor_hosts, "run_monitor", made)
    return made


@pytest.fixture
def key() -> str:
    get_store().create("bundles/m/1/full.zip", b"PK", "application/zip")
    return "bundles/m/1/full.zip"


@pytest.mark.parametrize(
    ("run", "verdict", "words"),
    [
        (ProgramRun(0, "x"), "allowed", ""),
        (ProgramRun(3, "x"), "refused", "exit status 3"),
        (ProgramRun(-9, "x", is_timed_out=True), "refused", "too long"),
        (ProgramRun(0, "x", is_timed_out=True), "refused", "too long"),
        (ProgramRun(0, "x", is_too_long=True), "refused", "too much"),
        (ProgramRun(-11, "x"), "refused", "signal 11"),
        (ProgramRun(None, "no namespaces"), "not_run", "Nothing confines"),
    ],
)
def test_program_when_it_ends_then_only_zero_in_time_allows(runs, key, run, verdict, words):
    runs.result = run
    judged = judge_on_zip(TASK, key=key)
    assert (judged.verdict, judged.exit_status) == (verdict, run.exit_status)
    assert words in judged.reason
    assert bool(judged.reason) == (verdict != "allowed")


def test_zip_when_the_bucket_is_a_folder_then_its_own_file(runs, key, bucket):
    judge_on_zip(TASK, key=key)
    assert runs.zips == [(bucket / key, b"PK")]


def test_zip_when_the_bucket_is_elsewhere_then_a_copy_that_is_removed(runs, monkeypatch):
    monkeypatch.setattr(monitor_hosts, "get_store", lambda: Elsewhere(b"PK" * 9))
    assert judge_on_zip(TASK, key="k").verdict == "allowed"
    ((path, data),) = runs.zips
    assert (data, path.exists()) == (b"PK" * 9, False)


def test_zip_when_too_large_to_copy_then_not_run(runs, monkeypatch, set_limits):
    set_limits(MONITOR_FETCHED_MAX_BYTES=17)
    monkeypatch.setattr(monitor_hosts, "get_store", lambda: Elsewhere(b"PK" * 9))
    judged = judge_on_zip(TASK, key="k")
    assert (judged.verdict, runs.zips) == ("not_run", [])
    assert "only zips up to" in judged.reason


def test_zip_when_removed_meanwhile_then_it_is_made_again(runs):
    with pytest.raises(ContentPending):
        judge_on_zip(TASK, key="bundles/none.zip")


def test_node_when_missing_then_not_run_and_nothing_can_be_set(monkeypatch, key):
    def find(_stated):
        raise NodeMissing("There is no Node.js here.")

    monkeypatch.setattr(monitor_hosts, "find_node", find)
    assert judge_on_zip(TASK, key=key).verdict == "not_run"
    with pytest.raises(MonitorUnavailable, match=r"no Node\.js here"):
        require_runnable()


ASKED = (
    ProgramRequest("policy.example.com:443", "POST", 200, 13, 17),
    ProgramRequest("b.example:8443", "GET", None, 0, 0),
)
SAID = (
    "[Asked for it: POST policy.example.com:443, 200, 13 bytes sent, 17 received; "
    "GET b.example:8443, no answer, 0 bytes sent, 0 received]"
)


@pytest.mark.parametrize(
    ("run", "kept"),
    [
        (ProgramRun(0, "x"), "x"),
        (ProgramRun(0, "x", requests=()), "x\n[Asked for it: nothing]"),
        (ProgramRun(3, "x", requests=ASKED), f"x\n{SAID}"),
        (ProgramRun(3, "", requests=ASKED), SAID),
        (ProgramRun(0, "[Asked for it: y]", requests=ASKED), f"[Asked for it: y]\n{SAID}"),
    ],
)
def test_hosts_when_asked_then_a_row_says_so_behind_the_output(runs, key, run, kept, caplog):
    runs.result = run
    with caplog.at_level(logging.INFO):
        judged = judge_on_zip(TASK, key=key)
    assert (judged.output, judged.requests) == (run.output, run.requests)
    assert judged.kept == kept
    assert said_in(judged.kept) == run.output
    lines = [each.requests for each in caplog.records if each.message == "monitor.asked"]
    assert lines == ([SAID[len("[Asked for it: ") : -1]] if run.requests else [])


def test_hosts_when_the_operator_allows_some_then_each_place_is_told(runs, key, calls, settings):
    settings.REGISTRY_MONITOR_HOSTS = ("policy.example.com:443",)
    calls.answer = {**calls.answer, "requests": []}
    assert judge_on_zip(TASK, key=key).requests == ()
    ((_, _, told),) = calls.told
    assert told["asking"]["hosts"] == ["policy.example.com:443"]
    assert told["asking"]["limits"]["requests"] == 20
    settings.REGISTRY_MONITOR_FUNCTION = settings.AWS_LAMBDA_FUNCTION_NAME = ""
    monitor_hosts.choose_host().run(TASK, None)
    assert runs.hosts == ("policy.example.com:443",)


def test_setting_when_nothing_confines_then_why(runs):
    runs.result = ProgramRun(None, "unshare: refused")
    with pytest.raises(MonitorUnavailable, match="unshare: refused"):
        require_runnable()
    runs.result = ProgramRun(0, "")
    assert require_runnable() is None


@pytest.fixture
def calls(monkeypatch, settings):
    """What the function of its own is told, and what it answers."""

    class Calls:
        told: list[tuple[str, str, dict]]
        error: Exception | None = None
        answer = {
            "is_started": True,
            "exit_status": 0,
            "signal": "",
            "output": "welcome",
            "is_timed_out": False,
            "is_too_long": False,
            "requests": None,
        }

        def __call__(self, name: str, qualifier: str, payload: bytes) -> bytes:
            self.told.append((name, qualifier, json.loads(payload)))
            if self.error is not None:
                raise self.error
            return json.dumps(self.answer).encode()

    made = Calls()
    made.told = []
    settings.REGISTRY_MONITOR_FUNCTION = "registry-programs"
    settings.AWS_LAMBDA_FUNCTION_NAME = "registry"
    monkeypatch.setattr(monitor_hosts, "call_function", made)
    monkeypatch.setattr(monitor_hosts, "get_store", lambda: Elsewhere(b"PK"))
    return made


def test_function_when_one_is_named_then_it_gets_the_task_and_a_link(calls):
    judged = judge_on_zip(MonitorTask("// x", "robot", "ursula", "eve"), key="full.zip")
    assert (judged.verdict, judged.exit_status, judged.output) == ("allowed", 0, "welcome")
    ((name, qualifier, told),) = calls.told
    assert (name, qualifier) == ("registry-programs", code_version())
    assert told.pop("limits")["time_ms"] == 8_000
    assert told.pop("asking")["hosts"] == []
    assert told == {
        "program": "// x",
        "model_name": "robot",
        "uploader_name": "ursula",
        "downloader_name": "eve",
        "zip_url": "https://bucket.example/full.zip?for=60",
        "zip_size_bytes": 2,
    }


def test_function_when_a_program_is_to_be_set_then_it_is_tried_without_a_zip(calls):
    require_runnable()
    ((_, _, told),) = calls.told
    assert (told["zip_url"], told["zip_size_bytes"]) == ("", 0)
    calls.answer = {**calls.answer, "is_started": False, "exit_status": 126}
    with pytest.raises(MonitorUnavailable, match="wall could not be set up"):
        require_runnable()


def test_function_when_it_refuses_then_its_words(calls):
    calls.answer = {**calls.answer, "exit_status": 3, "output": "ask Ada"}
    judged = judge_on_zip(TASK, key="full.zip")
    assert (judged.verdict, judged.exit_status, judged.output) == ("refused", 3, "ask Ada")


def test_function_when_it_fails_then_not_run_and_only_the_log_says_how(calls, caplog):
    calls.error = FunctionUnavailable("arn:aws:lambda: not authorized")
    with caplog.at_level(logging.WARNING):
        judged = judge_on_zip(TASK, key="full.zip")
    assert (judged.verdict, judged.exit_status) == ("not_run", None)
    assert "gave no verdict" in judged.reason
    assert "arn:" not in judged.reason + judged.output
    (line,) = [each for each in caplog.records if each.message == "monitor.not_run"]
    assert "not authorized" in line.reason


def test_function_when_too_many_run_then_busy(calls):
    calls.error = FunctionBusy("throttled")
    with pytest.raises(MonitorsBusy):
        judge_on_zip(TASK, key="full.zip")


def test_function_when_the_zip_is_too_large_then_it_is_not_called(calls, set_limits):
    set_limits(MONITOR_FETCHED_MAX_BYTES=1)
    assert judge_on_zip(TASK, key="full.zip").verdict == "not_run"
    assert calls.told == []


def test_lambda_when_no_function_is_named_then_what_an_operator_sets(settings):
    settings.AWS_LAMBDA_FUNCTION_NAME = "registry"
    with pytest.raises(MonitorUnavailable, match="REGISTRY_MONITOR_ROLE_ARN"):
        require_runnable()
