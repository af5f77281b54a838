"""Testing how the registry uses a bucket: each function tests one of `promises.py`."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from artifacts.exceptions import ObjectMissing
from artifacts.limits import ORPHAN_GRACE_HOURS, S3_READ_AHEAD_MIN_BYTES
from artifacts.storage import content_types
from artifacts.storage.base import ObjectStore
from artifacts.storage.promise import Ground, PromiseBroken, require, require_one_winner


def reads_back(ground: Ground) -> None:
    """Written bytes are there at once: whole, with their size, listed, the newest of two."""
    store, key = ground.store, ground.key("read")
    for data in (b"old", b"newer"):
        store.replace(key, data, content_types.BYTES)
        require(store.read(key) == data, "other bytes came back than were written")
        require(store.stat(key).size_bytes == len(data), "another size was stated than written")
    listed = [found.size_bytes for found in store.list(key)]
    require(listed == [5], f"the listing has {len(listed)} objects in the place of one")
    try:
        store.read(f"{key}-absent")
    except ObjectMissing:
        return
    raise PromiseBroken("an object came back that was never written")


def reads_ranges(ground: Ground) -> None:
    """Any range of an object can be read."""
    data = bytes(range(256)) * (2 * S3_READ_AHEAD_MIN_BYTES // 256)
    with ground.store.open(ground.written(data)) as file:
        for start in (S3_READ_AHEAD_MIN_BYTES + 7, 0, len(data) - 3):
            file.seek(start)
            expected = data[start : start + 5]
            require(file.read(5) == expected, f"other bytes came back from place {start}")


def deletes(ground: Ground) -> None:
    """Deleted objects are gone, and deleting what is not there succeeds."""
    _require_gone(ground, ground.cautious)


def deletes_many(ground: Ground) -> None:
    """One request deletes several objects."""
    _require_gone(ground, ground.store)


def creates_once(ground: Ground) -> None:
    """An object is written only if its key is free."""
    require_one_winner(
        ground,
        lambda key, number: ground.store.create(key, b"%d" % number, content_types.BYTES),
        "create",
    )


def copies(ground: Ground) -> None:
    """An object can be copied within the bucket."""
    source, key = ground.written(b"copied"), ground.key("copy")
    require(ground.store.copy(source, key), "a free key was called taken")
    require(ground.store.read(key) == b"copied", "other bytes came back than were copied")


def joins_once(ground: Ground) -> None:
    """Parts are joined into an object only if its key is free."""

    def write(key: str, number: int) -> bool:
        return ground.store.copy(ground.written(b"%d" % number), key)

    require_one_winner(ground, write, "join")


def lists_begun(ground: Ground) -> None:
    """Multipart uploads are listed with their date, by which old ones are removed."""
    parts, key = ground.store.parts, ground.key("begun")
    upload_id = parts.begin(key)
    found = {(each.key, each.upload_id): each.begun_at for each in parts.list_begun()}
    parts.abort(key, upload_id)
    begun_at = found.get((key, upload_id))
    if begun_at is None:
        raise PromiseBroken("what was begun in parts is not listed")
    is_now = abs(timezone.now() - begun_at) < timedelta(hours=ORPHAN_GRACE_HOURS / 2)
    require(is_now, f"what was begun in parts just now is listed as begun at {begun_at}")


def _require_gone(ground: Ground, store: ObjectStore) -> None:
    """Require that objects are gone once they were deleted."""
    keys = [ground.written(b"x") for _ in range(2)]
    store.delete([*keys, ground.key("absent")])
    for key in keys:
        try:
            ground.store.stat(key)
        except ObjectMissing:
            continue
        raise PromiseBroken("an object is there that was deleted")
