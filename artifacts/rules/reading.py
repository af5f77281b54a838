"""How far something that a source may hold was read: "absent" is one answer of five.

A falsehood such as "states no license" about a card that nobody could parse is worse than an
unknown, so the difference is kept from the source to the reason in the rating.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from artifacts.enums import Word
from artifacts.rules.values import read_text


class ReadState(Word):
    """How far a card, a license file, a configuration or a list was read."""

    READ = "read"
    # The source answered that there is none, under any of its usual names.
    ABSENT = "absent"
    # It is there, but what it holds cannot be understood, or is too much to read.
    UNREADABLE = "unreadable"
    # It is there, but nobody opened it: it is too large, closed, or of no known form.
    NOT_OPENED = "not_opened"
    # No request was left for it, or its source did not answer; a later try may.
    NOT_ASKED = "not_asked"


# What is read of a repository besides its list of files: the README's text, its front matter (the
# card as data), the model's configuration, a license file, results, and the headers of weights.
Readable = Literal["readme", "card", "config", "license_file", "results", "weights"]


@dataclass(frozen=True)
class Reading:
    """How far one of them was read.

    Attributes:
        path: the file, "" for none.
        reason: why it was not read, as a sentence; "" where it was read.
    """

    state: ReadState
    path: str = ""
    reason: str = ""

    @property
    def is_known(self) -> bool:
        """Whether what it says is known; an absent one says nothing, which is known."""
        return self.state in (ReadState.READ, ReadState.ABSENT)

    def as_data(self) -> dict[str, str]:
        """Return it as JSON data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return the reading in such data; a state that is no word of the list is `NOT_ASKED`."""
        state = ReadState.find_word(read_text(data.get("state"))) or ReadState.NOT_ASKED
        return cls(state, read_text(data.get("path")), read_text(data.get("reason")))


ABSENT = Reading(ReadState.ABSENT)


def keep_readings(readings: Mapping[Readable, Reading]) -> dict[str, Any]:
    """Return the entry for a revision's facts that says how far each was read."""
    return {"readings": {name: reading.as_data() for name, reading in readings.items()}}


def find_unread(readings: Mapping[Readable, Reading], names: Iterable[Readable]) -> list[Reading]:
    """Return the readings of some of them whose content is not known."""
    return [readings[name] for name in names if name in readings and not readings[name].is_known]


def read_readings(facts: Mapping[str, Any]) -> dict[Readable, Reading]:
    """Return how far card, configuration and so on were read.

    Facts of earlier versions have errors only; of the rest, nobody knows any more.
    """
    kept = facts.get("readings")
    data = kept if isinstance(kept, dict) else {}
    readings: dict[Readable, Reading] = {
        name: Reading.from_data(data[name])
        for name in get_args(Readable)
        if isinstance(data.get(name), dict)
    }
    errors: dict[Readable, object] = {
        "card": facts.get("card_error"),
        "config": facts.get("config_error"),
        "weights": facts.get("weights_unread"),
    }
    for name, error in errors.items():
        if reason := read_text(error):
            readings.setdefault(name, Reading(ReadState.UNREADABLE, reason=reason))
    return readings
