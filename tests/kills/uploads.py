"""Kills `hf upload` of a folder at random moments, and now and then the registry itself.

A folder of 20 files, one of them of 200 MB, is uploaded over a revision that is there. Somebody
looks at the repository all the while: it shows the revision before, or all files of the folder, and
nothing in between. The try after the last kill completes, and every file has the right digest.

    python -m tests.kills.uploads HF [KILLS] [--s3]

HF is the program of a huggingface_hub: `venv/bin/hf`.
"""

import argparse
import contextlib
import hashlib
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from tests.fakes import hub_server
from tests.kills.__main__ import _bucket, _database
from tests.performance.registry import USER, Registry

KILLS = 10
# Where an upload had ended before its kill, another one is killed.
TRIES_PER_KILL = 4
# Every so many kills the server is the victim, the client goes on, and fails or not.
SERVER_EVERY = 4
FILES, LARGE_BYTES, SMALL_BYTES = 20, 200_000_000, 30_000
REPO = f"registry.{USER}/killed"
LOOK_S = 0.05


class Watcher(threading.Thread):
    """Looks at the repository all the time.

    Attributes:
        seen: how often each state was seen, by its name.
        strange: what was neither a revision before nor a whole folder.
    """

    def __init__(self, registry: Registry) -> None:
        super().__init__(daemon=True)
        self.registry = registry
        self.states: dict[str, dict[str, str]] = {}
        self.seen: dict[str, int] = {}
        self.strange: list[dict[str, str]] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.wait(LOOK_S):
            shown = show(self.registry)
            if shown is None:
                continue
            names = [name for name, state in self.states.items() if state == shown]
            if not names:
                self.strange.append(shown)
            for name in names:
                self.seen[name] = self.seen.get(name, 0) + 1


def ask(registry: Registry, path: str) -> bytes | None:
    request = urllib.request.Request(registry.url + path, headers={"Authorization": registry.token})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
    except OSError:
        return None


def show(registry: Registry) -> dict[str, str] | None:
    """Digest of each file that the repository shows; None if no answer came."""
    import json

    raw = ask(registry, f"/api/models/{REPO}/tree/main?recursive=true")
    if raw is None:
        return None
    return {each["path"]: each["lfs"]["oid"] for each in json.loads(raw) if "lfs" in each}


def make_folder(folder: Path, number: int) -> dict[str, str]:
    """Write the files of one attempt, and return their digests by path."""
    digests = {}
    for each in range(FILES):
        size = LARGE_BYTES if each == 0 else SMALL_BYTES
        path = folder / ("model.bin" if each == 0 else f"part-{each % 3}/file-{each}.bin")
        path.parent.mkdir(parents=True, exist_ok=True)
        chunk = random.Random(number * 100 + each).randbytes(min(size, 1_000_000))
        path.write_bytes((chunk * (size // len(chunk) + 1))[:size])
        name = str(path.relative_to(folder))
        digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


def upload(hf: str, registry: Registry, folder: Path, home: Path) -> subprocess.Popen[bytes]:
    token = registry.token.removeprefix("bearer ")
    environment = os.environ | {
        "HF_ENDPOINT": registry.url, "HF_TOKEN": token, "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1",
    }  # fmt: skip
    log = home.with_suffix(".log").open("ab")
    return subprocess.Popen(
        [hf, "upload", REPO, str(folder)],
        env=environment, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip


def main() -> None:
    options = _options()
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub, hub_url = hub_server.start()
        stack.callback(hub.shutdown)
        settings = stack.enter_context(_database())
        if options.s3:
            settings |= stack.enter_context(_bucket(work, hub_url))
        registry = Registry(work / "data", hub_url, **settings)
        if options.port:
            registry.port = options.port
            registry.url = f"http://127.0.0.1:{options.port}"
        registry.start()
        stack.callback(registry.stop)
        registry.sign_in()
        _try(options, registry, work)


def _try(options: argparse.Namespace, registry: Registry, work: Path) -> None:
    folder, home = work / "folder", work / "home"
    watcher = Watcher(registry)
    # What the kills have to leave alone, and how long an upload takes.
    watcher.states["0"] = make_folder(folder, 0)
    began = time.monotonic()
    assert upload(options.hf, registry, folder, home).wait(timeout=300) == 0, "the first upload"
    took_s = time.monotonic() - began
    print(f"an upload takes {took_s:.1f} s", flush=True)
    watcher.start()
    version = 1
    watcher.states["1"] = make_folder(folder, 1)
    hits = 0
    for _ in range(options.kills * TRIES_PER_KILL):
        registry.sign_in()  # A token is good for a thousand calls, and somebody looks all the time.
        process = upload(options.hf, registry, folder, home)
        at_s = random.uniform(0.05, 1.0) * took_s
        time.sleep(at_s)
        # What an earlier try has sent is not sent again, so this one may be shorter than the first.
        if process.poll() is None:
            hits += 1
            what = f"kill {hits} ({_kill(process, registry, hits)})"
        else:
            assert process.returncode == 0, "an upload that nobody killed"
            what = "ended before its kill"
        shown = show(registry)
        assert shown in (watcher.states[str(version - 1)], watcher.states[str(version)]), shown
        is_done = shown == watcher.states[str(version)]
        print(f"{what} after {at_s:.1f} s: {'all' if is_done else 'nothing'} of it is there",
              flush=True)  # fmt: skip
        if is_done:
            version += 1
            watcher.states[str(version)] = make_folder(folder, version)
        if hits == options.kills:
            break
    assert hits == options.kills, "too few uploads were running when they were to be killed"
    registry.sign_in()
    began = time.monotonic()
    assert upload(options.hf, registry, folder, home).wait(timeout=300) == 0, "the last upload"
    print(f"the last try took {time.monotonic() - began:.1f} s")
    watcher.is_over.set()
    watcher.join()
    assert show(registry) == watcher.states[str(version)]
    assert not watcher.strange, watcher.strange[0]
    assert sum(watcher.seen.values())
    for path, digest in watcher.states[str(version)].items():
        raw = ask(registry, f"/{REPO}/resolve/main/{path}")
        assert hashlib.sha256(raw or b"").hexdigest() == digest, path
    print(f"{sum(watcher.seen.values())} looks, each at a whole revision ({len(watcher.seen)} of "
          f"{version + 1}); all {FILES} files download with their digests")  # fmt: skip


def _kill(process: subprocess.Popen[bytes], registry: Registry, number: int) -> str:
    """End a running upload, or the registry under it; return which."""
    is_server = number % SERVER_EVERY == 0
    if is_server:
        registry.kill()
        registry.start()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return "server" if is_server else "client"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hf", help="the program of a huggingface_hub")
    parser.add_argument("kills", nargs="?", type=int, default=KILLS)
    parser.add_argument("--s3", action="store_true", help="keep files in SeaweedFS")
    parser.add_argument("--port", type=int, default=0, help="of the registry; any if left out")
    return parser.parse_args()


if __name__ == "__main__":
    main()
