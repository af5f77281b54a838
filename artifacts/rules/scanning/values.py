"""What the pickle machine knows of the values on its stack: as much as a verdict needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class _Any:
    """A value of which nothing is known."""

    def __repr__(self) -> str:
        """Show it."""
        return "ANY"


ANY = _Any()


@dataclass(frozen=True)
class Span:
    """Bytes, by where they stand."""

    start: int
    size: int


@dataclass(frozen=True)
class Global:
    """A function or class that was loaded."""

    module: str
    name: str

    @property
    def whole(self) -> str:
        """Its full name."""
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class Made:
    """What a call made.

    Attributes:
        state: what `BUILD` gave it, where it is a dictionary with few entries.
    """

    by: Global
    args: tuple[Any, ...] = ()
    state: Any = None


@dataclass(eq=False)
class Dictionary:
    """A dictionary whose first entries are kept."""

    entries: dict[str, Any] = field(default_factory=dict)
