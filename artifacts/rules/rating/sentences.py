"""Taking a text apart into its sentences, and names into their letters."""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.rules.patterns import Pattern

_END = Pattern(r"[.!?](\s+)|(\n+)")
_LETTERS = Pattern(r"[a-z0-9]+")
_ABBREVIATIONS = ("al", "e.g", "i.e", "cf", "vs", "approx", "fig", "no", "incl")


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; a full stop after an abbreviation ends none."""
    begins_at = 0
    for end in _END.finditer(text):
        ends_at = max(end.start(1), end.start(2))
        if text[max(begins_at, ends_at - 8) : ends_at - 1].lower().endswith(_ABBREVIATIONS):
            continue
        yield text[begins_at:ends_at]
        begins_at = end.end()
    yield text[begins_at:]


def join_letters(name: str) -> str:
    """Keep only letters and digits, so that `FashionBot` and `fashion-bot` are the same name."""
    return "".join(_LETTERS.findall(name.lower()))
