"""Files that are here, so that any of them can be opened: those of a zip, or of a commit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class Folder:
    """Files by their paths.

    Attributes:
        sizes: path -> bytes.
        opener: opens one of them for reading from its beginning.
    """

    sizes: dict[str, int]
    opener: Callable[[str], AbstractContextManager[IO[bytes]]]
