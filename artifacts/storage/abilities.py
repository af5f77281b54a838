"""What a bucket can be relied on to do. `promises.py` finds out, `proof.py` remembers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """What a broken promise means for the registry."""

    # The registry does it another way, as safely.
    REPLACED = "replaced"
    # Nothing can replace it, but what the registry stores is safe without it.
    SAID = "said"
    # The registry writes nothing into such a bucket.
    REFUSED = "refused"


@dataclass(frozen=True)
class Shortfall:
    """A promise that a bucket breaks.

    Attributes:
        promise: the name of the promise.
        gravity: one of `Gravity`.
        lack: what the bucket does wrong, as a sentence.
        remedy: what the registry does instead, as a sentence.
        detail: what was observed.
    """

    promise: str
    gravity: str
    lack: str
    remedy: str
    detail: str

    def __str__(self) -> str:
        """Return the shortfall as text for people."""
        return f"{self.lack} {self.remedy} (Seen: {self.detail})"


@dataclass(frozen=True)
class Abilities:
    """Which of Amazon S3's abilities a bucket has; the registry can do without each.

    Attributes:
        creates_once: it writes an object only if the key is free.
        joins_once: it joins parts into an object only if the key is free.
        copies: it copies and joins objects without their leaving the bucket.
        compares_digests: it refuses bytes other than announced as they arrive.
        compares_parts: it does the same for each part.
        deletes_many: it deletes many objects in one request.
        lists_begun: it lists unfinished multipart uploads.
        refusal: why the registry writes nothing there; "" when it may write.
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
    """Return the abilities of a bucket with these shortfalls."""
    found = list(shortfalls)
    lacking = {each.promise for each in found if each.gravity == Gravity.REPLACED}
    refusal = " ".join(each.lack for each in found if each.gravity == Gravity.REFUSED)
    return Abilities(
        **{name: name not in lacking for name in vars(ALL) if name != "refusal"}, refusal=refusal
    )
