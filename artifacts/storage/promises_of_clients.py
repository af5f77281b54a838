"""Testing how clients use presigned addresses: each function tests one of `promises.py`."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qs, urlsplit

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import S3_PART_MIN_BYTES
from artifacts.storage import content_types
from artifacts.storage.base import UploadPart, UploadTarget, has_object
from artifacts.storage.http_probe import Answer, send
from artifacts.storage.promise import ADDRESS_LIFETIME_S, Ground, require
from artifacts.storage.s3_checksums import CHECKSUM_HEADER, encode_checksum

_DATA, _OTHER = b"the announced bytes", b"some other bytes   "


def takes_uploads(ground: Ground) -> None:
    """The bucket stores the announced bytes."""
    key = ground.key("upload")
    answer = _sent(_target(ground, key), _DATA)
    require(answer.is_good, f"PUT of an upload was answered with {answer.status}")
    require(ground.store.read(key) == _DATA, "other bytes came back than were sent")


def compares_digests(ground: Ground) -> None:
    """It refuses other bytes of the same size, with the announced digest and with their own."""
    for header in ({}, {CHECKSUM_HEADER: _encoded(_OTHER)}):
        key = ground.key("swapped")
        answer = _sent(_target(ground, key), _OTHER, header)
        require(not answer.is_good, f"other bytes than announced got {answer.status}")
        require(not has_object(ground.store, key), "other bytes than announced were kept")


def takes_parts(ground: Ground) -> None:
    """It joins two parts into one object."""
    parts, key = ground.store.parts, ground.key("parts")
    pieces = (b"x" * S3_PART_MIN_BYTES, _DATA)
    upload_id = parts.begin(key)
    try:
        for number, piece in enumerate(pieces, 1):
            answer = _sent(_part_target(ground, key, upload_id, number, piece), piece)
            require(answer.is_good, f"PUT of a part was answered with {answer.status}")
        listed = [(part.number, part.size_bytes) for part in parts.list(key, upload_id)]
        expected = [(number, len(piece)) for number, piece in enumerate(pieces, 1)]
        require(listed == expected, "the parts that arrived are not listed")
        parts.join(key, upload_id, [hashlib.sha256(piece).hexdigest() for piece in pieces])
    finally:
        _abort(ground, key, upload_id)
    require(ground.store.read(key) == b"".join(pieces), "the parts were joined to other bytes")


def compares_parts(ground: Ground) -> None:
    """It refuses bytes other than announced for a part."""
    parts, key = ground.store.parts, ground.key("swapped-part")
    upload_id = parts.begin(key)
    try:
        for header in ({}, {CHECKSUM_HEADER: _encoded(_OTHER)}):
            answer = _sent(_part_target(ground, key, upload_id, 1, _DATA), _OTHER, header)
            require(not answer.is_good, f"other bytes for a part got {answer.status}")
        require(not parts.list(key, upload_id), "other bytes for a part were kept")
    finally:
        _abort(ground, key, upload_id)


def hands_out(ground: Ground) -> None:
    """It returns the object at a download address."""
    answer = send("GET", ground.download_address(ground.written(_DATA)))
    require(answer.is_good, f"GET of a download was answered with {answer.status}")
    require(answer.body == _DATA, "a download gave other bytes than were written")


def hands_out_ranges(ground: Ground) -> None:
    """It returns a range of the object, too."""
    address = ground.download_address(ground.written(_DATA))
    answer = send("GET", address, headers={"Range": "bytes=4-12"})
    partial = 206
    require(answer.status == partial, f"a range of a download was answered with {answer.status}")
    require(answer.body == _DATA[4:13], "a range of a download gave other bytes")


def answers_head(ground: Ground) -> None:
    """It tells the size at an address for HEAD."""
    answer = send("HEAD", ground.download_address(ground.written(_DATA), "HEAD"))
    require(answer.is_good, f"HEAD of a download was answered with {answer.status}")
    stated = answer.headers.get("content-length")
    require(stated == str(len(_DATA)), f"HEAD of a download stated {stated} bytes")


def names_files(ground: Ground) -> None:
    """It sends downloads with the name and type that the address states."""
    headers = send("GET", ground.download_address(ground.written(_DATA))).headers
    name, kind = headers.get("content-disposition", ""), headers.get("content-type", "")
    require(name.startswith("attachment") and "filename*=" in name, f"the name is {name[:60]!r}")
    require(kind == content_types.ZIP, f"the type is {kind[:60]!r}")


def stays_private(ground: Ground) -> None:
    """It returns no object without a signature, or with a wrong one."""
    address = ground.download_address(ground.written(_DATA))
    signature = parse_qs(urlsplit(address).query).get("X-Amz-Signature", ["none"])[0]
    forged = address.replace(signature, signature[::-1])
    for url, how in ((address.split("?")[0], "without a"), (forged, "with a forged")):
        answer = send("GET", url)
        require(_DATA not in answer.body, f"an object was handed out {how} signature")


def _target(ground: Ground, key: str) -> UploadTarget:
    """Announce the bytes as an upload."""
    digest = hashlib.sha256(_DATA).hexdigest()
    return ground.store.upload_target(
        key, size_bytes=len(_DATA), sha256=digest, expires_s=ADDRESS_LIFETIME_S
    )


def _part_target(
    ground: Ground, key: str, upload_id: str, number: int, piece: bytes
) -> UploadTarget:
    """Announce the bytes as a part."""
    digest = hashlib.sha256(piece).hexdigest()
    part = UploadPart(number, (number - 1) * S3_PART_MIN_BYTES, len(piece), digest)
    return ground.store.parts.target(key, upload_id, part, expires_s=ADDRESS_LIFETIME_S)


def _sent(target: UploadTarget, data: bytes, headers: dict[str, str] | None = None) -> Answer:
    """Send bytes to a target."""
    return send(target.method, target.url, data, {**target.headers, **(headers or {})})


def _abort(ground: Ground, key: str, upload_id: str) -> None:
    """Remove the parts; `remove_orphans` finds those that stay."""
    try:
        ground.store.parts.abort(key, upload_id)
    except StorageUnavailable:
        return


def _encoded(data: bytes) -> str:
    """Return the digest of bytes as S3 writes it."""
    return encode_checksum(hashlib.sha256(data).hexdigest())
