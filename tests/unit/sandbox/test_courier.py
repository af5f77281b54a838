"""What asks hosts for a program must say what it asked, or the program did not run."""

import json
import stat
from pathlib import Path

import pytest

from artifacts.sandbox import courier
from artifacts.sandbox.courier import CourierFailed, describe_asking, start_courier
from artifacts.sandbox.monitors import MonitorTask, run_monitor
from artifacts.sandbox.watching import ProgramRequest
from tests.unit.sandbox.test_programs import needs_walls

HOSTS = ("policy.example.com:443",)


@pytest.fixture
def standing_in(tmp_path):
    """Makes something that is run in place of Node.js."""

    def make(script: str) -> str:
        path = tmp_path / "node"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def test_asking_when_described_then_hosts_and_limits():
    told = describe_asking(HOSTS)
    assert told["hosts"] == ["policy.example.com:443"]
    assert told["limits"] == {
        "requests": 20,
        "request_ms": 5_000,
        "line_bytes": 131_072,
        "body_bytes": 65_536,
        "answer_bytes": 262_144,
    }


def test_courier_when_started_then_it_gets_the_wire_the_hosts_and_no_secret(
    standing_in, monkeypatch
):
    monkeypatch.setenv("SECRET_KEY", "never")
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/company.pem")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    # It writes its environment and its argument into the wire.
    node = standing_in('env >&0; echo "$3" >&0; echo "[]"')
    with start_courier(node, HOSTS) as made:
        assert made.finish() == ()
        said = made.wire.recv(10_000).decode()
    names = {line.partition("=")[0] for line in said.splitlines()[:-1]}
    assert names <= {"PATH", "NODE_EXTRA_CA_CERTS", "PWD", "SHLVL", "_", "OLDPWD"}
    assert "NODE_EXTRA_CA_CERTS=/company.pem" in said
    assert json.loads(said.splitlines()[-1]) == describe_asking(HOSTS)


def test_courier_when_it_tells_then_what_was_asked(standing_in):
    each = {"host": "a:1", "method": "GET", "status": None, "sent_bytes": 1, "received_bytes": 0}
    with start_courier(standing_in(f"echo '{json.dumps([each])}'"), HOSTS) as made:
        assert made.finish() == (ProgramRequest("a:1", "GET", None, 1, 0),)


@pytest.mark.parametrize(
    "script", ["exit 0", "echo '{}'", "echo '[1]'", "echo '[null'", "kill -9 $$"]
)
def test_courier_when_it_tells_nothing_of_ours_then_an_error(standing_in, script):
    with start_courier(standing_in(script), HOSTS) as made, pytest.raises(CourierFailed):
        made.finish()


def test_courier_when_it_does_not_end_then_an_error_and_it_is_ended(standing_in, monkeypatch):
    monkeypatch.setattr(courier, "MONITOR_REPORT_TIMEOUT_S", 0.2)
    with start_courier(standing_in("exec sleep 60"), HOSTS) as made, pytest.raises(CourierFailed):
        made.finish()
    assert made.process.returncode == -9


def test_courier_when_it_cannot_be_started_then_an_error(monkeypatch):
    def fail(*_args, **_kwargs):
        raise FileNotFoundError("setpriv")

    monkeypatch.setattr("subprocess.Popen", fail)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(CourierFailed, match="could not be started"), start_courier("node", HOSTS):
        raise AssertionError("it was not started")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@needs_walls
def test_program_when_nothing_tells_what_it_asked_then_it_did_not_run(standing_in, tmp_path):
    # In place of Node.js, a shell that ends at once at both ends of the wire.
    (tmp_path / "full.zip").write_bytes(b"PK")
    node = str(Path("/bin/true").resolve())
    found = run_monitor(
        MonitorTask("", "", "", ""), node=node, zip_path=tmp_path / "full.zip", hosts=HOSTS
    )
    assert found.exit_status is None
    assert "did not tell what it asked" in found.output
