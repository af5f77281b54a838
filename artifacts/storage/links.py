"""Signed paths under which the local store hands out and takes in bytes.

What S3 does with presigned URLs: whoever has the link may use it, for a while, for that one thing.
"""

from __future__ import annotations

import time
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from django.core import signing
from django.urls import reverse

from artifacts.exceptions import LinkExpired
from artifacts.storage.base import UploadPart

# Below it clients fetch what is kept.
DOWNLOADS_PATH = "/content/"
# Below it clients send files; each link says how long its body is.
UPLOADS_PATH = "/uploads/content/"
_DOWNLOAD_SALT = "artifacts.storage.links.download"
_UPLOAD_SALT = "artifacts.storage.links.upload"
_PART_SALT = "artifacts.storage.links.part"


@dataclass(frozen=True)
class DownloadLink:
    """What a download path stands for. `expires_at` is in seconds since 1970."""

    key: str
    filename: str
    content_type: str
    expires_at: int


@dataclass(frozen=True)
class UploadLink:
    """What an upload path stands for: exactly these bytes, under this key."""

    key: str
    size_bytes: int
    sha256: str
    expires_at: int


@dataclass(frozen=True)
class PartLink:
    """What the path of a part stands for: exactly these bytes, at this place of a begun object."""

    upload_id: str
    number: int
    start: int
    size_bytes: int
    sha256: str
    expires_at: int


def sign_download(key: str, filename: str, content_type: str, expires_s: int) -> str:
    """Return a path that hands out an object."""
    link = DownloadLink(key, filename, content_type, _ends_at(expires_s))
    return reverse("content", args=[signing.dumps(asdict(link), salt=_DOWNLOAD_SALT)])


def sign_upload(key: str, size_bytes: int, sha256: str, expires_s: int) -> str:
    """Return a path that takes an object in."""
    link = UploadLink(key, size_bytes, sha256, _ends_at(expires_s))
    return reverse("upload-content", args=[signing.dumps(asdict(link), salt=_UPLOAD_SALT)])


def sign_part(upload_id: str, part: UploadPart, expires_s: int) -> str:
    """Return a path that takes one part of an object in."""
    link = PartLink(upload_id, **asdict(part), expires_at=_ends_at(expires_s))
    return reverse("upload-part-content", args=[signing.dumps(asdict(link), salt=_PART_SALT)])


def read_download(token: str) -> DownloadLink:
    """Return what a download path stands for.

    Raises:
        LinkExpired: its time is over, or it was not signed here.
    """
    return DownloadLink(**_load(token, _DOWNLOAD_SALT))


def read_upload(token: str) -> UploadLink:
    """Return what an upload path stands for.

    Raises:
        LinkExpired: its time is over, or it was not signed here.
    """
    return UploadLink(**_load(token, _UPLOAD_SALT))


def read_part(token: str) -> PartLink:
    """Return what the path of a part stands for.

    Raises:
        LinkExpired: its time is over, or it was not signed here.
    """
    return PartLink(**_load(token, _PART_SALT))


def disposition(filename: str) -> str:
    """Return the Content-Disposition of a download.

    Source: RFC 6266 section 4.3 and appendix D: a plain name for old programs first, then the real
    one, which wins.
    """
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in plain)
    if plain == filename:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _load(token: str, salt: str) -> dict[str, Any]:
    """Return the signed content of a token whose time is not over."""
    try:
        content: dict[str, Any] = signing.loads(token, salt=salt)
    except signing.BadSignature as error:
        raise LinkExpired from error
    if content["expires_at"] < time.time():
        raise LinkExpired
    return content


def _ends_at(expires_s: int) -> int:
    """Return when a link signed now ends, in seconds since 1970."""
    return int(time.time()) + expires_s
