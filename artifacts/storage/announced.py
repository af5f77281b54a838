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
        """Their digest; "" if it is not known before."""
        ...


class _Writes(Protocol):
    """Takes chunks."""

    def write(self, chunk: bytes, /) -> object:
        """Take a chunk."""
        ...


def write_exactly(
    target: _Writes, announced: _Announced, chunks: Iterable[bytes], what: Literal["file", "part"]
) -> str:
    """Write the announced bytes and return their SHA-256; callers keep none before this returns.

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
    actual = sha256.hexdigest()
    if received != announced.size_bytes or announced.sha256 not in ("", actual):
        raise InvalidRequest(
            f"{received} bytes with the SHA-256 {actual} arrived, but {announced.size_bytes} "
            f"with {announced.sha256 or 'any'} were announced. Send the {what} again."
        )
    return actual
