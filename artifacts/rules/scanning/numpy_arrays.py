"""Arrays of numpy: those of objects hold a pickle.

Source: numpy, `numpy.lib.format` (the NPY format).
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.limits import SCAN_START_BYTES
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.pickles import scan_pickle
from artifacts.rules.scanning.window import Cut

NAME = "numpy arrays"

_MAGIC = b"\x93NUMPY"
# As numpy writes the kind of objects. It reads other spellings, too: all have the letter, or an
# escape for it.
_OBJECT_KINDS = (b"'|O'", b"'O'", b'"|O"', b"'O8'", b"'|O8'", b"object")
_OTHER_SPELLINGS = (b"O", b"\\")


def fits(look: Look) -> bool:
    """Whether it begins like an array."""
    return look.start.startswith(_MAGIC)


def scan(look: Look) -> Iterator[ScanFinding]:
    """Follow the pickle in an array of objects."""
    window = look.window
    window.seek(len(_MAGIC))
    try:
        (major, _) = window.take(2)
        size = int.from_bytes(window.take(2 if major == 1 else 4), "little")
        # numpy itself refuses longer ones.
        header = window.take(min(size, SCAN_START_BYTES + 1))
    except Cut:
        header = b""
    if not header or len(header) > SCAN_START_BYTES:
        yield look.finding(
            NAME, ScanVerdict.UNREADABLE, "The header of the array is broken: it cannot be loaded."
        )
        return
    is_sure = any(kind in header for kind in _OBJECT_KINDS)
    if is_sure or any(each in header for each in _OTHER_SPELLINGS):
        yield from scan_pickle(look, NAME, window.tell(), is_sure=is_sure)
