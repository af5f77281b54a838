"""Stops server and worker at random moments by one, two or three signals, again and again.

After each stop: nothing of the registry runs any more, its port is free, its log has no traceback,
and how long it took. A third of the servers is stopped while clients register, idle, and send
uploads by the letter.

    python -m tests.performance.stops [SERVERS] [WORKERS] [SEED]
"""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes import hub_server
from tests.performance.registry import ROOT, Registry

SERVERS, WORKERS = 150, 350
AT_ONCE = 3
# From the first instruction to well after the first request, on a busy machine.
ALIVE_MAX_S = 8.0
ENDS_WITHIN_S = 40.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GAPS_S = (0.0, 0.00005, 0.0005, 0.001, 0.005, 0.05, 0.5, 2.0)


@dataclass
class Outcomes:
    """What was seen so far."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    longest_s: float = 0.0
    done: int = 0

    def add(self, what: str, taken_s: float, complaints: list[str]) -> None:
        with self.lock:
            self.done += 1
            self.statuses[what] += 1
            self.longest_s = max(self.longest_s, taken_s)
            self.wrong += complaints
            if complaints or self.done % 50 == 0:
                print(f"{self.done} stops, longest {self.longest_s:.1f} s", *complaints, flush=True)


def session_of(pid: int) -> list[int]:
    """The processes of a session that still run; zombies do not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            words = path.read_text().rpartition(")")[2].split()
            if int(words[3]) == pid and words[0] != "Z":
                found.append(int(path.parent.name))
    return found


def disturb(registry: Registry, over: threading.Event) -> None:
    """Be clients: one registers, one idles, one sends an upload by the letter."""
    sockets: list[Any] = []
    while not over.is_set():
        with contextlib.suppress(OSError):
            if len(sockets) < 20:
                found = socket.create_connection(("127.0.0.1", registry.port), 1)
                found.sendall(
                    b"POST /artifacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n["
                    if len(sockets) % 2
                    else b"GET /health HT"
                )
                sockets.append(found)
            registry.ask("GET", "/health", timeout_s=2)
        over.wait(0.02)
    for each in sockets:
        each.close()


def stop_one(kind: str, chance: random.Random, template: Path, hub: str, seen: Outcomes) -> None:
    """Start one, stop it, and look at what is left."""
    with tempfile.TemporaryDirectory(prefix="stops-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(template, data)
        registry = Registry(data, hub)
        words = ["serve", "--port", str(registry.port)] if kind == "server" else ["run_worker"]
        with registry.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=ROOT,
                env=registry.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        over = threading.Event()
        clients = threading.Thread(target=disturb, args=(registry, over))
        if kind == "server" and chance.random() < 1 / 3:
            clients.start()
        # Before this nobody listens: Python itself is not up yet, and ends as any program does.
        time.sleep(chance.uniform(0.3, ALIVE_MAX_S))
        began = time.monotonic()
        number = chance.randint(1, 3)
        to_all = chance.random() < 1 / 2  # as Ctrl-C in a terminal
        for _ in range(number):
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if to_all else os.kill)(process.pid, chance.choice(SIGNALS))
            time.sleep(chance.choice(GAPS_S))
        complaints: list[str] = []
        try:
            status = str(process.wait(ENDS_WITHIN_S))
        except subprocess.TimeoutExpired:
            status = "hangs"
        taken_s = time.monotonic() - began
        left = session_of(process.pid)
        if left and status != "hangs":
            complaints.append(f"{kind}: {len(left)} processes are left")
        if status == "hangs":
            complaints.append(f"{kind}: still runs {ENDS_WITHIN_S:g} s after {number} signals")
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        over.set()
        if clients.ident:
            clients.join()
        text = registry.log.read_text(errors="replace")
        # Python itself, or Django, was not up yet when Ctrl-C came: that ends it, as any program.
        if "Traceback" in text and not text.rstrip().endswith("KeyboardInterrupt"):
            complaints.append(f"{kind}: a traceback: {text[-1500:]}")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", registry.port))
        seen.add(f"{kind} ended with {status}", taken_s, complaints)


def main(servers: int, workers: int, seed: int) -> int:
    # What `nohup` tells this program is not meant for those that it stops.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    chance = random.Random(seed)
    hub, hub_url = hub_server.start()
    seen = Outcomes()
    with tempfile.TemporaryDirectory(prefix="stops-") as folder:
        template = Path(folder) / "data"
        registry = Registry(template, hub_url)
        registry.start()
        registry.stop()
        kinds = ["server"] * servers + ["worker"] * workers
        chance.shuffle(kinds)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number, kind in enumerate(kinds):
                own = random.Random(seed + number)
                pool.submit(stop_one, kind, own, template, hub_url, seen).add_done_callback(
                    lambda future: future.result()
                )
    hub.shutdown()
    for what, number in sorted(seen.statuses.items()):
        print(f"{number:5} {what}")
    print(
        f"{seen.done} stops, the longest took {seen.longest_s:.1f} s, {len(seen.wrong)} complaints"
    )
    return bool(seen.wrong) or seen.done != servers + workers


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]] + [SERVERS, WORKERS, 1][len(sys.argv) - 1 :]
    sys.exit(main(*numbers))
