"""What a card says of a model or a data set in a few words: task, library, languages, papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from artifacts.limits import CARD_FACTS_SHOWN_MAX
from artifacts.rules.cards import spell_keys
from artifacts.rules.patterns import Pattern
from artifacts.rules.values import read_strings, read_tags, read_text

# The Hub makes such a tag of each paper that a card links to.
_PAPER_TAG = Pattern(r"arxiv:(\d{4}\.\d{4,5})")


@dataclass(frozen=True)
class CardFacts:
    """What a card says; "" or () for what it does not.

    Attributes:
        languages: as the card has them, mostly codes.
        papers: numbers at arXiv.
        languages_left_out, papers_left_out: how many more there are.
    """

    task: str = ""
    library: str = ""
    languages: tuple[str, ...] = ()
    languages_left_out: int = 0
    papers: tuple[str, ...] = ()
    papers_left_out: int = 0


def read_card_facts(card: object, facts: object) -> CardFacts:
    """Return what a card and its source say; a value of the wrong kind counts as nothing.

    Args:
        card: the front matter.
        facts: what the source knows besides.
    """
    written = spell_keys(card) if isinstance(card, Mapping) else {}
    known: Mapping[str, Any] = facts if isinstance(facts, Mapping) else {}
    tags = (*read_tags(known), *read_tags(written))
    papers = [found[1] for each in tags if (found := _PAPER_TAG.fullmatch(each))]
    languages, languages_left_out = _take_first(read_strings(written.get("language")))
    papers_shown, papers_left_out = _take_first(papers)
    return CardFacts(
        task=read_text(known.get("pipeline_tag")) or read_text(written.get("pipeline_tag")),
        library=read_text(known.get("library_name")) or read_text(written.get("library_name")),
        languages=languages,
        languages_left_out=languages_left_out,
        papers=papers_shown,
        papers_left_out=papers_left_out,
    )


def _take_first(values: list[str]) -> tuple[tuple[str, ...], int]:
    """Return the first different values, and how many more there are."""
    different = list(dict.fromkeys(each for each in values if each))
    shown = different[:CARD_FACTS_SHOWN_MAX]
    return tuple(shown), len(different) - len(shown)
