"""Attacks a whole registry, case by case, and says what it could not stand.

    python -m tests.hostile.campaign [--cases 300] [--seed 1] [--only upload] [--first 0] [--waits]

Each case comes from the seed and its number alone, so that a finding can be tried again by
`--first NUMBER --cases 1`. Held: no answer of 5xx but 502, 503 and 507 (and 500 where the contract
has it: a rating that is incomplete says so), no answer that does not come, memory and CPU time
within bounds, and in the end nothing that is half there. How long others who ask for /tracks
wait is told, and held with --waits.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile import attacks, sources, watch
from tests.performance.registry import Registry
from tests.processes import peak_bytes

CASES, SEED = 300, 1
STATED = (502, 503, 507)
MEMORY_MAX_BYTES = 300_000_000
# Of the server and its worker, for one case of up to ten requests.
CPU_MAX_S = 10.0
# What nobody else may wait longer for, unless a harmless upload takes the machine as long.
WAIT_MAX_S = 0.1
WAIT_RATIO_MAX = 2.0
# A wait is tried again so often: neighbours of the machine cause some, an attack causes each.
WAIT_TRIES = 4
TOKEN_CASES = 50
# How the log names an error that nobody expected, of a request, a task or a rule.
CRASHED = ("crashed", "metric.failed", "database.failed")


@dataclass
class Findings:
    """What came of the cases."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    longest_s: float = 0.0
    peak_bytes: int = 0
    cpu_s: float = 0.0

    def add(self, what: str) -> None:
        self.found.append(what)
        print(f"FOUND {what}", flush=True)


class Campaign:
    """One registry under attack."""

    def __init__(self, registry: Registry, seed: int, *, judges_waits: bool) -> None:
        self.registry, self.seed, self.findings = registry, seed, Findings()
        self.judges_waits = judges_waits
        self.watch = watch.Watch(registry.port)
        watch.set_back(self.pids)
        self.idle_bytes = self._peak_bytes()
        for number in range(2):
            self._judged("README", attacks.remain(registry, number))
        self.usual_s = max(self._measured(self._harmless) for _ in range(3))

    @property
    def pids(self) -> list[int]:
        return [self.registry.process.pid, *self.registry.children()]

    def _peak_bytes(self) -> int:
        """The most that one of the processes had since its peak was set back."""
        return max(map(peak_bytes, self.pids), default=0)

    def run(self, first: int, cases: int, only: str) -> None:
        kinds = [each for each in attacks.ATTACKS if only in ("", each.__name__)]
        for number in range(first, first + cases):
            if (number - first) % TOKEN_CASES == 0:
                self.registry.token = ""
                self.registry.sign_in()
            attack = random.Random(f"{self.seed} {number}").choice(kinds)
            self.findings.kinds[attack.__name__] += 1
            self._try(attack, number)
            if self.registry.process.poll() is not None:
                self.findings.add(f"{attack.__name__} {number}: the server ended")
                return
        self.watch.end()

    def _try(self, attack: attacks.Attack, number: int) -> None:
        """Make one case, judge its answers, and repeat it where others waited."""
        where = f"{attack.__name__} {number}"
        watch.set_back(self.pids)
        used_s = watch.cpu_s(self.pids)
        waited_s = self._measured(lambda: self._attack(attack, number, where))
        used_s = watch.cpu_s(self.pids) - used_s
        self.findings.cpu_s = max(self.findings.cpu_s, used_s)
        if used_s > CPU_MAX_S:
            self.findings.add(f"{where}: {used_s:.1f} CPU seconds")
        grown = self._peak_bytes() - self.idle_bytes
        self.findings.peak_bytes = max(self.findings.peak_bytes, grown)
        if grown > MEMORY_MAX_BYTES:
            self.findings.add(f"{where}: {grown / 1e6:,.0f} MB more than idle")
        self._judge_wait(attack, number, where, waited_s)

    def _judge_wait(self, attack: attacks.Attack, number: int, where: str, waited_s: float) -> None:
        """See that an attack does not keep others waiting whenever it is made."""
        tries = 1 if self.judges_waits else WAIT_TRIES
        while waited_s > self._wait_max_s and tries < WAIT_TRIES:
            waited_s = min(waited_s, self._measured(lambda: self._attack(attack, number, "")))
            tries += 1
        self.findings.longest_s = max(self.findings.longest_s, waited_s)
        if self.judges_waits and waited_s > self._wait_max_s:
            self.findings.add(f"{where}: others waited {waited_s * 1000:,.0f} ms, {tries} times")

    @property
    def _wait_max_s(self) -> float:
        return max(WAIT_MAX_S, WAIT_RATIO_MAX * self.usual_s)

    def _measured(self, action) -> float:
        self.watch.longest_s()
        action()
        return self.watch.longest_s()

    def _attack(self, attack: attacks.Attack, number: int, where: str) -> None:
        rng = random.Random(f"{self.seed} {number} {attack.__name__}")
        self._judged(where, attack(self.registry, rng, number))

    def _judged(self, where: str, answers: Iterable[attacks.Answer]) -> None:
        """Judge answers as they come; those of a case that is tried again were judged already."""
        for answer in answers:
            if where:
                self.findings.statuses[answer.status] += 1
                self._judge(where, answer)

    def _judge(self, where: str, answer: attacks.Answer) -> None:
        if answer.status < 500 or answer.status in STATED:
            return
        if answer.status == 500 and b'"rating_incomplete"' in answer.body:
            return
        self.findings.add(f"{where}: {answer.asked} answers {answer.status} {answer.body[:200]!r}")

    def _harmless(self) -> None:
        sent = attacks.harmless()
        self._judged("harmless", attacks.upload_zip(self.registry, sent, "harmless", "model"))

    def look(self) -> None:
        """See that what is listed is there whole."""
        answer = attacks.ask(self.registry, "POST", "/artifacts", [{"name": "*"}])
        for each in json.loads(answer.body):
            path = f"/artifacts/{each['type']}/{each['id']}"
            read = attacks.send(self.registry, "GET", path)
            trail = attacks.send(
                self.registry, "GET", path.replace("/artifacts", "/artifact", 1) + "/audit"
            )
            if read.status != 200 or b"CREATE" not in trail.body:
                self.findings.add(f"{each['id']} is half there: {read.status}, {trail.status}")


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder, sources.serve() as settings:
        database = {k: os.environ[k] for k in ("DATABASE_URL",) if k in os.environ}
        registry = Registry(
            Path(folder) / "data", settings.pop("HF_ENDPOINT"), **settings, **database
        )
        registry.start()
        registry.sign_in()
        campaign = Campaign(registry, options.seed, judges_waits=options.waits)
        try:
            campaign.run(options.first, options.cases, options.only)
            campaign.look()
        finally:
            registry.stop()
        for line in registry.log.read_text(errors="replace").splitlines():
            if any(word in line for word in CRASHED):
                campaign.findings.add(f"in the log: {line[:2_000]}")
    found = campaign.findings
    print(f"{sum(found.kinds.values())} cases: {dict(found.kinds)}")
    print(f"answers: {dict(sorted(found.statuses.items()))}")
    print(
        f"others waited {found.longest_s * 1000:.0f} ms at most (beside a harmless upload"
        f" {campaign.usual_s * 1000:.0f} ms); {found.peak_bytes / 1e6:.0f} MB above idle at most;"
        f" {found.cpu_s:.1f} CPU seconds at most"
    )
    print(f"{sum(found.kinds.values()) - len(found.found)} passed, {len(found.found)} failed")
    return 1 if found.found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", default="", help="one kind of attack")
    parser.add_argument(
        "--waits",
        action="store_true",
        help="count long waits of others as findings: for a machine with no neighbours",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
