"""What the tests of a bucket's promises share."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import BUCKET_PROOF_WRITERS
from artifacts.storage import content_types
from artifacts.storage.base import ObjectStore, Reading, StorageSilent

FILENAME = "probe-ä.zip"
# The tests use their addresses at once.
ADDRESS_LIFETIME_S = 60


class PromiseBroken(Exception):
    """The bucket does not do what it should; the text says what was observed."""


@dataclass
class Ground:
    """A prefix in a bucket for one round of tests.

    Attributes:
        store: the bucket, used as if it had all of Amazon S3's abilities.
        cautious: the same bucket, used as if it had none of `Abilities`.
    """

    store: ObjectStore
    cautious: ObjectStore
    prefix: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def key(self, name: str) -> str:
        """Return a key that was never used before."""
        return f"{self.prefix}{next(self._numbers)}-{name}"

    def written(self, data: bytes) -> str:
        """Write an object and return its key."""
        key = self.key("object")
        self.store.replace(key, data, content_types.BYTES)
        return key

    def download_address(self, key: str, method: Reading = "GET") -> str:
        """Return the address from which clients download an object."""
        return self.store.download_url(
            key,
            filename=FILENAME,
            content_type=content_types.ZIP,
            expires_s=ADDRESS_LIFETIME_S,
            method=method,
        )


def require(is_kept: bool, seen: str) -> None:  # noqa: FBT001  (reads as an assertion)
    """Raise `PromiseBroken` unless the promise is kept."""
    if not is_kept:
        raise PromiseBroken(seen)


def require_one_winner(ground: Ground, write: Callable[[str, int], bool], name: str) -> None:
    """Require that one of several simultaneous writers of a key wins, and no later one.

    Args:
        write: writes a number to a key; returns whether it claims to have done so.
    """
    key = ground.key(name)

    def has_won(number: int) -> bool:
        try:
            return write(key, number)
        except StorageSilent:
            raise
        except StorageUnavailable:
            return False  # Amazon refuses some of many simultaneous writes.

    with ThreadPoolExecutor(BUCKET_PROOF_WRITERS) as pool:
        won = list(pool.map(has_won, range(BUCKET_PROOF_WRITERS)))
    winners = [number for number, is_winner in enumerate(won) if is_winner]
    require(len(winners) == 1, f"{len(winners)} of {len(won)} who wrote one key at once succeeded")
    kept = ground.store.read(key)
    require(kept == b"%d" % winners[0], "one was told that it had written, and another had")
    require(not has_won(len(won)), "an object was written over")
    require(ground.store.read(key) == kept, "an object was written over, and denied it")
