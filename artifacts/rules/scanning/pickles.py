"""Pickles: which globals they load, and what they call.

A file may hold several, one behind the other, as PyTorch wrote them before it wrote zips. What a
pickle does before it breaks counts, since a loader has done it by then.

Source: `pickle_machine.py`; torch, `serialization._legacy_load`.
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import PICKLES_IN_A_FILE_MAX
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.pickle_machine import COMPUTED, HIDDEN, Machine
from artifacts.rules.scanning.pickle_opcodes import OPCODES
from artifacts.rules.scanning.pickle_stack import HANDED_ON, Told
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

# Dangers of which no global can be named, though letters had to be spelled for them.
_SPELLED = (COMPUTED, HANDED_ON, HIDDEN)


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
    told: dict[Told, None] = {}
    count = 0
    stopped: TooMuchToRead | None = None
    try:
        count = _follow(look.window, told, start)
    except TooMuchToRead as error:
        stopped = error
    if not is_sure and not count and not _has_sure_danger(told):
        # Text and numbers may begin like a pickle; none of them ends like one.
        told = {}
    for verdict, name, sentence in told:
        if is_sure or count or verdict == ScanVerdict.DANGEROUS:
            yield look.finding(scanner, verdict, sentence, name)
    if stopped is not None:
        raise stopped
    if is_sure and not count:
        yield look.finding(
            scanner,
            ScanVerdict.UNREADABLE,
            "It is a broken pickle, or none: it cannot be loaded. Replace the file.",
        )


def _follow(window: Window, told: dict[Told, None], start: int = 0) -> int:
    """Return how many pickles from a position on are whole.

    Args:
        told: what is found is added, also where following them costs too much.

    Raises:
        TooMuchToRead: it does.
    """
    window.seek(start)
    count = 0
    while not count or _goes_on(window):
        if count >= PICKLES_IN_A_FILE_MAX:
            raise TooMuchToRead("The file", f"it holds over {PICKLES_IN_A_FILE_MAX:,} pickles")
        machine = Machine(window, _follow_nested)
        try:
            machine.run()
        finally:
            if not count or machine.has_ended or _has_sure_danger(machine.found):
                told |= machine.found
        if not machine.has_ended:
            break
        count += 1
    return count


def _goes_on(window: Window) -> bool:
    """Whether another pickle may follow: what is loaded from here on, a loader may load, too."""
    here = window.tell()
    first = window.read(1)
    window.seek(here)
    return first in OPCODES


def _has_sure_danger(told: dict[Told, None]) -> bool:
    """Whether something dangerous was found that random numbers do not spell."""
    return any(
        verdict == ScanVerdict.DANGEROUS and (name or sentence in _SPELLED)
        for verdict, name, sentence in told
    )


def _follow_nested(window: Window) -> Iterator[Told]:
    """Yield what is told of a file of PyTorch in the bytes of a pickle."""
    told: dict[Told, None] = {}
    try:
        if window.read(4).startswith(b"PK"):
            _follow_members(window, told)
        else:
            _follow(window, told)
    except Cut:
        pass
    except TooMuchToRead as error:
        yield from told
        yield ScanVerdict.SUSPICIOUS, "", f"It was not looked into wholly. {error.message}"
        return
    yield from told


def _follow_members(window: Window, told: dict[Told, None]) -> None:
    """Follow the pickles in a zip of PyTorch."""
    from artifacts.rules.scanning.zips import list_members

    for count, (_, member) in enumerate(list_members(window)):
        if count >= PICKLES_IN_A_FILE_MAX:
            raise TooMuchToRead("The zip", f"it has over {PICKLES_IN_A_FILE_MAX:,} members")
        if isinstance(member, Window) and member.read(1) in OPCODES:
            found: dict[Told, None] = {}
            if _follow(member, found) or _has_sure_danger(found):
                told |= found
