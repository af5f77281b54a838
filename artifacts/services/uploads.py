"""Announcing a zip that a client will send straight to the bucket."""

from __future__ import annotations

import re

from artifacts.exceptions import ArchiveRefused, ContentTooLarge, InvalidRequest
from artifacts.limits import UPLOAD_LINK_LIFETIME_S, UPLOAD_MAX_BYTES
from artifacts.models import Upload, User
from artifacts.rules.archives.paths import check_member_path
from artifacts.storage.base import UploadTarget
from artifacts.storage.keys import upload_key
from artifacts.storage.store import get_store

_FILENAME_MAX_CHARS = 255


def begin_upload(
    *, user: User, filename: str, size_bytes: int, sha256: str
) -> tuple[Upload, UploadTarget]:
    """Announce a zip; the answer says where to send it, and under which URL to register it.

    Raises:
        InvalidRequest: name, size or digest are malformed.
        ContentTooLarge: it is larger than uploads may be.
    """
    try:
        check_member_path(filename)
    except ArchiveRefused as error:
        raise InvalidRequest(error.message) from error
    if "/" in filename or not filename.endswith(".zip") or len(filename) > _FILENAME_MAX_CHARS:
        raise InvalidRequest("filename is the name of a zip, as in my-model.zip.")
    if re.fullmatch("[0-9a-f]{64}", sha256) is None:
        raise InvalidRequest("sha256 is the zip's SHA-256 as 64 hexadecimal digits, in lower case.")
    if size_bytes <= 0:
        raise InvalidRequest("size_bytes is the zip's size, a number above 0.")
    if size_bytes > UPLOAD_MAX_BYTES:
        raise ContentTooLarge(f"The zip is too large: {UPLOAD_MAX_BYTES:,} bytes are taken.")
    target = get_store().upload_target(
        upload_key(sha256),
        size_bytes=size_bytes,
        sha256=sha256,
        expires_s=UPLOAD_LINK_LIFETIME_S,
    )
    upload = Upload.objects.create(
        user=user, filename=filename, size_bytes=size_bytes, sha256=sha256
    )
    return upload, target
