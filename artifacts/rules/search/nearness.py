"""How near two names are: by the runs of three characters that they share, as pg_trgm counts them.

Source: PostgreSQL's manual, pg_trgm, "Trigram (or Trigraph) Concepts".
"""

from __future__ import annotations

from collections.abc import Iterable

_LENGTH = 3
# Under this, two names have nothing in common that a person would see.
_NEARNESS_MIN = 0.2


def list_trigrams(text: str) -> list[str]:
    """Return the runs of three characters of each word, once each, in their order.

    Two blanks stand before a word and one behind it, so that its beginning weighs more.
    """
    words = "".join(each if each.isalnum() else " " for each in text.lower()).split()
    padded = [f"  {word} " for word in words]
    runs = (word[at : at + _LENGTH] for word in padded for at in range(len(word) - _LENGTH + 1))
    return list(dict.fromkeys(runs))


def choose_nearest(text: str, names: Iterable[str], most: int) -> list[str]:
    """Return the names that are nearest to a text, the nearest first, each once."""
    wanted = set(list_trigrams(text))
    found = [(_measure(wanted, name), name) for name in dict.fromkeys(names)]
    near = sorted((-nearness, name) for nearness, name in found if nearness >= _NEARNESS_MIN)
    return [name for _, name in near[:most]]


def _measure(wanted: set[str], name: str) -> float:
    """Return which part of all runs of both are shared, from 0 to 1."""
    own = set(list_trigrams(name))
    every = wanted | own
    return len(wanted & own) / len(every) if every else 0.0
