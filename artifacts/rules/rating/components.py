"""The things that a model is made from and with, as far as they are there, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from artifacts.rules.rating.citation import Citation

# A share from which on a thing counts as found.
_IN_FULL = 0.75
_LEADS = {"found": "Found", "named": "Only named or in part", "absent": "Not found",
          "not_asked": "Not asked for yet"}  # fmt: skip


@dataclass(frozen=True)
class Component:
    """One of the things that a model is made from or with.

    Attributes:
        share: how far it is there, from 0 (absent) to 1 (found).
        words: what was found, in a few words.
        is_to_be_asked: whether there is more to ask about it.
    """

    name: str
    share: float
    words: str = ""
    url: str = ""
    citations: tuple[Citation, ...] = ()
    is_to_be_asked: bool = False

    @property
    def state(self) -> str:
        """Whether it is found, only named (or there in part), absent, or not asked for."""
        if self.share:
            return "found" if self.share >= _IN_FULL else "named"
        return "not_asked" if self.is_to_be_asked else "absent"


def say_components(parts: Sequence[Component], *, is_read: bool) -> str:
    """Say what is found, only named, and not found, or not as far as the card was read."""
    sentences = []
    leads = _LEADS if is_read else _LEADS | {"absent": "Not found in what could be read"}
    for state, lead in leads.items():
        those = [each for each in parts if each.state == state]
        told = [f"{each.name} ({each.words})" if each.words else each.name for each in those]
        if told:
            sentences.append(f"{lead}: {', '.join(told)}.")
    return " ".join(sentences)
