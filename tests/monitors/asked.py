"""Programs that may ask hosts, run at both places in a network of their own.

`Network` starts this module in namespaces (`unshare`), where it makes the network of `network.py`,
and sends it programs, a line of JSON each. No real network is touched, and none is needed.
"""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from artifacts.sandbox.monitors import MonitorTask, run_monitor
from tests.monitors.function import ProgramFunction, bucket_with
from tests.monitors.network import Service, answer_names, bring_up, serve
from tests.monitors.node import installed_node

_NAMESPACES = (
    "unshare",
    "--user",
    "--map-root-user",
    "--net",
    "--mount",
    "--kill-child=KILL",
    "--fork",
)
HERE, FUNCTION = "here", "function"


@dataclass(frozen=True)
class Told:
    """How a program ended.

    Attributes:
        requests: what was asked for it, as the registry lists it.
        hits: what servers were asked: place, method, path.
    """

    exit_status: int | None
    output: str
    is_timed_out: bool
    is_too_long: bool
    requests: list[dict[str, Any]]
    hits: list[list[str]]
    lasted_s: float


class Network:
    """The process within."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [*_NAMESPACES, "--", sys.executable, "-m", "tests.monitors.asked", str(folder)],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, place: str, program: str, hosts: Sequence[str], who: str = "mallory") -> Told:
        """Run a program in one of the two places."""
        task = {"place": place, "program": program, "hosts": list(hosts), "who": who}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(task)}\n")
        self.process.stdin.flush()
        return Told(**json.loads(self.process.stdout.readline()))


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """Make a network, and end all of it."""
    made = Network(folder)
    with made.process:
        try:
            yield made
        finally:
            made.process.kill()


def main(folder: Path) -> None:
    """Answer each line with how a program ended."""
    bring_up()
    answer_names(folder)
    certificate = str(serve(folder))
    os.environ["NODE_EXTRA_CA_CERTS"] = certificate
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("config.json", "{}")
    zip_path = folder / "full.zip"
    zip_path.write_bytes(packed.getvalue())
    function = ProgramFunction(folder / "cloud", {"NODE_EXTRA_CA_CERTS": certificate})
    try:
        with bucket_with(zip_path.read_bytes()) as link:
            for line in sys.stdin:
                asked = json.loads(line)
                task = MonitorTask(asked["program"], "robot", "ursula", asked["who"])
                Service.hits.clear()
                started_s = time.monotonic()
                if asked["place"] == HERE:
                    run = run_monitor(
                        task, node=installed_node(), zip_path=zip_path, hosts=asked["hosts"]
                    )
                else:
                    size_bytes = zip_path.stat().st_size
                    run = function.run_task(task, link, size_bytes, asked["hosts"])
                lasted_s = time.monotonic() - started_s
                told = {**asdict(run), "hits": Service.hits, "lasted_s": lasted_s}
                sys.stdout.write(f"{json.dumps(told)}\n")
                sys.stdout.flush()
    finally:
        function.functions.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
