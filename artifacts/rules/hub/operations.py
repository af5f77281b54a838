"""The body of a commit: lines of JSON, the first about the commit, each other one about a file.

Source: huggingface_hub 2.4.0 (`_prepare_commit_payload`) and @huggingface/hub 2.17.5 (`commit`).
Lines of a key that is not known here are refused: a commit of which a part is left out would not be
what its author wanted.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from artifacts.exceptions import ArchiveRefused, ContentTooLarge, InvalidRequest
from artifacts.limits import (
    COMMIT_OPERATIONS_MAX,
    COMMIT_SUMMARY_MAX_CHARS,
    LISTED_SIZE_MAX_BYTES,
)
from artifacts.rules.archives.paths import check_member_path
from artifacts.rules.budget import judging
from artifacts.rules.digest import Sha256, parse_sha256
from artifacts.rules.documents import read_strict_json

_WHAT = "The commit"
_GIT_FOLDER = ".git"
_FORM = "A commit is lines of JSON, each with a key and a value, as the Hub's clients send them."


@dataclass(frozen=True)
class AddRegular:
    """A file whose bytes are in the commit."""

    path: str
    content: bytes


@dataclass(frozen=True)
class AddLarge:
    """A file whose bytes were sent before, or are in the repository."""

    path: str
    sha256: Sha256
    size_bytes: int


@dataclass(frozen=True)
class Delete:
    """A file, or a folder with all that is in it, that is left out from now on."""

    path: str
    is_folder: bool


Operation = AddRegular | AddLarge | Delete


@dataclass(frozen=True)
class Commit:
    """What a client wants to change.

    Attributes:
        summary: its message, cut to what pages show.
        parent: the commit that must be the current one; "" for any.
        operations: in the client's order, which counts.
    """

    summary: str
    parent: str
    operations: tuple[Operation, ...]


def read_commit(body: bytes) -> Commit:
    """Return a commit.

    Raises:
        InvalidRequest: it has another form, or a path that no file may have.
        ContentTooLarge: it has too many lines.
        TooMuchToRead: reading it costs too much.
    """
    if body.count(b"\n") > COMMIT_OPERATIONS_MAX + 1:
        raise ContentTooLarge(
            f"A commit changes at most {COMMIT_OPERATIONS_MAX:,} files. Make several commits, as "
            "`upload_large_folder` does."
        )
    header: dict[str, Any] | None = None
    operations: list[Operation] = []
    with judging() as budget:
        for key, value in budget.each(_lines(body), _WHAT):
            if key == "header":
                if header is not None:
                    raise InvalidRequest(f"The commit has two headers. {_FORM}")
                header = value
            else:
                operations.append(_read_operation(key, value))
    if header is None:
        raise InvalidRequest(f"The commit's header is missing. {_FORM}")
    parent = header.get("parentCommit") or ""
    if not isinstance(parent, str):
        # To pass over it would make the commit on top of whatever is there.
        raise InvalidRequest("The commit's parentCommit is no text.")
    return Commit(
        summary=str(header.get("summary") or "").strip()[:COMMIT_SUMMARY_MAX_CHARS],
        parent=parent,
        operations=tuple(operations),
    )


def check_path(path: object) -> str:
    """Return the path of a file in a repository.

    Raises:
        InvalidRequest: no file may have it.
    """
    if not isinstance(path, str):
        raise InvalidRequest(f"A path is missing. {_FORM}")
    try:
        check_member_path(path)
    except ArchiveRefused as error:
        raise InvalidRequest(error.message) from error
    if _GIT_FOLDER in path.lower().split("/"):
        # Where somebody downloads it into a clone, git would run its hooks.
        raise InvalidRequest(f"The path {path[:100]!r} leads into a folder of git. Leave it out.")
    return path


def _lines(body: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield key and value of each line."""
    for line in body.split(b"\n"):
        if not line.strip():
            continue
        data = read_strict_json(line, "A line of the commit")
        key, value = (
            (data.get("key"), data.get("value")) if isinstance(data, dict) else (None, None)
        )
        if not isinstance(key, str) or not isinstance(value, dict):
            raise InvalidRequest(f"A line has another form. {_FORM}")
        yield key, value


def _read_operation(key: str, value: dict[str, Any]) -> Operation:
    """Return what a line says."""
    path = value.get("path")
    if key == "deletedFolder" and isinstance(path, str):
        # Clients write folders with a slash behind.
        return Delete(check_path(path.removesuffix("/")), is_folder=True)
    path = check_path(path)
    if key == "file":
        return AddRegular(path, _decoded(path, value))
    if key == "lfsFile":
        return _read_large(path, value)
    if key == "deletedFile":
        return Delete(path, is_folder=False)
    raise InvalidRequest(f"This registry knows no lines {key[:50]!r} in a commit.")


def _read_large(path: str, value: dict[str, Any]) -> AddLarge:
    """Return a file that is named by its digest."""
    sha256, size_bytes = parse_sha256(str(value.get("oid"))), value.get("size")
    if value.get("algo") != "sha256" or sha256 is None:
        raise InvalidRequest(f"{path[:100]!r} has no SHA-256 as its oid.")
    if type(size_bytes) is not int or not 0 <= size_bytes <= LISTED_SIZE_MAX_BYTES:
        raise InvalidRequest(f"{path[:100]!r} has no size.")
    return AddLarge(path, sha256, size_bytes)


def _decoded(path: str, value: dict[str, Any]) -> bytes:
    """Return the bytes of a file that is in the commit."""
    content = value.get("content")
    if not isinstance(content, str):
        raise InvalidRequest(f"{path[:100]!r} has no content.")
    if value.get("encoding", "utf-8") != "base64":
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest(f"The content of {path[:100]!r} is no base64.") from error
