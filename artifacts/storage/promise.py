"""Where promises are tried, and how one is called broken."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import BUCKET_PROOF_WRITERS
from artifacts.storage.base import ObjectStore, StorageSilent

TYPE = "application/octet-stream"
FILENAME = "probe-ä.zip"
FILE_TYPE = "application/zip"
# Addresses of a try are used at once.
ADDRESS_LIFETIME_S = 60


class PromiseBroken(Exception):
    """The bucket does other than it should; the text says what was seen."""


@dataclass
class Ground:
    """A place in a bucket for one round of tries.

    Attributes:
        store: the bucket, trusted to do all that Amazon's does.
        cautious: the same, trusted in nothing that the registry has another way for.
    """

    store: ObjectStore
    cautious: ObjectStore
    prefix: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def key(self, name: str) -> str:
        """Return a key that was never used."""
        return f"{self.prefix}{next(self._numbers)}-{name}"

    def written(self, data: bytes) -> str:
        """Write an object, and return its key."""
        key = self.key("object")
        self.store.replace(key, data, TYPE)
        return key

    def download_address(self, key: str, method: str = "GET") -> str:
        """Return where clients have an object from."""
        return self.store.download_url(
            key,
            filename=FILENAME,
            content_type=FILE_TYPE,
            expires_s=ADDRESS_LIFETIME_S,
            method=method,
        )


def require(is_kept: bool, seen: str) -> None:  # noqa: FBT001  (reads as an assertion)
    """Call a promise broken unless it is kept."""
    if not is_kept:
        raise PromiseBroken(seen)


def require_one_winner(ground: Ground, write: Callable[[str, int], bool], name: str) -> None:
    """See that of several who write one key at once, one wins, and a later one does not.

    Args:
        write: writes a number to a key; True when it says that it did.
    """
    key = ground.key(name)

    def has_won(number: int) -> bool:
        try:
            return write(key, number)
        except StorageSilent:
            raise
        except StorageUnavailable:
            return False  # Amazon refuses some of many at once.

    with ThreadPoolExecutor(BUCKET_PROOF_WRITERS) as pool:
        won = list(pool.map(has_won, range(BUCKET_PROOF_WRITERS)))
    winners = [number for number, is_winner in enumerate(won) if is_winner]
    require(len(winners) == 1, f"{len(winners)} of {len(won)} who wrote one key at once succeeded")
    kept = ground.store.read(key)
    require(kept == b"%d" % winners[0], "one was told that it had written, and another had")
    require(not has_won(len(won)), "an object was written over")
    require(ground.store.read(key) == kept, "an object was written over, and denied it")
