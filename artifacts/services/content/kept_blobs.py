"""Blobs that the bucket has, and that a transaction is about to write files of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from artifacts.exceptions import BlobsMissing, ObjectMissing
from artifacts.limits import ORPHAN_GRACE_HOURS
from artifacts.models import Blob
from artifacts.rules.digest import Algorithm, Digest, Sha256
from artifacts.storage import content_types
from artifacts.storage.base import StoredObject
from artifacts.storage.blobs import store_blob
from artifacts.storage.keys import blob_key
from artifacts.storage.side_by_side import do_each
from artifacts.storage.store import get_store

# Rows of one statement; SQLite accepts 32,766 parameters in one.
_BATCH_ROWS = 2_000
_BLOBS = Blob._meta.db_table  # noqa: SLF001  (documented)


def store_small(contents: Mapping[Sha256, bytes]) -> set[Sha256]:
    """Store the bytes of small files that are not here; return the digests of young blobs."""
    known = set(Blob.objects.filter(sha256__in=list(contents)).values_list("sha256", flat=True))

    def is_young(sha256: Sha256) -> bool:
        found = _find(sha256) if sha256 in known else None
        if found is None:
            if _store(sha256, contents[sha256]):
                return True
            # Such as what an earlier try stored, whose rows were never written.
            found = _find(sha256)
        return found is not None and _is_young(found)

    answers = do_each(is_young, contents)
    return {sha256 for sha256, answer in zip(contents, answers, strict=True) if answer}


def _store(sha256: Sha256, content: bytes) -> bool:
    """Store the bytes of a small file; True if they were not here."""
    writer = get_store().writer(content_types.BYTES)
    digest = str(Digest(Algorithm.SHA256, sha256))
    return store_blob(writer, [content], size_bytes=len(content), digest=digest).is_new


def look_for_blobs(digests: Collection[Sha256]) -> set[Sha256]:
    """Make sure that the bucket has some blobs; call it before the transaction that needs them.

    Returns:
        The young ones.

    Raises:
        BlobsMissing: some are not in the bucket.
    """
    found = dict(zip(digests, do_each(_find, digests), strict=True))
    if gone := {sha256 for sha256, blob in found.items() if blob is None}:
        raise BlobsMissing(gone)
    return {sha256 for sha256, blob in found.items() if blob and _is_young(blob)}


def _is_young(blob: StoredObject) -> bool:
    """Whether `remove_orphans` leaves a blob alone for as long as a request takes, and longer."""
    return blob.modified_at > timezone.now() - timedelta(hours=ORPHAN_GRACE_HOURS / 2)


def keep_blobs(sizes: Mapping[Sha256, int], *, young: Collection[Sha256]) -> None:
    """Write the rows of blobs and lock them until the transaction's end.

    All of them were looked for a moment ago. `remove_orphans` locks the same rows before it removes
    a blob that no file uses, and removes both. So where the row is still there, it sees the files
    that this transaction writes. Where there is none, it may just have removed the blob: these few
    are looked for again.

    Args:
        young: blobs that `remove_orphans` leaves alone; they need no second look.

    Raises:
        BlobsMissing: some are not in the bucket any more.
    """
    made: set[Sha256] = set()
    for digests in _batched(sorted(sizes)):
        made |= _make_rows({each: sizes[each] for each in digests})
        list(Blob.objects.select_for_update().filter(sha256__in=digests).order_by("sha256"))
    gone = {each for each in made.difference(young) if _find(each) is None}
    if gone:
        raise BlobsMissing(gone)


def _find(sha256: Sha256) -> StoredObject | None:
    """Return what the bucket says of a blob; None if it has none."""
    try:
        return get_store().stat(blob_key(sha256))
    except ObjectMissing:
        return None


def _make_rows(sizes: Mapping[Sha256, int]) -> set[Sha256]:
    """Write the rows that are not there, and return their digests; Django would not tell which.

    Before the others are locked, and in the order of digests, as `remove_orphans` does: whoever
    locked first and wrote then could wait for it, and it for them.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    places = ", ".join(["(%s, %s, %s)"] * len(sizes))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_BLOBS} (sha256, size_bytes, created_at) VALUES {places} "  # noqa: S608  (the model's)
            "ON CONFLICT DO NOTHING RETURNING sha256",
            [value for sha256, size_bytes in sizes.items() for value in (sha256, size_bytes, now)],
        )
        return {Sha256(sha256) for (sha256,) in cursor.fetchall()}


def _batched(digests: list[Sha256]) -> list[list[Sha256]]:
    """Return digests in groups that one statement takes."""
    return [digests[at : at + _BATCH_ROWS] for at in range(0, len(digests), _BATCH_ROWS)]
