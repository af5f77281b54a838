"""Running programs that nobody trusts, for real."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from artifacts.sandbox.programs import run_isolated

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


def walls_stand() -> bool:
    done = subprocess.run(
        ["/usr/bin/unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork",
         "--mount-proc", "true"], check=False, capture_output=True,
    )  # fmt: skip
    return done.returncode == 0


def working_in(folder: Path) -> list[str]:
    """The processes that have a folder as their own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if path.readlink() == folder:
                found.append(path.parent.name)
    return found


needs_walls = pytest.mark.skipif(not walls_stand(), reason="the kernel refuses user namespaces")


@pytest.fixture
def run(tmp_path):
    def run(code: str, **limits):
        return run_isolated(code, interpreter=sys.executable, folder=tmp_path, **limits)

    return run


@needs_walls
def test_program_when_it_ends_well_then_its_output(run):
    result = run("import sys; print('tea'); print('milk', file=sys.stderr)")
    assert (result.exit_status, result.is_timed_out) == (0, False)
    assert result.output.split() == ["milk", "tea"] or result.output.split() == ["tea", "milk"]


@needs_walls
def test_program_when_it_fails_then_status_and_why(run):
    result = run("raise SystemExit('no kettle')")
    assert (result.exit_status, result.output) == (1, "no kettle")


@needs_walls
def test_program_when_it_never_ends_then_it_is_ended(run):
    started = time.monotonic()
    result = run("while True: pass", timeout_s=1)
    assert result.is_timed_out
    assert time.monotonic() - started < 20


@needs_walls
def test_program_when_it_leaves_children_then_they_die_with_it(run, tmp_path):
    run(
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    time.sleep(3)\n"
        "    open('late.txt', 'w').close()\n"
    )
    time.sleep(4)
    assert not (tmp_path / "late.txt").exists()


@needs_walls
def test_program_when_it_asks_for_the_network_then_there_is_none(run):
    result = run("import socket; socket.create_connection(('127.0.0.1', 9), 1)")
    assert result.exit_status == 1
    assert "unreachable" in result.output


@needs_walls
def test_program_when_it_looks_for_credentials_then_it_finds_none(run, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-ours")
    result = run(
        "import glob, os\n"
        "print(dict(os.environ))\n"
        "for each in glob.glob('/proc/[0-9]*/environ'):\n"
        "    print(open(each, 'rb').read())\n"
    )
    assert result.exit_status == 0
    assert "PATH" in result.output
    assert "a-secret-of-ours" not in result.output


@needs_walls
def test_program_when_a_folder_is_hidden_then_it_is_empty(run, tmp_path):
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "key").write_text("ours")
    result = run(f"import os; print(os.listdir({str(secrets)!r}))", hidden=[secrets])
    assert result.output == "[]"
    assert (secrets / "key").read_text() == "ours"


@needs_walls
def test_program_when_it_wants_all_memory_then_it_gets_an_error(run):
    result = run("x = bytearray(3_000_000_000)", memory_bytes=1_000_000_000)
    assert result.exit_status == 1
    assert "MemoryError" in result.output


@needs_walls
def test_program_when_it_prints_for_ever_then_only_the_end_is_kept(run):
    result = run("while True: print('tea' * 1000)", timeout_s=2)
    assert result.is_timed_out
    assert len(result.output) <= 10_000


@needs_walls
def test_program_when_a_file_grows_then_it_is_stopped(run, set_limits):
    set_limits(PROGRAM_FILE_BYTES=1_000_000)
    assert run("open('f', 'wb').write(b'x' * 5_000_000)").exit_status != 0


@needs_walls
def test_program_when_the_interpreter_is_none_then_it_fails(tmp_path):
    result = run_isolated("1", interpreter="/nowhere/python", folder=tmp_path)
    assert result.exit_status not in (0, None)


def test_program_when_there_are_no_walls_then_it_is_not_run(run, tmp_path, monkeypatch):
    fake = tmp_path / "bin"
    fake.mkdir()
    for name in ("prlimit", "unshare"):
        tool = fake / name
        tool.write_text("#!/bin/sh\necho refused\nexit 1\n")
        tool.chmod(0o755)
    # The tools are looked for where the program's own environment says.
    monkeypatch.setattr("artifacts.sandbox.programs._PATH", f"{fake}:/usr/bin:/bin")
    result = run("open('ran', 'w')")
    assert result.exit_status is None
    assert not Path(tmp_path / "ran").exists()


def test_program_when_the_tools_are_missing_then_it_is_not_run(run, monkeypatch):
    def fail(*_args, **_kwargs):
        raise FileNotFoundError("prlimit")

    monkeypatch.setattr("artifacts.sandbox.programs.subprocess.Popen", fail)
    result = run("1")
    assert result.exit_status is None
    assert "could not be started" in result.output


@needs_walls
def test_program_when_the_process_that_waits_for_it_is_killed_then_it_ends_too(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from artifacts.sandbox.programs import run_isolated\n"
        "program = \"open('up', 'w').close()\\nimport time\\ntime.sleep(600)\"\n"
        f"run_isolated(program, interpreter=sys.executable, folder=Path({str(tmp_path)!r}))"
    )
    waiting = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    ends_at = time.monotonic() + 60
    while not (tmp_path / "up").exists() and time.monotonic() < ends_at:
        time.sleep(0.02)
    waiting.kill()
    waiting.wait()
    # It works in a folder of its own, so that tells it from all others.
    while (left := working_in(tmp_path)) and time.monotonic() < ends_at:
        time.sleep(0.02)
    assert (tmp_path / "up").exists()
    assert left == []
