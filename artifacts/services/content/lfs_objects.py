"""Large files that a client announces, sends to the bucket, and then names in a commit.

This is the Git LFS batch interface as the Hub's clients use it: basic, and the Hub's own multipart.
They send no header that is signed, so the bucket cannot compare what arrives;
`services/content/lfs_checks.py` does. A digest alone gives nobody the bytes that it names: who
announces them sends them, even if the registry has them already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db import Error

from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import DecisionState, UploadState
from artifacts.exceptions import (
    ChangedMeanwhile,
    ContentTooLarge,
    InvalidRequest,
    RegistryError,
)
from artifacts.limits import (
    LFS_OBJECTS_MAX,
    LFS_PARTS_SIGNED_MAX,
    S3_UPLOAD_MAX_BYTES,
    UPLOAD_AT_ONCE_MAX_BYTES,
    UPLOAD_LINK_LIFETIME_S,
    UPLOAD_MAX_BYTES,
    UPLOAD_PART_BYTES,
)
from artifacts.models import Blob, File, LfsObject, User
from artifacts.rules.digest import Sha256
from artifacts.storage import content_types
from artifacts.storage.base import UploadPart
from artifacts.storage.keys import incoming_lfs_key
from artifacts.storage.side_by_side import do_each
from artifacts.storage.store import get_store

_ARRIVED = (UploadState.CHECKING, UploadState.CHECKED)


@dataclass(frozen=True)
class Announcement:
    """A large file that a client is about to send."""

    sha256: Sha256
    size_bytes: int


@dataclass(frozen=True)
class Sending:
    """Where to send the bytes of an object.

    Attributes:
        object_id: of its row; None where nothing has to be sent.
        url: for all of it at once; "" if it is sent in parts.
        part_urls: where to send each part, in order.
    """

    announced: Announcement
    object_id: object = None
    url: str = ""
    part_urls: Sequence[str] = ()
    part_size_bytes: int = 0


def announce_objects(
    *, user: User, artifact_id: str, wanted: Sequence[Announcement]
) -> list[Sending]:
    """Say for each object where to send it, or that it need not be sent.

    Args:
        artifact_id: of the repository. What is in it already need not be sent.

    Raises:
        InvalidRequest: there are too many, or one is announced with two sizes.
        ContentTooLarge: one is larger than uploads may be.
        AuthenticationFailed, PermissionMissing: the user was deleted, or may no longer upload.
    """
    _check(wanted)
    wanted = list(dict.fromkeys(wanted))
    seen = _rows_of(user, wanted)
    rows = _fitting(seen, wanted)
    here = _find_in_repository(artifact_id, wanted) | _find_sent(rows)
    missing = [each for each in wanted if each.sha256 not in here]
    large = [each for each in missing if each.size_bytes > UPLOAD_AT_ONCE_MAX_BYTES]
    parts_max = LFS_PARTS_SIGNED_MAX // max(len(large), 1)
    # The old addresses of a refused object lead nowhere any more.
    new = [each for each in missing if not _is_open(rows.get(each.sha256))]
    if new:
        rows |= _begin(user, new, parts_max, seen)
    return [
        _sending(each, rows[each.sha256]) if each.sha256 not in here else Sending(each)
        for each in wanted
    ]


def _is_open(row: LfsObject | None) -> bool:
    """Whether an object was announced before, and can still be sent."""
    return row is not None and row.state == UploadState.OPEN


def _check(wanted: Sequence[Announcement]) -> None:
    """Check what is announced."""
    if len(wanted) > LFS_OBJECTS_MAX:
        raise InvalidRequest(f"Ask about at most {LFS_OBJECTS_MAX:,} objects at once.")
    sizes: dict[Sha256, int] = {}
    for each in wanted:
        if sizes.setdefault(each.sha256, each.size_bytes) != each.size_bytes:
            raise InvalidRequest(f"The object {each.sha256} is announced with two sizes.")
        if each.size_bytes > UPLOAD_MAX_BYTES:
            raise ContentTooLarge(
                f"A file has {each.size_bytes:,} bytes; {UPLOAD_MAX_BYTES:,} are taken. Split it."
            )


def _find_in_repository(artifact_id: str, wanted: Iterable[Announcement]) -> set[Sha256]:
    """Return which of some objects a repository has, in any revision that is not in quarantine."""
    files = File.objects.filter(
        revision__artifact_id=artifact_id, blob__in=[each.sha256 for each in wanted]
    ).exclude(revision__decision=DecisionState.QUARANTINED)
    return {Sha256(str(each)) for each in files.values_list("blob_id", flat=True).distinct()}


def _rows_of(user: User, wanted: Iterable[Announcement]) -> dict[Sha256, LfsObject]:
    """Return what a user announced before of these digests."""
    rows = LfsObject.objects.filter(
        user_id=user.pk, sha256__in=list({each.sha256 for each in wanted})
    )
    return {each.sha256: each for each in rows}


def _fitting(
    rows: Mapping[Sha256, LfsObject], wanted: Iterable[Announcement]
) -> dict[Sha256, LfsObject]:
    """Return those of some rows that have the size announced now."""
    sizes = {each.sha256: each.size_bytes for each in wanted}
    return {key: row for key, row in rows.items() if row.size_bytes == sizes.get(key)}


def _find_sent(rows: Mapping[Sha256, LfsObject]) -> set[Sha256]:
    """Return the objects that their user has sent, and whose bytes are still here."""
    sent = {each.sha256 for each in rows.values() if each.state in _ARRIVED}
    checked = {each.sha256 for each in rows.values() if each.state == UploadState.CHECKED}
    kept = set(Blob.objects.filter(sha256__in=checked).values_list("sha256", flat=True))
    return sent - (checked - kept)


def _sending(each: Announcement, row: LfsObject) -> Sending:
    """Return where to send one object."""
    store, key = get_store(), incoming_lfs_key(row.id)
    if not row.parts_id:
        target = store.plain_upload_target(
            key,
            size_bytes=each.size_bytes,
            sha256=each.sha256,
            expires_s=UPLOAD_LINK_LIFETIME_S,
        )
        return Sending(each, row.id, target.url)
    urls = [
        store.parts.target(key, row.parts_id, part, expires_s=UPLOAD_LINK_LIFETIME_S).url
        for part in _parts(row)
    ]
    return Sending(each, row.id, part_urls=urls, part_size_bytes=row.part_size_bytes)


def _begin(
    user: User,
    wanted: Collection[Announcement],
    parts_max: int,
    seen: Mapping[Sha256, LfsObject],
) -> dict[Sha256, LfsObject]:
    """Write the rows of objects, in place of earlier ones, in one transaction.

    Args:
        seen: the earlier ones. What another program wrote since stays, and is returned.
    """
    # In one order: two programs of the same user may announce the same objects at once.
    made = [_new_row(user, each, parts_max) for each in sorted(wanted, key=attrgetter("sha256"))]
    rows = {each.sha256: each for each in made}
    in_parts = [each for each in made if each.part_size_bytes]
    try:
        do_each(_begin_parts, in_parts)
        with writing(RestsOn(user, UPLOAD)):
            old = [seen[sha256].pk for sha256 in rows if sha256 in seen]
            LfsObject.objects.filter(pk__in=old).delete()
            LfsObject.objects.bulk_create(made)
    except (Error, RegistryError) as error:
        _abort(in_parts)
        others = _rows_of(user, wanted) if isinstance(error, ChangedMeanwhile) else {}
        fitting = _fitting(others, wanted)
        taken = {sha256: row for sha256, row in fitting.items() if _is_open(row)}
        if not taken:
            raise
        left = [each for each in wanted if each.sha256 not in taken]
        return taken | (_begin(user, left, parts_max, others) if left else {})
    return rows


def _new_row(user: User, each: Announcement, parts_max: int) -> LfsObject:
    """Return the row of an object, not written yet."""
    row = LfsObject(user=user, sha256=each.sha256, size_bytes=each.size_bytes)
    if each.size_bytes > UPLOAD_AT_ONCE_MAX_BYTES:
        least = -(-each.size_bytes // max(parts_max, 1))
        row.part_size_bytes = min(max(UPLOAD_PART_BYTES, least), S3_UPLOAD_MAX_BYTES)
    return row


def _begin_parts(row: LfsObject) -> None:
    """Have the bucket expect an object in parts, and note the id of this attempt."""
    row.parts_id = get_store().parts.begin(
        incoming_lfs_key(row.id), content_type=content_types.BYTES, states_digests=False
    )


def _abort(rows: Iterable[LfsObject]) -> None:
    """Have the bucket expect these no more."""
    for row in rows:
        if row.parts_id:
            get_store().parts.abort(incoming_lfs_key(row.id), row.parts_id)


def _parts(row: LfsObject) -> list[UploadPart]:
    """Return the parts in which an object is sent."""
    size, whole = row.part_size_bytes, row.size_bytes
    return [
        UploadPart(number + 1, number * size, min(size, whole - number * size), "")
        for number in range(row.part_count)
    ]
