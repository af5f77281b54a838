"""Announcing a zip that a client then sends directly to the bucket, at once or in parts.

`services/content/upload_checks.py` computes the digest of a zip that was sent in parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.db import Error

from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import ContentState, UploadState
from artifacts.exceptions import (
    ArchiveRefused,
    ContentTooLarge,
    InvalidRequest,
    ObjectMissing,
    RegistryError,
    StorageUnavailable,
    StorageUnsuitable,
    UploadIncomplete,
    UploadNotFound,
)
from artifacts.limits import (
    UPLOAD_AT_ONCE_MAX_BYTES,
    UPLOAD_LINK_LIFETIME_S,
    UPLOAD_MAX_BYTES,
    UPLOAD_PART_BYTES,
    UPLOAD_PARTS_SIGNED_MAX,
)
from artifacts.models import Revision, Upload, User, parse_upload_id
from artifacts.rules.archives.paths import check_member_path
from artifacts.rules.digest import parse_sha256
from artifacts.services.content.upload_checks import digest_of_digests, require_checked
from artifacts.storage.base import ObjectStore, StoredPart, UploadPart, UploadTarget
from artifacts.storage.keys import incoming_upload_key, upload_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job

_FILENAME_MAX_CHARS = 255


@dataclass(frozen=True)
class PartRequest:
    """A part that a client is about to send."""

    number: int
    sha256: str


def begin_upload(
    *, user: User, filename: str, size_bytes: int, sha256: str = "", in_parts: bool = False
) -> tuple[Upload, UploadTarget | None]:
    """Announce a zip; the answer says where to send it and under which URL to register it.

    Args:
        sha256: the digest of the whole zip; optional if it is sent in parts.
        in_parts: send even a small zip in parts; a large one always is.

    Returns:
        The upload, and where to send it; None in its place if it is sent in parts (`sign_parts`).

    Raises:
        InvalidRequest: the name, the size or the digest is malformed.
        ContentTooLarge: the zip is larger than uploads may be.
    """
    _check_announcement(filename, size_bytes, sha256)
    upload = Upload(user=user, filename=filename, size_bytes=size_bytes, sha256=sha256)
    target = None
    if in_parts or size_bytes > UPLOAD_AT_ONCE_MAX_BYTES:
        upload.part_size_bytes = UPLOAD_PART_BYTES
        upload.parts_id = get_store().parts.begin(incoming_upload_key(upload.id))
    elif not sha256:
        raise InvalidRequest("sha256 is missing: only zips that are sent in parts may lack it.")
    else:
        store, key = get_store(), upload_key(upload.id)
        if not _is_compared_by(store):
            # Clients can write there for an hour, so it is registered from elsewhere.
            upload.state, key = UploadState.UNCHECKED, incoming_upload_key(upload.id)
        target = store.upload_target(
            key,
            size_bytes=size_bytes,
            sha256=sha256,
            expires_s=UPLOAD_LINK_LIFETIME_S,
        )
    try:
        with writing(RestsOn(user, UPLOAD)):
            upload.save(force_insert=True)
    except (Error, RegistryError):
        _forget_parts(upload)
        raise
    return upload, target


def _is_compared_by(store: ObjectStore) -> bool:
    """Whether the bucket compares digests; if it does not answer, the registry will compare.

    Announcing needs no bucket, so it is not refused while the bucket is unavailable.
    """
    try:
        return store.compares_digests
    except StorageUnsuitable:
        raise
    except StorageUnavailable:
        return False


def get_upload(*, user: User, upload_id: UUID) -> Upload:
    """Return an upload that a user announced; administrators see all uploads.

    Raises:
        UploadNotFound: there is no such upload, or it is somebody else's; the error does not tell
            which.
    """
    theirs = Upload.objects.all() if user.is_admin else Upload.objects.filter(user_id=user.pk)
    upload = theirs.filter(id=upload_id).first()
    if upload is None:
        raise UploadNotFound(str(upload_id))
    return upload


def require_own_upload(*, user: User, url: str) -> None:
    """Check that a URL does not name somebody else's upload, and that its bytes are compared.

    Call it before asking the URL's source.

    Raises:
        UploadNotFound: the upload is somebody else's, or nothing was sent yet.
        UploadRefused: the bytes are not the announced ones.
    """
    upload_id = parse_upload_id(url)
    if upload_id is not None:
        require_checked(get_upload(user=user, upload_id=upload_id))


def upload_origin() -> str:
    """Return the origin that clients send zips to, as in https://host; "" for this site."""
    target = get_store().upload_target(upload_key("0"), size_bytes=1, sha256="0" * 64, expires_s=1)
    address = urlsplit(target.url)
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


def list_sent_parts(upload: Upload) -> Sequence[StoredPart]:
    """Return the parts that have arrived, in order; none once they are joined."""
    if not upload.parts_id or upload.state != UploadState.OPEN:
        return []
    try:
        return get_store().parts.list(incoming_upload_key(upload.id), upload.parts_id)
    except ObjectMissing as error:
        raise UploadNotFound(str(upload.id)) from error


def sign_parts(
    *, user: User, upload_id: UUID, parts: Sequence[PartRequest]
) -> list[tuple[int, UploadTarget]]:
    """Return where to send each of these parts; a part may be signed and sent again.

    Raises:
        InvalidRequest: a number or digest is malformed, or there are too many parts.
        UploadIncomplete: the upload takes no parts.
    """
    upload = _open_upload(user, upload_id)
    if not 0 < len(parts) <= UPLOAD_PARTS_SIGNED_MAX:
        raise InvalidRequest(f"Name at least 1 and at most {UPLOAD_PARTS_SIGNED_MAX} parts.")
    store, key = get_store(), incoming_upload_key(upload.id)
    return [
        (
            part.number,
            store.parts.target(
                key, upload.parts_id, _planned(upload, part), expires_s=UPLOAD_LINK_LIFETIME_S
            ),
        )
        for part in parts
    ]


def complete_upload(*, user: User, upload_id: UUID, digests: Sequence[str]) -> Upload:
    """Join the parts, and schedule computing the digest of the whole. It may be called again.

    Args:
        digests: the SHA-256 of each part, in order.

    Raises:
        InvalidRequest: a digest is malformed, or there are too few or too many.
        PartsMismatch: a part is absent, or does not have its digest.
        UploadIncomplete: the upload has no parts.
    """
    upload = get_upload(user=user, upload_id=upload_id)
    if upload.parts_id and upload.state != UploadState.OPEN:
        return upload
    upload = _open_upload(user, upload_id)
    if len(digests) != upload.part_count:
        raise InvalidRequest(
            f"Name the SHA-256 of each of the {upload.part_count} parts, in order: "
            f"{len(digests)} are named."
        )
    for digest in digests:
        _check_digest(digest)
    store = get_store()
    parts_digest = "" if store.compares_digests else digest_of_digests(digests)
    try:
        store.parts.join(incoming_upload_key(upload.id), upload.parts_id, digests)
    except ObjectMissing as error:
        raise UploadNotFound(str(upload_id)) from error
    with writing(RestsOn(user, UPLOAD)):
        # Of two simultaneous calls only one schedules the check; for an aborted upload none does.
        if Upload.objects.filter(id=upload.id, state=UploadState.OPEN).update(
            state=UploadState.CHECKING
        ):
            queue.schedule(Job.CHECK_UPLOAD, upload_id=str(upload.id), parts_digest=parts_digest)
    return get_upload(user=user, upload_id=upload_id)


def abort_upload(*, user: User, upload_id: UUID) -> None:
    """Delete an upload and its bytes, unless a revision still has to be fetched from them.

    A concurrent registration either finds the row gone, or its revision is visible here.
    """
    with writing(RestsOn(user, UPLOAD)):
        upload = get_upload(user=user, upload_id=upload_id)
        Upload.objects.filter(id=upload_id).delete()
        is_needed = Revision.objects.filter(
            url=upload.url, content_state__in=(ContentState.PENDING, ContentState.FAILED)
        ).exists()
    _forget_parts(upload)
    if not is_needed:
        get_store().delete([upload_key(upload_id)])


def _forget_parts(upload: Upload) -> None:
    """Remove the parts of a zip, joined or not."""
    if upload.parts_id:
        key = incoming_upload_key(upload.id)
        get_store().parts.abort(key, upload.parts_id)
        get_store().delete([key])


def _check_announcement(filename: str, size_bytes: int, sha256: str) -> None:
    """Check that an announcement is acceptable."""
    try:
        check_member_path(filename)
    except ArchiveRefused as error:
        raise InvalidRequest(error.message) from error
    if "/" in filename or not filename.endswith(".zip") or len(filename) > _FILENAME_MAX_CHARS:
        raise InvalidRequest("filename is the name of a zip, as in my-model.zip.")
    if sha256:
        _check_digest(sha256)
    if size_bytes <= 0:
        raise InvalidRequest("size_bytes is the zip's size, a number above 0.")
    if size_bytes > UPLOAD_MAX_BYTES:
        raise ContentTooLarge(f"The zip is too large: {UPLOAD_MAX_BYTES:,} bytes are taken.")


def _check_digest(sha256: str) -> None:
    """Check that a text can be a SHA-256."""
    if parse_sha256(sha256) is None:
        raise InvalidRequest("sha256 is a SHA-256 as 64 hexadecimal digits, in lower case.")


def _open_upload(user: User, upload_id: UUID) -> Upload:
    """Return an upload that still takes parts."""
    upload = get_upload(user=user, upload_id=upload_id)
    if not upload.parts_id:
        raise UploadIncomplete(
            "This upload is sent at once, to the address that POST /uploads answered. Announce it "
            'with "in_parts": true to send parts.'
        )
    if upload.state != UploadState.OPEN:
        raise UploadIncomplete(f"This upload takes no more parts: it is {upload.state}.")
    return upload


def _planned(upload: Upload, part: PartRequest) -> UploadPart:
    """Return a part with its place and size.

    Raises:
        InvalidRequest: there is no such part, or its digest is malformed.
    """
    if not 1 <= part.number <= upload.part_count:
        raise InvalidRequest(
            f"number is {part.number}; parts are numbered 1 to {upload.part_count}."
        )
    _check_digest(part.sha256)
    start = (part.number - 1) * upload.part_size_bytes
    size_bytes = min(upload.part_size_bytes, upload.size_bytes - start)
    return UploadPart(part.number, start, size_bytes, part.sha256)
