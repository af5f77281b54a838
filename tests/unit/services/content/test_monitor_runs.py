"""What the end of a program means, and where its zip lies."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from artifacts.exceptions import ContentPending, MonitorUnavailable
from artifacts.sandbox.monitors import MonitorTask, NodeMissing
from artifacts.sandbox.watching import ProgramRun
from artifacts.services.content import monitor_runs
from artifacts.services.content.monitor_runs import judge_on_zip, require_runnable
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


@pytest.fixture
def runs(monkeypatch):
    """How programs end here, and the zips that they were given."""

    class Runs:
        result = ProgramRun(0, "welcome")
        zips: list[tuple[Path, bytes]] = []

        def __call__(self, _task, *, node, zip_path):
            assert node == "/node"
            self.zips.append((zip_path, zip_path.read_bytes()))
            return self.result

    made = Runs()
    made.zips = []
    monkeypatch.setattr(monitor_runs, "find_node", lambda _stated: "/node")
    monkeypatch.setattr(monitor_runs, "run_monitor", made)
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
    monkeypatch.setattr(monitor_runs, "get_store", lambda: Elsewhere(b"PK" * 9))
    assert judge_on_zip(TASK, key="k").verdict == "allowed"
    ((path, data),) = runs.zips
    assert (data, path.exists()) == (b"PK" * 9, False)


def test_zip_when_too_large_to_copy_then_not_run(runs, monkeypatch, set_limits):
    set_limits(MONITOR_FETCHED_MAX_BYTES=17)
    monkeypatch.setattr(monitor_runs, "get_store", lambda: Elsewhere(b"PK" * 9))
    judged = judge_on_zip(TASK, key="k")
    assert (judged.verdict, runs.zips) == ("not_run", [])
    assert "only zips up to" in judged.reason


def test_zip_when_removed_meanwhile_then_it_is_made_again(runs):
    with pytest.raises(ContentPending):
        judge_on_zip(TASK, key="bundles/none.zip")


def test_node_when_missing_then_not_run_and_nothing_can_be_set(monkeypatch, key):
    def find(_stated):
        raise NodeMissing("There is no Node.js here.")

    monkeypatch.setattr(monitor_runs, "find_node", find)
    assert judge_on_zip(TASK, key=key).verdict == "not_run"
    with pytest.raises(MonitorUnavailable, match=r"no Node\.js here"):
        require_runnable()


def test_setting_when_nothing_confines_then_why(runs):
    runs.result = ProgramRun(None, "unshare: refused")
    with pytest.raises(MonitorUnavailable, match="unshare: refused"):
        require_runnable()
    runs.result = ProgramRun(0, "")
    assert require_runnable() is None
