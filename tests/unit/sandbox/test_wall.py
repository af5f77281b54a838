"""The kernel's wall of the function: what stands around any program, looked at by small ones."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from artifacts.sandbox.wall import NOT_STARTED, STARTED, build_wall

pytestmark = pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="made for x86-64"
)
PYTHON = str(Path(sys.executable).resolve())


@pytest.fixture
def wall(tmp_path) -> str:
    path = tmp_path / "wall"
    path.write_bytes(build_wall())
    path.chmod(0o755)
    return str(path)


def run(*command: str, **how) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, check=False, capture_output=True, **how)


def python(wall: str, code: str) -> str:
    """Run Python behind the wall; return what it printed."""
    done = run(wall, PYTHON, "-I", "-S", "-c", f"import os\n{code}")
    assert done.stdout.startswith(STARTED)
    return (done.stdout.removeprefix(STARTED) + done.stderr).decode().strip()


def test_wall_when_it_stands_then_the_program_runs_with_its_arguments_and_environment(wall):
    code = "import os, sys; print(sys.argv[1:], sorted(os.environ)); sys.exit(7)"
    command = [wall, PYTHON, "-I", "-S", "-c", code, "a", "", "b c"]
    done = run(*command, env={"HOME": "/", "LC_ALL": "C"})
    assert done.stdout == STARTED + b"['a', '', 'b c'] ['HOME', 'LC_ALL']\n"
    assert done.returncode == 7


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.socketpair()",
        "os.fork()",
        "os.kill(os.getppid(), 0)",
        "os.open('x', os.O_WRONLY)",
        "os.open('x', os.O_RDWR)",
        "os.open('x', os.O_CREAT)",
        "os.open('x', os.O_TRUNC)",
        "os.mkdir('x')",
        "os.unlink('x')",
        "os.rename('x', 'y')",
        "os.chmod('x', 0)",
        "os.truncate('x', 0)",
        "os.memfd_create('x')",
        "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
        "import resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
        "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
    ],
)
def test_wall_when_a_program_does_more_than_compute_and_read_then_it_may_not(wall, code, tmp_path):
    (tmp_path / "x").write_bytes(b"x")
    said = python(wall, f"os.chdir({str(tmp_path)!r})\n{code}\nprint('a hole')")
    assert "a hole" not in said
    assert "not implemented" in said or "Permission denied" in said
    assert (tmp_path / "x").read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wall", "x"]


def test_wall_when_a_program_computes_and_reads_then_it_may(wall):
    code = (
        "import threading\n"
        "threads = [threading.Thread(target=lambda: None)]\n"
        "[each.start() or each.join() for each in threads]\n"
        f"print(len(open({__file__!r}).read()) > 9, len(os.listdir('/')) > 3, len(os.urandom(9)))"
    )
    assert python(wall, code) == "True True 9"


def test_wall_when_a_limit_cannot_be_set_then_nothing_is_run(wall):
    done = run(
        "/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all", "--",
        "/usr/bin/prlimit", "--nofile=32", "--", wall, "/bin/echo", "run",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (NOT_STARTED, b"")


def test_wall_when_there_is_nothing_to_run_then_its_own_status(wall):
    done = run(wall, "/no/such/program")
    assert (done.returncode, done.stdout) == (NOT_STARTED, STARTED)
    assert run(wall).returncode == NOT_STARTED


def test_wall_when_made_again_then_the_same():
    assert build_wall() == build_wall()
