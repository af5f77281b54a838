"""Hostile and honest programs in the function of AWS Lambda, for real, as `test_local` has them."""

import io
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from artifacts.limits import MONITOR_TIMEOUT_S
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.remote import describe_task, read_answer
from artifacts.sandbox.wall import build_wall
from tests.monitors.function import SECRET, ProgramFunction, bucket_with
from tests.monitors.hostile import BREACH, HONEST, NAMES
from tests.monitors.node import installed_node, needs_node
from tests.monitors.targets import targets

pytestmark = [pytest.mark.slow, needs_node]
LATEST_S = MONITOR_TIMEOUT_S + 20


@pytest.fixture(scope="module")
def function(tmp_path_factory) -> Iterator[ProgramFunction]:
    made = ProgramFunction(tmp_path_factory.mktemp("cloud"))
    yield made
    made.functions.stop()


@pytest.fixture(scope="module")
def content() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("config.json", "{}")
    return packed.getvalue()


@pytest.fixture(scope="module")
def link(content) -> Iterator[str]:
    with bucket_with(content) as url:
        yield url


@pytest.mark.parametrize("name", NAMES)
def test_program_when_hostile_then_it_gets_nothing_and_ends(name, function, link, content):
    with targets(SECRET) as aimed:
        started_s = time.monotonic()
        found = function.run(aimed.programs[name], link, len(content))
        lasted_s = time.monotonic() - started_s
        assert aimed.bystander.poll() is None
    assert found.exit_status not in (0, None), found.output
    assert BREACH not in found.output
    assert not any(each in found.output for each in ("SyntaxError", "ReferenceError"))
    assert lasted_s < LATEST_S
    assert len(found.output) <= 10_000
    # It leaves nothing for the next one, and the function lives.
    assert function.temporary == []
    assert function.functions.started[-1].is_alive


@pytest.mark.parametrize("name", HONEST)
def test_program_when_honest_then_it_says_what_it_decided(name, function, link, content):
    program, status, words = HONEST[name]
    found = function.run(program, link, len(content))
    assert found.exit_status == status, found.output
    assert words in found.output
    assert (found.is_timed_out, found.is_too_long) == (False, False)


# Each would succeed in a process of the function's own user that only Node.js' permissions confine,
# or none; Node.js is started here without them, so it is the kernel's wall alone that stops it.
BY_THE_KERNEL = {
    "asks Lambda for the next event": 'net.connect(PORT, "127.0.0.1", breach)',
    "sends a datagram": 'const s = require("dgram").createSocket("udp4"); '
    's.send("x", PORT, "127.0.0.1", e => e ? process.exit(9) : breach())',
    "listens": 'net.createServer().listen(0, "127.0.0.1", breach)',
    "listens at a file": 'net.createServer().listen(HOME + "/s", breach)',
    "kills its parent": "process.kill(PID, 9); breach()",
    "opens its parent's inspector": "process._debugProcess(PID); breach()",
    "starts a shell": 'breach(require("child_process").execSync("id"))',
    "writes a file": 'fs.writeFileSync(HOME + "/x", "x"); breach()',
    "makes an empty file": 'fs.openSync(HOME + "/x", fs.constants.O_CREAT); breach()',
    "makes a folder": 'fs.mkdirSync(HOME + "/d"); breach()',
    "links": 'fs.symlinkSync("/etc/passwd", HOME + "/l"); breach()',
    "removes the zip": "fs.unlinkSync(ZIP); breach()",
    "cuts the zip off": "fs.openSync(ZIP, fs.constants.O_TRUNC); breach()",
    "changes who may read": "fs.chmodSync(ZIP, 0o777); breach()",
    "writes into its parent's memory": 'fs.openSync(`/proc/${PID}/mem`, "r+"); breach()',
}  # fmt: skip


def run_without_permissions(name: str, before: list[str], folder: Path) -> str:
    """Run one of these without Node.js' permissions, and return what it printed."""
    home, zip_path = folder / "home", folder / "full.zip"
    home.mkdir()
    zip_path.write_bytes(b"PK")
    with targets("-") as here:
        aimed = here.programs["never ends"].rpartition("\n")[0]
        program = f"{aimed}\nconst HOME = {str(home)!r}, ZIP = {str(zip_path)!r}; late();\n"
        done = subprocess.run(
            [*before, installed_node(), "-e", program + BY_THE_KERNEL[name]],
            check=False, capture_output=True, text=True, env={"HOME": str(home)},
        )  # fmt: skip
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wall(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("wall") / "wall"
    path.write_bytes(build_wall())
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("name", BY_THE_KERNEL)
def test_wall_when_node_confines_nothing_then_the_kernel_does(name, wall, tmp_path):
    said = run_without_permissions(name, [wall], tmp_path)
    assert said.startswith("\0started\0")
    assert BREACH not in said
    assert "SyntaxError" not in said
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["full.zip"]


@pytest.mark.parametrize("name", BY_THE_KERNEL)
def test_wall_when_it_does_not_stand_then_the_same_gets_what_it_wants(name, tmp_path):
    assert BREACH in run_without_permissions(name, [], tmp_path)


def test_zip_when_the_link_or_its_size_is_wrong_then_nothing_is_run(function, link, content):
    size = len(content)
    for url, said in ((f"{link}x", size), (link, size + 1), (link, size - 1)):
        found = function.run("process.exit(0)", url, said)
        assert (found.exit_status, BREACH in found.output) == (None, False)
        assert "errorMessage" in found.output
    assert function.temporary == []
    assert function.run("process.exit(0)", link, size).exit_status == 0


def test_function_when_a_program_is_over_then_the_next_finds_nothing_of_it(function, link, content):
    before = len(function.functions.started)
    lasts = "console.log(process.pid); setInterval(() => 0, 1000)"
    found = function.run(lasts, link, len(content))
    assert found.is_timed_out
    # No namespace hides its number.
    assert not Path(f"/proc/{int(found.output)}").exists()
    looks = (
        "console.log(require('fs').readdirSync(require('path').dirname(process.argv[5]) + '/..'))"
    )
    assert "ERR_ACCESS_DENIED" in function.run(looks, link, len(content)).output
    assert len(function.functions.started) == max(before, 1)


def test_program_when_it_speaks_on_both_pipes_then_all_of_it_is_kept(function, link, content):
    both = "console.error('first'); console.log('second')"
    found = function.run(both, link, len(content))
    assert sorted(found.output.split()) == ["first", "second"]


def test_program_when_it_floods_then_it_is_ended_and_the_end_is_kept(function, link, content):
    flood = "const x = 'x'.repeat(60000); for (let n = 0; n < 40; n++) console.log(x + n)"
    found = function.run(flood, link, len(content))
    assert found.is_too_long
    assert found.exit_status != 0
    assert len(found.output) <= 10_000


def test_program_when_told_odd_names_then_they_arrive_as_they_are(function, link, content):
    odd = "--eval=1 'x' $(id) \n \xe9"
    task = MonitorTask("console.log(JSON.stringify(process.argv.slice(2, 5)))", odd, "", "-e")
    event = describe_task(task, zip_url=link, zip_size_bytes=len(content))
    found = read_answer(function.invoke(event).body)
    assert found.output == r"""["--eval=1 'x' $(id) \n é","","-e"]"""


def test_wall_when_it_cannot_be_started_then_the_invocation_fails(function, link, content):
    function.run("", link, len(content))
    (wall,) = function.functions.folder.glob("code/*/task/wall")
    wall.chmod(0o444)
    try:
        found = function.run("process.exit(0)", link, len(content))
    finally:
        wall.chmod(0o555)
    assert found.exit_status is None
    assert "EACCES" in found.output
    assert function.run("", link, len(content)).exit_status == 0
