"""The worker beside the server, with a stand-in that is as stubborn as it likes."""

import os
import signal
import subprocess
import sys

import pytest

from artifacts.management import keeper
from artifacts.management.keeper import WorkerKeeper
from tests.processes import eventually, is_alive

STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[0] + ".up", "a").write("x")
time.sleep(600)
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    path = tmp_path / "worker.py"
    monkeypatch.setattr(sys, "argv", [str(path), "serve"])
    monkeypatch.setattr(keeper, "RESTART_PAUSE_S", 0.01)
    return path


def test_worker_when_it_does_not_end_then_killed(script, set_limits):
    set_limits(WORKER_KILLED_AFTER_S=0.2)
    script.write_text(STUBBORN)
    kept = WorkerKeeper()
    kept.look()
    pid = kept._process.pid
    assert eventually(script.with_suffix(".py.up").exists)
    kept.look()
    assert kept._process.pid == pid
    assert os.getpgid(pid) == pid  # Ctrl-C does not reach it
    kept.ask_to_stop()
    kept.end()
    assert not is_alive(pid)
    assert kept._process.returncode == -signal.SIGKILL


def test_worker_when_it_ends_by_itself_then_another_one_is_started(script):
    script.write_text("import sys; open(sys.argv[0] + '.up', 'a').write('x')")
    kept, started = WorkerKeeper(), script.with_suffix(".py.up")

    def has_run_twice() -> bool:
        kept.look()
        return started.exists() and len(started.read_text()) >= 2

    assert eventually(has_run_twice)
    kept.ask_to_stop()
    kept.end()


def test_keeper_when_nothing_was_started_then_nothing_is_to_be_ended():
    kept = WorkerKeeper()
    kept.ask_to_stop()
    kept.end()
    assert kept._process is None


def test_worker_when_it_cannot_be_started_then_the_server_goes_on(monkeypatch):
    def fail(*_args, **_named):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", fail)
    kept = WorkerKeeper()
    kept.look()
    kept.end()
    assert kept._process is None
