"""What a scanner says of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from artifacts.enums import ScanVerdict

# From the mildest to the gravest. What runs before a file breaks is worse than that it breaks.
_GRAVITY = {
    ScanVerdict.CLEAN: 0,
    ScanVerdict.ALLOWED: 1,
    ScanVerdict.UNREADABLE: 2,
    ScanVerdict.SUSPICIOUS: 3,
    ScanVerdict.DANGEROUS: 4,
}


@dataclass(frozen=True)
class ScanFinding:
    """One thing that a scanner found.

    Attributes:
        scanner: its name in the catalogue.
        sentence: what was found, for people; never a secret itself.
        name: the global that is loaded, such as `os.system`, which people may allow; "" for others.
        place: the member of an archive, "" for the file itself.
    """

    verdict: ScanVerdict
    scanner: str
    sentence: str
    name: str = ""
    place: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ScanFinding:
        """Return the finding that `as_data` made data of."""
        return cls(**(data | {"verdict": ScanVerdict(data["verdict"])}))


def worst(verdicts: Iterable[ScanVerdict]) -> ScanVerdict:
    """Return the gravest verdict; `clean` for none."""
    return max(verdicts, key=_GRAVITY.__getitem__, default=ScanVerdict.CLEAN)


def gravest_first(findings: Iterable[ScanFinding]) -> list[ScanFinding]:
    """Return findings, the gravest first, otherwise in their order."""
    return sorted(findings, key=lambda each: -_GRAVITY[each.verdict])
