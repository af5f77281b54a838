"""Pickles: which globals they load, and what they call.

A file may hold several, one behind the other, as PyTorch wrote them before it wrote zips. What a
pickle does before it breaks counts, since a loader has done it by then.

Source: `pickle_machine.py`; torch, `serialization._legacy_load`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from artifacts.enums import ScanVerdict
from artifacts.limits import PICKLES_IN_A_FILE_MAX
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.pickle_machine import Machine
from artifacts.rules.scanning.pickle_opcodes import OPCODES
from artifacts.rules.scanning.pickle_stack import Told
from artifacts.rules.scanning.unpacking import CLOSED_MAGICS, MAGICS
from artifacts.rules.scanning.window import Cut, Window

NAME = "pickles"

# Files that are pickles or nothing.
_SURE = (
    ".pkl",
    ".pickle",
    ".pck",
    ".pcl",
    ".dill",
    ".joblib",
    ".jbl",
    ".pt",
    ".pth",
)
# Opcode PROTO with the protocols that have it.
_STARTS = tuple(b"\x80" + bytes([protocol]) for protocol in range(2, 6))
# Other formats that such files have, though a pickle could begin like most of them.
_OTHERS = (
    b"PK",
    b"\x93NUMPY",
    b"GGUF",
    b"lmgg",
    b"tjgg",
    b"fmgg",
    b"\x89HDF",
    *(magic for magic, _ in MAGICS),
    *(magic for magic, _ in CLOSED_MAGICS),
)


def fits(look: Look) -> bool:
    """Whether it could be a pickle: any name will do for a loader."""
    return look.start[:1] in OPCODES or (
        look.is_named(*_SURE) and not look.start.startswith(_OTHERS)
    )


def scan(look: Look) -> Iterator[ScanFinding]:
    """Follow all pickles of a file."""
    is_named = look.is_named(*_SURE) and not look.start.startswith(_OTHERS)
    # The length at the start of safetensors may look like a protocol.
    is_safetensors = look.start[4:9] == b"\0\0\0\0{"
    is_sure = is_named or (look.start.startswith(_STARTS) and not is_safetensors)
    yield from scan_pickle(look, NAME, 0, is_sure=is_sure)


def scan_pickle(
    look: Look, scanner: str, start: int, *, is_sure: bool = True
) -> Iterator[ScanFinding]:
    """Follow the pickles that begin somewhere in a file.

    Args:
        is_sure: whether a loader would take it for a pickle.
    """
    told, count = _follow(look.window, start)
    dangers = [each for each in told if each[0] == ScanVerdict.DANGEROUS]
    if not is_sure and not count:
        # Text and numbers may begin like a pickle; none of them ends like one.
        told = dangers if any(name for _, name, _ in dangers) else []
    for verdict, name, sentence in told:
        yield look.finding(scanner, verdict, sentence, name)
    if is_sure and not count:
        yield look.finding(
            scanner,
            ScanVerdict.UNREADABLE,
            "It is a broken pickle, or none: it cannot be loaded. Replace the file.",
        )


def _follow(window: Window, start: int = 0) -> tuple[list[Told], int]:
    """Return what is told of the pickles from a position on, and how many of them are whole."""
    window.seek(start)
    told: dict[Told, None] = {}
    count = 0
    while count < PICKLES_IN_A_FILE_MAX and (not count or _goes_on(window)):
        machine = Machine(window, _follow_nested)
        machine.run()
        if not count or machine.has_ended or _has_named_danger(machine):
            told |= machine.found
        if not machine.has_ended:
            break
        count += 1
    return list(told), count


def _goes_on(window: Window) -> bool:
    """Whether another pickle may follow: what is loaded from here on, a loader may load, too."""
    here = window.tell()
    first = window.read(1)
    window.seek(here)
    return first in OPCODES


def _has_named_danger(machine: Machine) -> bool:
    """Whether something dangerous was found that random numbers do not spell."""
    return any(verdict == ScanVerdict.DANGEROUS and name for verdict, name, _ in machine.found)


def _follow_nested(window: Window) -> Iterator[Told]:
    """Yield what is told of a file of PyTorch in the bytes of a pickle."""
    try:
        start = window.read(4)
        if start.startswith(b"PK"):
            from artifacts.rules.scanning.zips import list_members

            for _, member in islice(list_members(window), PICKLES_IN_A_FILE_MAX):
                if isinstance(member, Window) and member.read(2).startswith(_STARTS):
                    yield from _follow(member)[0]
            return
        yield from _follow(window)[0]
    except Cut:
        return
