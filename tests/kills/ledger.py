"""What the registry has promised: which artifacts have to be there, with which content."""

import random
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Promise:
    """An artifact that a 201 was answered for.

    Attributes:
        contents: the contents that may be its current ones, by what tells them apart (a digest, or
            the name of a source). Two after a replacement that was cut off: the old and the new.
    """

    kind: str
    name: str
    contents: frozenset[str]


@dataclass
class Ledger:
    """Written by all clients. Nothing is promised about what is being changed right now."""

    promises: dict[str, Promise] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # deletions that were answered
    lock: threading.Lock = field(default_factory=threading.Lock)
    resets: int = 0
    is_resetting: bool = False
    sent: int = 0

    def next_number(self) -> int:
        with self.lock:
            self.sent += 1
            return self.sent

    def promise(self, artifact_id: str, promise: Promise, resets: int) -> None:
        """Note an answer of 201, unless a reset was on its way meanwhile: that may undo it."""
        with self.lock:
            if resets == self.resets and not self.is_resetting:
                self.promises[artifact_id] = promise

    def take(self) -> tuple[str, Promise] | None:
        """Take a promise out, to change what it is about."""
        with self.lock:
            if not self.promises:
                return None
            artifact_id = random.choice(list(self.promises))
            return artifact_id, self.promises.pop(artifact_id)

    def delete(self, artifact_id: str) -> None:
        with self.lock:
            self.gone.add(artifact_id)

    def begin_reset(self) -> dict[str, Promise]:
        """Take all promises out: they are kept or undone together."""
        with self.lock:
            self.is_resetting = True
            taken, self.promises = self.promises, {}
            return taken

    def end_reset(self, kept: dict[str, Promise]) -> None:
        """Go on with the promises that the reset has not undone; nothing is on its way now."""
        with self.lock:
            self.resets += 1
            self.is_resetting = False
            self.promises |= kept

    def snapshot(self) -> dict[str, Promise]:
        with self.lock:
            return dict(self.promises)
