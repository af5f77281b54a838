"""Holding blobs that the bucket has, in the transaction that writes the files that use them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from artifacts.exceptions import BlobsMissing
from artifacts.models import Blob
from artifacts.rules.digest import Sha256
from artifacts.storage.blobs import blob_exists
from artifacts.storage.store import get_store

# Rows of one statement; SQLite accepts 32,766 parameters in one.
_BATCH_ROWS = 2_000


def keep_blobs(sizes: Mapping[Sha256, int], *, young: Collection[Sha256]) -> None:
    """Write the rows of blobs and lock them until the transaction's end.

    `remove_orphans` locks the same rows before it removes a blob that no file uses. So either it
    sees the files that this transaction writes, or the blob is gone by now, which is found here.

    Args:
        young: blobs that were stored a moment ago, which `remove_orphans` leaves alone: they need
            not be looked for.

    Raises:
        BlobsMissing: some are not in the bucket.
    """
    for digests in _batched(sorted(sizes)):
        Blob.objects.bulk_create(
            (Blob(sha256=each, size_bytes=sizes[each]) for each in digests), ignore_conflicts=True
        )
        list(Blob.objects.select_for_update().filter(sha256__in=digests).order_by("sha256"))
    store = get_store()
    gone = [each for each in sizes if each not in young and not blob_exists(store, each)]
    if gone:
        raise BlobsMissing(gone)


def _batched(digests: list[Sha256]) -> list[list[Sha256]]:
    """Return digests in groups that one statement takes."""
    return [digests[at : at + _BATCH_ROWS] for at in range(0, len(digests), _BATCH_ROWS)]
