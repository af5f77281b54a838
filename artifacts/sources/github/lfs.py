"""Fetching what the Git LFS pointers of a repository stand for.

Source: Git LFS documentation, "Batch API" (docs/api/batch.md) and "Basic Transfer API".
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from artifacts.exceptions import SourceRefused, TooMuchToRead, Unreadable
from artifacts.limits import (
    DEFERRED_SNAPSHOT_DEADLINE_S,
    LFS_BATCH_OBJECTS,
    LFS_HEADERS_MAX,
    SMALL_CONTENT_MAX_BYTES,
)
from artifacts.rules.digest import Algorithm, Digest, hash_git_blob
from artifacts.rules.documents import read_json
from artifacts.rules.lfs import Pointer, parse_pointer
from artifacts.rules.values import read_list, read_text
from artifacts.sources.base import SourceFile
from artifacts.sources.http import Client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.transfers import stream

logger = logging.getLogger(__name__)

_MEDIA_TYPE = "application/vnd.git-lfs+json"


@dataclass(frozen=True)
class FoundPointer:
    """A file that is a pointer.

    Attributes:
        content: the pointer's own bytes.
    """

    file: SourceFile
    content: bytes
    pointer: Pointer


def read_pointer(file: SourceFile, chunks: Iterator[bytes]) -> FoundPointer | Iterator[bytes]:
    """Return the pointer that a small file is, or else its bytes."""
    content = b"".join(chunks)
    git = hash_git_blob(len(content))
    git.update(content)
    # Bytes that are not those of the listing are for the caller to refuse.
    is_listed = file.digest == str(Digest(Algorithm.GIT, git.hexdigest()))
    pointer = parse_pointer(content) if is_listed else None
    return iter([content]) if pointer is None else FoundPointer(file, content, pointer)


def fetch_objects(
    repository: str, pointers: Sequence[FoundPointer], others_bytes: int
) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
    """Yield each file with what its pointer stands for, or with the pointer if that is not given.

    Args:
        others_bytes: the size of the repository's other files.

    Raises:
        SourceUnavailable: GitHub does not answer now.
    """
    left_bytes = _count_most_bytes() - others_bytes
    for start in range(0, len(pointers), LFS_BATCH_OBJECTS):
        batch = pointers[start : start + LFS_BATCH_OBJECTS]
        downloads = _ask_downloads(repository, [each.pointer for each in batch])
        for each in batch:
            pointer, download = each.pointer, downloads.get(each.pointer.sha256)
            # One object that is too large does not lose the other files.
            fits = pointer.size_bytes <= left_bytes
            chunks = _open_object(pointer, download) if download and fits else None
            if chunks is None:
                logger.info("lfs.not_given", extra={"repository": repository, "fits": fits})
                yield each.file, iter([each.content])
                continue
            left_bytes -= pointer.size_bytes
            yield (
                replace(each.file, size_bytes=pointer.size_bytes, digest=pointer.digest),
                chunks,
            )


def _count_most_bytes() -> int:
    """Return how many bytes of objects may be kept."""
    most_bytes = int(settings.REGISTRY_CONTENT_MAX_BYTES)
    is_small = settings.REGISTRY_MIRROR == "small"
    return min(SMALL_CONTENT_MAX_BYTES, most_bytes) if is_small else most_bytes


def _ask_downloads(repository: str, pointers: Sequence[Pointer]) -> dict[str, Mapping[str, Any]]:
    """Return the download that GitHub offers for each object, by its SHA-256.

    The token is not sent: it is for the API, and LFS takes another form of credentials.
    """
    question = {
        "operation": "download",
        "transfers": ["basic"],
        "hash_algo": "sha256",
        "objects": [{"oid": each.sha256, "size": each.size_bytes} for each in pointers],
    }
    client = Client(settings.GITHUB_WEB_URL, headers={"Content-Type": _MEDIA_TYPE})
    try:
        answer = client.get(
            f"/{quote(repository)}.git/info/lfs/objects/batch",
            inquiry=Inquiry(DEFERRED_SNAPSHOT_DEADLINE_S),
            accept=_MEDIA_TYPE,
            method="POST",
            content=json.dumps(question).encode(),
        )
        data = read_json(answer.body, "The answer about Git LFS")
    except (SourceRefused, Unreadable, TooMuchToRead) as error:
        # No LFS there, its quota is spent, or a page for people: the pointers are all there is.
        logger.info("lfs.refused", extra={"repository": repository, "reason": error.message})
        return {}
    objects = read_list(data.get("objects")) if isinstance(data, dict) else []
    return {
        read_text(each.get("oid")): each["actions"]["download"]
        for each in objects
        if isinstance(each, dict) and _offers_download(each)
    }


def _offers_download(listed: Mapping[str, Any]) -> bool:
    """Whether an object of the answer comes with an address."""
    actions = listed.get("actions")
    download = actions.get("download") if isinstance(actions, dict) else None
    return isinstance(download, dict) and isinstance(download.get("href"), str)


def _open_object(pointer: Pointer, download: Mapping[str, Any]) -> Iterator[bytes] | None:
    """Return the bytes of an object, None if its address is refused.

    The caller compares size and digest.
    """
    stated = download.get("header")
    headers = {
        name: value
        for name, value in list(stated.items() if isinstance(stated, dict) else ())
        if isinstance(value, str) and name.lower() != "host"
    }
    if len(headers) > LFS_HEADERS_MAX:
        return None
    address = download["href"]
    try:
        parts = urlsplit(address)
        client = Client(f"{parts.scheme}://{parts.netloc}", headers=headers)
        chunks = stream(client, address, size_bytes=pointer.size_bytes)
        # The first bytes tell whether the storage gives the object.
        return chain([next(chunks, b"")], chunks)
    except (SourceRefused, ValueError) as error:
        logger.info("lfs.object_refused", extra={"reason": str(error)})
        return None
