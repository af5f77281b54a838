"""Hostile and honest programs on this machine, for real."""

import os
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from artifacts.limits import MONITOR_TIMEOUT_S
from artifacts.sandbox.monitors import MonitorTask, run_monitor
from tests.monitors.hostile import BREACH, HONEST, NAMES
from tests.monitors.node import installed_node, needs_node
from tests.monitors.targets import targets

pytestmark = [pytest.mark.slow, needs_node]
SECRET = "a-secret-of-the-registry"
# Without the walls these harm nothing here, and succeed: so it is the walls that stop them.
WITHOUT_WALLS = (
    "reads a file",
    "lists the root",
    "reads by a path of bytes",
    "looks for secrets",
    "connects to this machine",
    "sends a datagram",
    "starts a shell",
    "starts a worker",
    "kills the registry",
    "takes an inner binding",
)
# A busy machine needs its time to start and end it.
LATEST_S = MONITOR_TIMEOUT_S + 20


@pytest.fixture
def zip_path(tmp_path) -> Path:
    path = tmp_path / "full.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("config.json", "{}")
    return path


def run(program: str, zip_path: Path):
    task = MonitorTask(program, "robot", "ursula", "mallory")
    return run_monitor(task, node=installed_node(), zip_path=zip_path)


@pytest.mark.parametrize("name", NAMES)
def test_program_when_hostile_then_it_gets_nothing_and_ends(name, zip_path, monkeypatch):
    monkeypatch.setenv("REGISTRY_ADMIN_PASSWORD", SECRET)
    before = zip_path.read_bytes()
    with targets(SECRET) as aimed:
        started_s = time.monotonic()
        found = run(aimed.programs[name], zip_path)
        lasted_s = time.monotonic() - started_s
        assert aimed.bystander.poll() is None
    assert found.exit_status not in (0, None), found.output
    assert BREACH not in found.output
    # It is the wall that stops it, no mistake in the program.
    assert not any(each in found.output for each in ("SyntaxError", "ReferenceError"))
    assert lasted_s < LATEST_S
    assert len(found.output) <= 10_000
    assert zip_path.read_bytes() == before


@pytest.mark.parametrize("name", WITHOUT_WALLS)
def test_program_when_no_wall_stands_then_it_gets_what_it_wants(name):
    with targets(SECRET) as aimed:
        done = subprocess.run(
            [installed_node(), "-e", aimed.programs[name]],
            check=False, capture_output=True, text=True, env={"OURS": SECRET},
        )  # fmt: skip
    assert BREACH in done.stdout, done.stderr


@pytest.mark.parametrize("name", HONEST)
def test_program_when_honest_then_it_says_what_it_decided(name, zip_path):
    program, status, words = HONEST[name]
    found = run(program, zip_path)
    assert found.exit_status == status, found.output
    assert words in found.output
    assert (found.is_timed_out, found.is_too_long) == (False, False)


def test_program_when_told_odd_names_then_they_arrive_as_they_are(zip_path):
    odd = "--eval=1 'x' $(id) \n é"
    task = MonitorTask("console.log(JSON.stringify(process.argv.slice(2)))", odd, "", "-e")
    found = run_monitor(task, node=installed_node(), zip_path=zip_path)
    assert found.output == r"""["--eval=1 'x' $(id) \n é","","-e","/model.zip"]"""


def test_program_when_it_floods_then_it_is_ended_and_the_end_is_kept(zip_path):
    flood = 'for (let n = 0; n < 40; n++) require("fs").writeSync(1, "x".repeat(60000))'
    found = run(flood, zip_path)
    assert found.is_too_long
    assert found.exit_status != 0


def test_program_when_run_by_another_user_than_root_then_the_same(tmp_path):
    if os.getuid() != 0:
        pytest.skip("this is another user than root already")
    folder = Path("/tmp") / f"monitors-{os.getpid()}"
    folder.mkdir(mode=0o777)
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})\n"
        "from pathlib import Path\n"
        "from artifacts.sandbox.monitors import MonitorTask, run_monitor\n"
        "task = MonitorTask('console.log(process.argv[5])', 'a', 'b', 'c')\n"
        f"print(run_monitor(task, node={installed_node()!r}, zip_path=Path('/etc/hostname')))"
    )
    try:
        done = subprocess.run(
            ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--",
             "/usr/bin/python3", "-c", code],
            check=False, capture_output=True, text=True, env={"TMPDIR": str(folder)},
        )  # fmt: skip
    finally:
        folder.rmdir()
    assert "exit_status=0, output='/model.zip'" in done.stdout, done.stdout + done.stderr
