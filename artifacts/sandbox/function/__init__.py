"""The function that runs programs of sensitive models on AWS Lambda: its code and its version."""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import cache
from pathlib import Path

from artifacts.sandbox.wall import build_wall

HERE = Path(__file__).parent
# What the program's `fetch` is, in the function and on servers of one's own.
FETCH = HERE / "fetch.cjs"
_SOURCES = ("handler.mjs", "courier.mjs", FETCH.name)
HANDLER = "handler.handler"
RUNTIME = "nodejs24.x"
ARCHITECTURE = "x86_64"
# The oldest date that a zip can hold; with one date, the same code is the same zip.
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE, _RUNNABLE = 0o100444, 0o100555
_DIGITS = 16


def build_code() -> bytes:
    """Return the zip that Lambda is given: the handler with what it uses, and the wall."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, (content, mode) in _files().items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = mode << 16
            archive.writestr(entry, content)
    return packed.getvalue()


@cache
def code_version() -> str:
    """Return the name of this code, an alias of the function that leads to it.

    A release asks for its own code by this name. So the release that a rollback brings back finds
    the code that it was tested with.
    """
    told = hashlib.sha256()
    for name, (content, mode) in _files().items():
        told.update(f"{name} {mode} {len(content)}\n".encode() + content)
    return f"code-{told.hexdigest()[:_DIGITS]}"


def _files() -> dict[str, tuple[bytes, int]]:
    """Return the content and mode of each file."""
    sources = {name: ((HERE / name).read_bytes(), _READABLE) for name in _SOURCES}
    return {**sources, "wall": (build_wall(), _RUNNABLE)}
