"""What a scanner gets to see of one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import SCAN_DEPTH_MAX
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.window import Window


@dataclass(frozen=True)
class Look:
    """One file, or a member of an archive.

    Attributes:
        path: in the artifact, or in the archive.
        window: its bytes.
        start: the first of them.
        place: the member's path through archives, "" for a file of the artifact.
        depth: in how many archives it lies.
        look_into: runs all scanners on another look.
    """

    path: str
    window: Window
    start: bytes
    place: str
    depth: int
    look_into: Callable[[Look], Iterator[ScanFinding]]

    @property
    def name(self) -> str:
        """The file's name in lower case, without its folders."""
        return self.path.rpartition("/")[2].lower()

    def is_named(self, *endings: str) -> bool:
        """Whether the file has one of these endings, such as `.pt`."""
        return self.name.endswith(endings)

    def finding(
        self, scanner: str, verdict: ScanVerdict, sentence: str, name: str = ""
    ) -> ScanFinding:
        """Return a finding in this file."""
        return ScanFinding(verdict, scanner, sentence, name, self.place)

    def inner(self, path: str, window: Window) -> Iterator[ScanFinding]:
        """Scan something that is packed in this file.

        Raises:
            TooMuchToRead: archives lie in archives too deep.
        """
        if self.depth >= SCAN_DEPTH_MAX:
            raise TooMuchToRead("The file", f"archives lie in it {SCAN_DEPTH_MAX} levels deep")
        place = f"{self.place}/{path}" if self.place else path
        yield from self.look_into(
            replace(self, path=path, window=window, place=place, depth=self.depth + 1)
        )


class Scanner(Protocol):
    """One scanner; each module of this room that is one has these three."""

    NAME: str

    def fits(self, look: Look) -> bool:
        """Whether this scanner has something to say of a file."""
        ...

    def scan(self, look: Look) -> Iterator[ScanFinding]:
        """Yield what it finds."""
        ...
