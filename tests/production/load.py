"""Clients that read, list, download, upload and register all the time, and count what fails."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Self

from tests.production.machine import Broken, Machine
from tests.production.visitor import Visitor, content_of

CLIENTS = 8
# A stop that finds nobody there shows nothing.
ANSWERED_MIN = 50
SHOWN_MAX = 10


class Load:
    """A block in which clients work."""

    def __init__(self, machine: Machine, artifacts: list[tuple[str, bytes]]) -> None:
        self.artifacts = artifacts
        self.answered: Counter[str] = Counter()
        self.failed: list[str] = []
        self.slowest_s = 0.0
        self._over = threading.Event()
        self._lock = threading.Lock()
        visitors = [Visitor(machine) for _ in range(CLIENTS)]
        for visitor in visitors:
            visitor.sign_in()
        self._threads = [
            threading.Thread(target=self._work, args=(visitor,), daemon=True)
            for visitor in visitors
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Wait until so many more requests were answered."""
        aim = self.answered.total() + more
        ends_at = time.monotonic() + 120
        while self.answered.total() < aim and not self.failed:
            if time.monotonic() > ends_at:
                raise Broken("the load stands still")
            time.sleep(0.05)

    def verdict(self, name: str) -> str:
        """Say what came of it.

        Raises:
            Broken: a request failed.
        """
        tally = ", ".join(f"{count} {each}" for each, count in sorted(self.answered.items()))
        told = f"{name}: {self.answered.total()} requests ({tally}), {len(self.failed)} failed, the"
        told += f" slowest took {self.slowest_s:.2f} s"
        if self.failed or self.answered.total() < ANSWERED_MIN:
            raise Broken("\n".join([told, *self.failed[:SHOWN_MAX]]))
        return told

    def _work(self, visitor: Visitor) -> None:
        deeds: dict[str, Callable[[Visitor], None]] = {
            "health": lambda each: _none(each.expect(200, "GET", "/health")),
            "page": lambda each: _none(each.expect(200, "GET", "/")),
            "list": lambda each: _none(each.expect(200, "POST", "/artifacts", [{"name": "*"}])),
            "read": self._read,
            "download": self._download,
            "register": lambda each: _none(each.register()),
        }
        while not self._over.is_set():
            name = random.choice(list(deeds))
            began = time.monotonic()
            try:
                deeds[name](visitor)
            except (OSError, http.client.HTTPException, Broken) as error:
                with self._lock:
                    self.failed.append(f"  {name}: {type(error).__name__} {error}"[:500])
            else:
                with self._lock:
                    self.answered[name] += 1
            with self._lock:
                self.slowest_s = max(self.slowest_s, time.monotonic() - began)

    def _read(self, visitor: Visitor) -> None:
        artifact_id, _ = random.choice(self.artifacts)
        visitor.expect(200, "GET", f"/artifacts/dataset/{artifact_id}")

    def _download(self, visitor: Visitor) -> None:
        artifact_id, content = random.choice(self.artifacts)
        answer = visitor.download(artifact_id)
        if answer.status != 200 or content_of(answer.body) != content:
            raise Broken(f"a download answered {answer.status}, {len(answer.body)} bytes")


def _none(_: object) -> None:
    """A deed has no result."""
