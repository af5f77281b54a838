"""Signed paths through which clients download from and upload to the local store.

They correspond to S3's presigned URLs: whoever has a link may use it for one purpose, for a while.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.urls import get_script_prefix, reverse

from artifacts.exceptions import LinkExpired
from artifacts.storage.base import UploadPart

# The prefix of download paths.
DOWNLOADS_PATH = "/content/"
# The prefix of upload paths; each link states the length of the body.
UPLOADS_PATH = "/uploads/content/"
_DOWNLOAD_SALT = "artifacts.storage.links.download"
_UPLOAD_SALT = "artifacts.storage.links.upload"
_PART_SALT = "artifacts.storage.links.part"
_LFS_SALT = "artifacts.storage.links.lfs"


@dataclass(frozen=True)
class DownloadLink:
    """The content of a download path. `expires_at` is in seconds since 1970."""

    key: str
    filename: str
    content_type: str
    expires_at: int


@dataclass(frozen=True)
class UploadLink:
    """The content of an upload path: exactly these bytes, under this key."""

    key: str
    size_bytes: int
    sha256: str
    expires_at: int


@dataclass(frozen=True)
class PartLink:
    """The content of a part's path: exactly these bytes, at this offset of a begun object."""

    upload_id: str
    number: int
    start: int
    size_bytes: int
    sha256: str
    expires_at: int


def sign_download(key: str, filename: str, content_type: str, expires_s: int) -> str:
    """Return a path for downloading an object."""
    link = DownloadLink(key, filename, content_type, _ends_at(expires_s))
    # Not by `reverse`, which takes as long as signing: clients ask for a link before each file.
    prefix = get_script_prefix().rstrip("/")
    return f"{prefix}{DOWNLOADS_PATH}{signing.dumps(asdict(link), salt=_DOWNLOAD_SALT)}"


def sign_upload(key: str, size_bytes: int, sha256: str, expires_s: int) -> str:
    """Return a path for uploading an object."""
    link = UploadLink(key, size_bytes, sha256, _ends_at(expires_s))
    return reverse("upload-content", args=[signing.dumps(asdict(link), salt=_UPLOAD_SALT)])


def sign_part(upload_id: str, part: UploadPart, expires_s: int) -> str:
    """Return a path for uploading one part of an object."""
    link = PartLink(upload_id, **asdict(part), expires_at=_ends_at(expires_s))
    return reverse("upload-part-content", args=[signing.dumps(asdict(link), salt=_PART_SALT)])


def sign_lfs_object(object_id: object, purpose: str, expires_s: int) -> str:
    """Return a path for saying something of a large file that was sent: clients send no token.

    Args:
        purpose: `complete` or `verify`.
    """
    content = {"object_id": str(object_id), "expires_at": _ends_at(expires_s)}
    return reverse(f"hub-lfs-{purpose}", args=[signing.dumps(content, salt=_LFS_SALT + purpose)])


def read_lfs_object(token: str, purpose: str) -> str:
    """Return the id in such a path.

    Raises:
        LinkExpired: it has expired, or was not signed here for this purpose.
    """
    return str(_load(token, _LFS_SALT + purpose)["object_id"])


def read_download(token: str) -> DownloadLink:
    """Return the content of a download path.

    Raises:
        LinkExpired: it has expired, or was not signed here.
    """
    return DownloadLink(**_load(token, _DOWNLOAD_SALT))


def read_upload(token: str) -> UploadLink:
    """Return the content of an upload path.

    Raises:
        LinkExpired: it has expired, or was not signed here.
    """
    return UploadLink(**_load(token, _UPLOAD_SALT))


def read_part(token: str) -> PartLink:
    """Return the content of a part's path.

    Raises:
        LinkExpired: it has expired, or was not signed here.
    """
    return PartLink(**_load(token, _PART_SALT))


def _load(token: str, salt: str) -> dict[str, Any]:
    """Return the signed content of a token that has not expired."""
    try:
        content: dict[str, Any] = signing.loads(token, salt=salt)
    except signing.BadSignature as error:
        raise LinkExpired from error
    if content["expires_at"] < time.time():
        raise LinkExpired
    return content


def _ends_at(expires_s: int) -> int:
    """Return when a link signed now expires, in seconds since 1970."""
    return int(time.time()) + expires_s
