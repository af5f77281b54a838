"""Runs the fault matrix: `tests/with_postgres.sh python -m tests.faults [WORD ...]`.

Only scenarios whose names have one of the words, when there are any. Without words everything is
run and the matrix is written to `docs/fault-matrix.md`.
"""

import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fakes import seaweed
from tests.faults import lying, report, scenarios
from tests.faults.lane import running
from tests.faults.proxy import Proxies
from tests.faults.scenarios import Scenario
from tests.faults.trial import Observed, observe
from tests.performance.registry import ROOT

DOCUMENT = ROOT / "docs/fault-matrix.md"
# Registries that run at once; they mostly wait.
LANES_AT_ONCE = 4
# The longest first, so that nobody waits for it in the end.
LANES = {
    "wake-up": scenarios.WAKE_UP,
    "database": scenarios.DATABASE[:3],
    "storage": scenarios.STORAGE[:3],
    "hub": scenarios.HUB,
    "github": scenarios.GITHUB,
    "database-2": scenarios.DATABASE[3:],
    "storage-2": scenarios.STORAGE[3:],
    "lying": scenarios.LYING,
    "together": scenarios.TOGETHER,
    "kaggle": scenarios.KAGGLE,
}


class Run:
    """All lanes, on one S3 server and one database server."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self.folder = folder
        self.words = words
        self.proxies = Proxies()

    def observe_all(self) -> list[Observed]:
        """Return what was seen, in the order of the scenarios."""
        with (
            seaweed.serve(self.folder / "seaweed") as server,
            lying.serve() as liar,
            ThreadPoolExecutor(LANES_AT_ONCE) as pool,
        ):
            self.server, self.liar = server, liar
            found = [each for lane in pool.map(self.observe_lane, LANES) for each in lane]
        self.proxies.close()
        order = {scenario.name: number for number, scenario in enumerate(scenarios.ALL)}
        return sorted(found, key=lambda each: order[each.scenario.name])

    def observe_lane(self, name: str) -> list[Observed]:
        """Go through the scenarios of one lane with one registry."""
        wanted = [each for each in LANES[name] if self.is_wanted(each)]
        if not wanted:
            return []
        found: list[Observed] = []
        log = self.folder / f"{name}.log"
        try:
            server = self.liar if name == "lying" else self.server
            with running(
                name, self.folder, self.proxies, server, on_lambda=name == "wake-up"
            ) as lane:
                found.extend(observe(lane, each) for each in wanted)
        except Exception as error:
            seen = Observed(wanted[len(found)])
            seen.problem(f"broke off: {type(error).__name__}: {str(error)[:1_000]}")
            found.append(seen)
        if any(each.problems for each in found):
            kept = Path(tempfile.gettempdir()) / f"faults-{name}.log"
            shutil.copy(log, kept)
            print(f"The log of {name}: {kept}", flush=True)
        return found

    def is_wanted(self, scenario: Scenario) -> bool:
        return not self.words or any(word in scenario.name for word in self.words)


def main(words: list[str]) -> int:
    started_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        seen = Run(Path(folder), words).observe_all()
    print(report.measured(seen))
    problems = [each for one in seen for each in one.problems]
    complete = not words and len(seen) == len(scenarios.ALL)
    if complete and all(len(each.cells) == len(each.scenario.answers) for each in seen):
        DOCUMENT.write_text(report.document((each.scenario, each.cells) for each in seen))
        print(f"Wrote {DOCUMENT.relative_to(ROOT)}.")
    for each in problems:
        print(f"PROBLEM {each}")
    took_s = time.monotonic() - started_s
    print(f"{len(seen)} ways to lose a component, {len(problems)} problems, {took_s:.0f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
