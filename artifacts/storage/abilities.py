"""What a bucket can be relied on for. `promises.py` finds out, `proof.py` remembers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """What follows from a promise that a bucket breaks."""

    # The registry does it itself, as safely.
    REPLACED = "replaced"
    # Nobody can do it; what the registry keeps is safe all the same.
    SAID = "said"
    # Nothing is written into such a bucket.
    REFUSED = "refused"


@dataclass(frozen=True)
class Shortfall:
    """A promise that a bucket breaks.

    Attributes:
        promise: its name.
        gravity: one of `Gravity`.
        lack: what the bucket does, or does not; a sentence.
        remedy: what the registry does then; a sentence.
        detail: what was seen.
    """

    promise: str
    gravity: str
    lack: str
    remedy: str
    detail: str

    def __str__(self) -> str:
        """Say it to people."""
        return f"{self.lack} {self.remedy} (Seen: {self.detail})"


@dataclass(frozen=True)
class Abilities:
    """What a bucket does as Amazon's does; where it does not, the registry has another way.

    Attributes:
        creates_once: an object is written only if its key is free.
        joins_once: the same of an object that is made of others.
        copies: objects are copied and joined without leaving the bucket.
        compares_digests: bytes other than announced are refused as they arrive.
        compares_parts: the same of each part.
        deletes_many: many objects go with one request.
        lists_begun: objects in parts that were begun can be listed.
        refusal: why nothing is written there; "" where nothing is against it.
    """

    creates_once: bool = True
    joins_once: bool = True
    copies: bool = True
    compares_digests: bool = True
    compares_parts: bool = True
    deletes_many: bool = True
    lists_begun: bool = True
    refusal: str = ""


ALL = Abilities()
NONE = Abilities(
    creates_once=False,
    joins_once=False,
    copies=False,
    compares_digests=False,
    compares_parts=False,
    deletes_many=False,
    lists_begun=False,
)


def abilities_with(shortfalls: Iterable[Shortfall]) -> Abilities:
    """Return what can be relied on besides these."""
    found = list(shortfalls)
    lacking = {each.promise for each in found if each.gravity == Gravity.REPLACED}
    refusal = " ".join(each.lack for each in found if each.gravity == Gravity.REFUSED)
    return Abilities(
        **{name: name not in lacking for name in vars(ALL) if name != "refusal"}, refusal=refusal
    )
