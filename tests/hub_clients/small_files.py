"""How long a snapshot of many small files takes by the registry and by the Hub's stand-in."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hub_clients import material
from tests.hub_clients.driving import environment, python_of
from tests.hub_clients.grounds import with_room
from tests.hub_clients.populating import register, token_of, wait_until_kept
from tests.hub_clients.tally import Failed, Skipped
from tests.performance.registry import PASSWORD, ROOT, USER

STAND_IN = ROOT.parent / "shared" / "tools" / "upstream_server.py"
FILES = 500
ROUNDS = 3
# A goal, not a promise: how busy the machine is, and where bytes rest, weigh as much as our work.
RATIO_MAX = 1.2
PROGRAM = """
import json, os, time
import huggingface_hub
facts = json.load(open(os.environ["HUB_CLIENTS_FACTS"]))
started = time.perf_counter()
folder = huggingface_hub.snapshot_download(facts["id"])
seconds = time.perf_counter() - started
assert len(os.listdir(folder)) == facts["files"], os.listdir(folder)
print(seconds)
"""


def compare(folder: Path) -> str:
    """Fetch the same snapshot from both in turn; return their best times and the ratio.

    Raises:
        Skipped: the stand-in is not beside the project.
        Failed: a client did not get all files.
    """
    if not STAND_IN.exists():
        raise Skipped("the stand-in of ../shared is not beside the project")
    many = material.many("acme/five-hundred", FILES - 1)
    source = folder / "source"
    source.mkdir()
    for path, data in many.files.items():
        (source / path).write_bytes(data)
    with _stand_in(many.id, source) as hub_url, with_room(folder, hub_url) as ground:
        registry = ground.registry
        registry.sign_in()
        made = register(registry, "model", many)
        wait_until_kept(registry, f"/artifacts/model/{made}")
        ours, theirs = [], []
        for _ in range(ROUNDS):
            token = token_of(registry, USER, PASSWORD)
            ours.append(_seconds(ground.url, many.id, token))
            theirs.append(_seconds(hub_url, many.id, token))
    ratio = min(ours) / min(theirs)
    said = f"{min(ours):.1f} s, the stand-in {min(theirs):.1f} s: {ratio:.2f} (goal: {RATIO_MAX})"
    print(f"snapshot of {FILES} small files: {said}", flush=True)
    return said


def _seconds(endpoint: str, repository: str, token: str) -> float:
    facts = {
        "endpoint": endpoint,
        "id": repository,
        "files": FILES,
        "tokens": {"reader": token},
    }
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [python_of("2"), "-c", PROGRAM],
            env=environment(facts, Path(home)),
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Failed(done.stderr[-500:])
    return float(done.stdout)


@contextmanager
def _stand_in(repository: str, source: Path) -> Iterator[str]:
    """Have the stand-in serve a folder as a model, as fast as it can; yield its address."""
    command = [sys.executable, str(STAND_IN), "--port", "0", "--resolve", "direct"]
    command += ["--model", f"{repository}={source}", "--cache", str(source.parent / "digests")]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        yield line.partition("HF_ENDPOINT=")[2].split()[0]
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
