"""Scanning one file with all scanners, within a budget of CPU time and little memory."""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import (
    SCAN_FILE_CPU_S,
    SCAN_FINDINGS_MAX,
    SCAN_START_BYTES,
    SCAN_UNPACKED_MAX_BYTES,
)
from artifacts.rules.budget import Budget
from artifacts.rules.scanning.catalogue import SCANNERS
from artifacts.rules.scanning.findings import ScanFinding, gravest_first
from artifacts.rules.scanning.look import Look, Scanner
from artifacts.rules.scanning.unpacking import BROKEN
from artifacts.rules.scanning.window import Cut, Window

logger = logging.getLogger(__name__)

_WHAT = "The file"
_SAID_CUT = (
    f"More than {SCAN_FINDINGS_MAX} things are found in it, of which the gravest are named: look "
    "at the file itself."
)


def scan_file(
    path: str, file: BinaryIO, size_bytes: int, check: Callable[[], None] = lambda: None
) -> tuple[ScanFinding, ...]:
    """Return what is found in a file, the gravest first; () for nothing.

    A file that costs too much to read to its end is suspicious, since loaders do not give up.

    Args:
        file: read in pieces, and moved in.
        check: called now and then; what it raises ends the scan.
    """
    budget = Budget(SCAN_FILE_CPU_S, is_final=True)
    passed = 0

    def tick(count: int) -> None:
        nonlocal passed
        passed += count
        budget.spend(_WHAT)
        check()
        if passed > size_bytes * 4 + SCAN_UNPACKED_MAX_BYTES:
            raise TooMuchToRead(_WHAT, "it unpacks to much more than it is large")

    def look_into(look: Look) -> Iterator[ScanFinding]:
        look.window.seek(0)
        start = look.window.read(SCAN_START_BYTES)
        begun = Look(look.path, look.window, start, look.place, look.depth, look_into)
        for scanner in SCANNERS:
            yield from _contained(scanner, begun)

    found: dict[ScanFinding, None] = {}
    is_cut = False
    window = Window(file, tick, size=size_bytes)
    for finding in look_into(Look(path, window, b"", "", 0, look_into)):
        found[finding] = None
        if len(found) > SCAN_FINDINGS_MAX:
            is_cut = True
            del found[gravest_first(found)[-1]]
    if is_cut:
        kept = gravest_first(found)[: SCAN_FINDINGS_MAX - 1]
        return tuple(gravest_first([*kept, ScanFinding(ScanVerdict.SUSPICIOUS, "all", _SAID_CUT)]))
    return tuple(gravest_first(found))


def _contained(scanner: Scanner, look: Look) -> Iterator[ScanFinding]:
    """Yield a scanner's findings, and what keeps it from going on."""
    try:
        if scanner.fits(look):
            yield from scanner.scan(look)
    except TooMuchToRead as error:
        sentence = f"It was not looked into wholly. {error.message}"
        yield look.finding(scanner.NAME, ScanVerdict.SUSPICIOUS, sentence)
    except (Cut, struct.error, *BROKEN):
        yield look.finding(
            scanner.NAME,
            ScanVerdict.UNREADABLE,
            "It breaks off or is damaged: it cannot be loaded.",
        )
