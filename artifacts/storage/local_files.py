"""Translating the file system's errors, and working in folders that may vanish."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from artifacts.exceptions import ObjectMissing, StorageFull, StorageUnavailable

_FOLDER_ATTEMPTS = 5

T = TypeVar("T")


def made(path: Path, action: Callable[[], T]) -> T:
    """Run an action that needs a path's folder, making the folder as often as necessary.

    Another process may remove the empty folder between our making and our using it.
    """
    for _ in range(_FOLDER_ATTEMPTS):
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            return action()
    return action()


@contextmanager
def translated(key: str, *, is_writing: bool = False) -> Iterator[None]:
    """Turn errors of the file system into the registry's."""
    try:
        yield
    except OSError as error:
        raise translate(error, key, is_writing=is_writing) from error


def translate(
    error: OSError, key: str, *, is_writing: bool = False
) -> ObjectMissing | StorageUnavailable:
    """Return the registry's error for an error of the file system."""
    missing = (FileNotFoundError, NotADirectoryError, IsADirectoryError)
    # An object that is being written cannot be missing; then the folder is at fault.
    if isinstance(error, missing) and not is_writing:
        return ObjectMissing(key)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageFull(
            "There is no room left where the registry keeps its files. Make room, and try again."
        )
    return StorageUnavailable(
        f"The folder where the registry keeps its files does not answer ({error.strerror}). "
        "Try again later."
    )
