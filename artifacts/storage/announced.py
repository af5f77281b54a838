"""Receiving bytes that a client announced, when they are sent to this site."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal, Protocol

from artifacts.exceptions import ContentTooLarge, InvalidRequest


class _Announced(Protocol):
    """States which bytes will arrive, as a signed link does."""

    @property
    def size_bytes(self) -> int:
        """The number of bytes."""
        ...

    @property
    def sha256(self) -> str:
        """Their digest."""
        ...


class _Writes(Protocol):
    """Takes chunks."""

    def write(self, chunk: bytes, /) -> object:
        """Take a chunk."""
        ...


def write_exactly(
    target: _Writes, announced: _Announced, chunks: Iterable[bytes], what: Literal["file", "part"]
) -> None:
    """Write the announced bytes; callers must keep none of them before this returns.

    Args:
        what: the client's name for the bytes.

    Raises:
        ContentTooLarge: more bytes arrive than announced.
        InvalidRequest: fewer or other bytes arrive.
    """
    sha256 = hashlib.sha256()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > announced.size_bytes:
            raise ContentTooLarge(f"More than the announced {announced.size_bytes} bytes arrive.")
        sha256.update(chunk)
        target.write(chunk)
    if received != announced.size_bytes or sha256.hexdigest() != announced.sha256:
        raise InvalidRequest(
            f"{received} bytes with the SHA-256 {sha256.hexdigest()} arrived, but "
            f"{announced.size_bytes} with {announced.sha256} were announced. Send the {what} again."
        )
