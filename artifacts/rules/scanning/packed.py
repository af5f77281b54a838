"""Compressed files, such as joblib's, and tars."""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import SCAN_MEMBERS_MAX
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.unpacking import BROKEN, CLOSED_MAGICS, MAGICS, unpack
from artifacts.rules.scanning.window import Cut, Window

NAME = "packed files"

_ENDINGS = (".gz", ".bz2", ".xz", ".lzma", ".z", ".tgz")
_LOADED = (".pkl", ".pickle", ".joblib", ".jbl", ".pt", ".pth", ".bin", ".ckpt", ".dill")
_TAR_MAGIC_AT, _TAR_BLOCK_BYTES = 257, 512
_CHECKSUM = slice(148, 156)
# zlib begins with two bytes that numbers have as well.
_DOUBTFUL = ("zlib", "lzma")


def fits(look: Look) -> bool:
    """Whether it begins like a compressed stream or a tar."""
    return bool(_find_method(look) or _find_closed(look) or _is_tar(look))


def scan(look: Look) -> Iterator[ScanFinding]:
    """Scan what is packed."""
    closed = _find_closed(look)
    if closed:
        # joblib unpacks LZ4 where it is installed; no loader of models has the others.
        yield look.finding(
            NAME,
            ScanVerdict.SUSPICIOUS if closed == "LZ4" else ScanVerdict.UNREADABLE,
            f"It is packed with {closed}, which is not looked into. Unpack it before you trust it.",
        )
        return
    if _is_tar(look):
        for name, member in _list_tar(look.window):
            yield from look.inner(name, member)
        return
    method = _find_method(look)
    try:
        yield from look.inner(_inner_name(look), unpack(look.window, method))
    except (Cut, *BROKEN):
        if method not in _DOUBTFUL or look.is_named(".joblib", ".jbl"):
            yield look.finding(
                NAME, ScanVerdict.UNREADABLE, f"Its {method} stream is broken: it cannot be loaded."
            )


def _find_method(look: Look) -> str:
    """Return how a file is compressed, "" for not at all."""
    found = next((name for magic, name in MAGICS if look.start.startswith(magic)), "")
    if found in _DOUBTFUL and not look.is_named(*_LOADED, *_ENDINGS):
        return ""
    return found


def _find_closed(look: Look) -> str:
    """Return the compression of a file for loaders that nobody here can unpack, "" for none."""
    if not look.is_named(*_LOADED):
        return ""
    return next((name for magic, name in CLOSED_MAGICS if look.start.startswith(magic)), "")


def _inner_name(look: Look) -> str:
    """Return the name of what is packed."""
    stem, _, ending = look.path.rpartition("/")[2].rpartition(".")
    return stem if f".{ending.lower()}" in _ENDINGS else look.path.rpartition("/")[2]


def _is_tar(look: Look) -> bool:
    """Whether it is a tar, by the magic of POSIX and GNU, or by the checksum that all have.

    Tars of the seventh edition of Unix have no magic; PyTorch's first files were such.
    """
    header = look.start[:_TAR_BLOCK_BYTES]
    if header[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return True
    if len(header) < _TAR_BLOCK_BYTES or not header.strip(b"\0"):
        return False
    # The checksum's own place counts as blanks; some programs take bytes for signed.
    summed = header[: _CHECKSUM.start] + b" " * 8 + header[_CHECKSUM.stop :]
    total = sum(summed)
    try:
        told = _read_size(header[_CHECKSUM])
    except Cut:
        return False
    return told in (total, total - 256 * sum(byte > 127 for byte in summed))  # noqa: PLR2004


def _list_tar(window: Window) -> Iterator[tuple[str, Window]]:
    """Yield the name and the bytes of each file in a tar.

    Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar for sizes in base 256.
    """
    position = 0
    for _ in range(SCAN_MEMBERS_MAX):
        window.seek(position)
        header = window.read(_TAR_BLOCK_BYTES)
        if len(header) < _TAR_BLOCK_BYTES or not header.strip(b"\0"):
            return
        size = _read_size(header[124:136])
        start = position + _TAR_BLOCK_BYTES
        if header[156:157] in (b"0", b"\0", b"7"):
            yield header[:100].rstrip(b"\0").decode("utf-8", "replace"), window.part(start, size)
        position = start + -(-size // _TAR_BLOCK_BYTES) * _TAR_BLOCK_BYTES
    raise TooMuchToRead("The tar", f"it has over {SCAN_MEMBERS_MAX:,} members")


def _read_size(field: bytes) -> int:
    """Return a number in a tar's header, as Python's `tarfile` reads it.

    Raises:
        Cut: it is none.
    """
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    try:
        number = int(field.partition(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        raise Cut from None
    if number < 0:
        raise Cut
    return number
