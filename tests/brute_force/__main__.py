"""Guesses passwords on a whole registry, and looks who is kept out and what the clock tells.

    python -m tests.brute_force [--guesses 10000] [--pairs 300]

First a storm: wrong passwords for one name from 50 addresses, eight at a time. Meanwhile the owner
of the name signs in from where she has been before and from new addresses, and a neighbour signs in
from one of the attacked addresses, which both share. Then the clock: wrong passwords for a name
that exists and for one that does not, by turns, whose times are compared (Mann and Whitney's test).

The registry is `manage.py serve` with its real hasher. It takes addresses from `X-Forwarded-For`,
since REGISTRY_TRUSTED_PROXIES is 1. It exits with 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.brute_force.asking import sign_in
from tests.brute_force.statistics import compare
from tests.performance.registry import Registry

ADDRESSES = 50
AT_ONCE = 8
OWNER, NEIGHBOUR = "olga", "nina"
PASSWORDS = {OWNER: "a-password-of-olgas", NEIGHBOUR: "a-password-of-ninas"}
HOME = "198.51.100.7"
# Nobody signs in more often; it leaves the machine to the storm.
EACH_S = 1.0
# Times that differ by chance alone differ more than this once in a thousand runs.
Z_MAX = 3.29


def attacked(number: int) -> str:
    """Return one of the addresses from which passwords are guessed."""
    return f"192.0.2.{number % ADDRESSES + 1}"


def storm(registry: Registry, guesses: int) -> list[str]:
    """Guess, and let people sign in meanwhile; returns which promises were broken."""
    answers: dict[str, Counter[int]] = {each: Counter() for each in ("guess", "home", "new", "nat")}
    slowest_s: dict[str, float] = defaultdict(float)
    over = threading.Event()

    def live() -> None:
        """Sign in rightly, again and again."""
        for number in itertools.count(1):
            for place, name, address in (
                ("home", OWNER, HOME),
                ("new", OWNER, f"203.0.113.{number % 250 + 1}"),
                ("nat", NEIGHBOUR, attacked(0)),
            ):
                status, took_s = sign_in(registry, name, PASSWORDS[name], address)
                answers[place][status] += 1
                slowest_s[place] = max(slowest_s[place], took_s)
            if over.wait(EACH_S):
                return

    def guess(number: int) -> None:
        """Try one wrong password."""
        status, _ = sign_in(registry, OWNER, f"guess-number-{number}", attacked(number))
        answers["guess"][status] += 1

    people = threading.Thread(target=live)
    people.start()
    began_s = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(guess, range(guesses)))
    took_s = time.monotonic() - began_s
    over.set()
    people.join()
    late, _ = sign_in(registry, OWNER, PASSWORDS[OWNER], attacked(1))
    print(f"{guesses:,} wrong passwords from {ADDRESSES} addresses in {took_s:.0f} s:")
    looked_at, unseen = (answers["guess"][status] for status in (401, 429))
    print(f"  looked at (401): {looked_at:,}; refused unseen (429): {unseen:,}")
    for place, said in (
        ("home", "the owner, from where she has been before"),
        ("new", "the owner, each time from another new address"),
        ("nat", "a neighbour, from an attacked address where she has been before"),
    ):
        shown = dict(sorted(answers[place].items()))
        print(f"  {said}: {shown}, at most {slowest_s[place]:.1f} s")
    print(f"  the right password from an attacking address afterwards: {late}")
    broken = [
        f"{place} got {dict(answers[place])}"
        for place in ("home", "new", "nat")
        if set(answers[place]) != {200}
    ]
    if set(answers["guess"]) - {401, 429} or sum(answers["guess"].values()) != guesses:
        broken.append(f"guesses were answered {dict(answers['guess'])}")
    return broken


def clock(registry: Registry, pairs: int) -> list[str]:
    """Compare the times of refusals; returns which promises were broken."""
    times_s: dict[str, list[float]] = {NEIGHBOUR: [], "nobody-here": []}
    for number in range(pairs + 10):
        for place, name in enumerate(times_s):
            # Nobody has failed at this address, and no wait is due.
            address = f"2001:db8:{number:x}:{place}::1"
            status, took_s = sign_in(registry, name, "not-the-right-password", address)
            if status != 401:
                return [f"a wrong password for {name} was answered {status}"]
            if number >= 10:  # The first ones warm up.
                times_s[name].append(took_s)
    known, unknown = times_s.values()
    found = compare(known, unknown)
    print(
        f"{pairs} wrong passwords each: a known name takes {found.median_s[0] * 1000:.1f} ms, an "
        f"unknown one {found.median_s[1] * 1000:.1f} ms (medians); z = {found.z:.2f}, "
        f"p = {found.p:.3f}"
    )
    return [f"the clock tells: z = {found.z:.2f}"] if abs(found.z) > Z_MAX else []


def main() -> int:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=300, help="for the clock")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(
            Path(folder) / "data", "http://127.0.0.1:9", REGISTRY_TRUSTED_PROXIES="1",
            LOG_LEVEL="error",
        )  # fmt: skip
        try:
            registry.start()
            registry.sign_in()
            for name, password in PASSWORDS.items():
                status, said = registry.ask("POST", "/users", {"name": name, "password": password})
                if status != 201:
                    raise RuntimeError(f"{name} was not made: {said}")
            sign_in(registry, OWNER, PASSWORDS[OWNER], HOME)
            sign_in(registry, NEIGHBOUR, PASSWORDS[NEIGHBOUR], attacked(0))
            broken = storm(registry, given.guesses) + clock(registry, given.pairs)
        finally:
            registry.stop()
    for each in broken:
        print(f"BROKEN: {each}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
