"""How long a snapshot of many small files takes by the registry and by the Hub's stand-in.

    python -m tests.hub_clients.small_files [ROUNDS]

Each round fetches the same files from both, one right after the other. The client's own work is
most of either time, so the CPU time of client and server is told beside the time that passed.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.hub_clients import material
from tests.hub_clients.driving import environment, python_of
from tests.hub_clients.grounds import NOTHING, with_room
from tests.hub_clients.populating import register, token_of, wait_until_kept
from tests.hub_clients.tally import Failed, Skipped
from tests.performance.registry import PASSWORD, ROOT, USER
from tests.processes import cpu_s

STAND_IN = ROOT.parent / "shared" / "tools" / "upstream_server.py"
CLIENT = "2"
FILES = 500
ROUNDS = 5
# A goal, not a promise: how busy the machine is, and where bytes rest, weigh as much as our work.
RATIO_MAX = 1.2
PROGRAM = """
import json, os, time
import huggingface_hub
facts = json.load(open(os.environ["HUB_CLIENTS_FACTS"]))
started, used = time.perf_counter(), time.process_time()
folder = huggingface_hub.snapshot_download(facts["id"])
print(json.dumps([time.perf_counter() - started, time.process_time() - used]))
assert len(os.listdir(folder)) == facts["files"], os.listdir(folder)
"""


class Taken(NamedTuple):
    """What one snapshot took, in seconds: of the clock, and of CPU of the client and the server."""

    clock_s: float
    client_s: float
    server_s: float


class Compared(NamedTuple):
    """Medians of all rounds, by the registry and by the stand-in."""

    ours: Taken
    theirs: Taken

    @property
    def ratio(self) -> float:
        """How many times the stand-in's time the registry takes."""
        return self.ours.clock_s / self.theirs.clock_s

    def __str__(self) -> str:
        (ours, client, server), (theirs, *others) = self.ours, self.theirs
        return (
            f"{self.ratio:.2f} times ({ours:.2f} s against {theirs:.2f} s; CPU of client and "
            f"server {client:.2f} and {server:.2f} s against {others[0]:.2f} and {others[1]:.2f} s)"
        )


def compare(folder: Path, settings: Mapping[str, str] = NOTHING, rounds: int = ROUNDS) -> Compared:
    """Fetch the same snapshot from both in turn.

    Args:
        settings: the registry's, besides those of its ground.

    Raises:
        Skipped: the stand-in is not beside the project, or the client is not installed.
        Failed: a client did not get all files.
    """
    if not STAND_IN.exists():
        raise Skipped("the stand-in of ../shared is not beside the project")
    if not python_of(CLIENT).exists():
        raise Skipped("the client is not installed: make hub-clients does that")
    many = material.many("acme/five-hundred", FILES - 1)
    source = folder / "source"
    source.mkdir()
    for path, data in many.files.items():
        (source / path).write_bytes(data)
    ours: list[Taken] = []
    theirs: list[Taken] = []
    with (
        _stand_in(many.id, source) as (hub_url, hub),
        with_room(folder, hub_url, settings) as ground,
    ):
        registry = ground.registry
        registry.sign_in()
        made = register(registry, "model", many)
        wait_until_kept(registry, f"/artifacts/model/{made}")
        for number in range(rounds + 1):
            # A token is good for two snapshots of this size a minute.
            token = token_of(registry, USER, PASSWORD)
            taken = (
                _fetch(registry.process.pid, ground.url, many.id, token),
                _fetch(hub.pid, hub_url, many.id, token),
            )
            # What is read or imported once is not counted.
            if number > 0:
                ours.append(taken[0])
                theirs.append(taken[1])
    return Compared(_median(ours), _median(theirs))


def measure(folder: Path, settings: Mapping[str, str]) -> tuple[str, str]:
    """Return what was measured, and the figure; see `compare`."""
    what = (
        f"snapshot of {FILES} small files, against the Hub's stand-in (goal: at most {RATIO_MAX})"
    )
    try:
        return what, str(compare(folder, settings))
    except Skipped as reason:
        return what, f"not measured: {reason}"


def _median(all_taken: list[Taken]) -> Taken:
    return Taken(*map(statistics.median, zip(*all_taken, strict=True)))


def _fetch(server: int, endpoint: str, repository: str, token: str) -> Taken:
    """Fetch the snapshot by a new process with a cache of its own."""
    facts = {
        "endpoint": endpoint,
        "id": repository,
        "files": FILES,
        "tokens": {"reader": token},
    }
    used_s = cpu_s(server)
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [python_of(CLIENT), "-c", PROGRAM],
            env=environment(facts, Path(home)),
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Failed(done.stderr[-500:])
    clock_s, client_s = json.loads(done.stdout)
    return Taken(clock_s, client_s, cpu_s(server) - used_s)


@contextmanager
def _stand_in(repository: str, source: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Have the stand-in serve a folder as a model, as fast as it can; yield its address, and it."""
    command = [sys.executable, str(STAND_IN), "--port", "0", "--resolve", "direct"]
    command += ["--model", f"{repository}={source}", "--cache", str(source.parent / "digests")]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        yield line.partition("HF_ENDPOINT=")[2].split()[0], server
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="small-files-") as name:
        print(compare(Path(name), rounds=int(sys.argv[1]) if sys.argv[1:] else ROUNDS))
